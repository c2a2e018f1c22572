"""Jobs of messaging. Their arguments hold no ids of people, no addresses and no texts."""

from apps.kernel.infrastructure.jobs import job
from apps.messaging import wiring
from apps.messaging.infrastructure.jobs import DELIVER_TASK, QUEUE


@job(name=DELIVER_TASK, queue=QUEUE, cron="* * * * * */10")
def deliver_due(timestamp: int) -> None:
    """Send what is due: asked for when something is, and every 10 s for what waits for its time."""
    wiring.deliver_due()()
