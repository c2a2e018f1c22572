"""What workers do between an event and the mailbox, in the test's own process."""

from apps.messaging.presentation.tasks import DELIVER_TASK
from tests.jobs import work_off

EVENTS = "kernel.deliver_event"


def post_letters() -> None:
    """Hand out the events that wait, then deliver what is due."""
    work_off(EVENTS)
    work_off(DELIVER_TASK)
