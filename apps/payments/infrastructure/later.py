"""Work of payments that is left to the queue."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

SETTLE_PAYMENT = "payments.settle_payment"
HEED_NOTIFICATION = "payments.heed_notification"
ANSWER_TIME = timedelta(seconds=30)
"""The call that stored a wish to pay finishes it itself; if it dies, the queue does after this time."""


def finish_intent_later(payment_id: UUID) -> None:
    """In the current transaction: see to a stored wish to pay even if this process dies now."""
    app.configure_task(
        SETTLE_PAYMENT,
        queue="payments",
        schedule_in={"seconds": int(ANSWER_TIME.total_seconds())},
    ).defer(payment_id=str(payment_id))


def heed_notification_later(notification_id: int, *, object_id: str) -> None:
    """In the current transaction; notifications about one object are looked at one after another."""
    app.configure_task(HEED_NOTIFICATION, queue="payments", lock=f"payments/{object_id}", priority=10).defer(
        notification_id=notification_id
    )


def settle_soon(payment_id: UUID) -> None:
    """Ask the provider about a payment as soon as a worker is free; once, however often this is wished."""
    soon = app.configure_task(
        SETTLE_PAYMENT, queue="payments", priority=10, queueing_lock=f"{SETTLE_PAYMENT}/{payment_id}"
    )
    try:
        with transaction.atomic():  # a refusal breaks the innermost transaction only
            soon.defer(payment_id=str(payment_id))
    except AlreadyEnqueued:
        return
