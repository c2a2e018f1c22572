"""The queue, as far as messaging asks for it."""

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

DELIVER_TASK = "messaging.deliver_due"
QUEUE = "mail"


class QueuedDelivery:
    """DeliveryJobs (port): one waiting job is enough, because it sends everything that is due."""

    def wake(self) -> None:
        job = app.configure_task(DELIVER_TASK, queue=QUEUE, queueing_lock=DELIVER_TASK)
        try:
            with transaction.atomic():  # a refusal breaks the innermost transaction only
                job.defer(timestamp=0)
        except AlreadyEnqueued:
            pass
