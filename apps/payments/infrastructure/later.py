"""Work of payments that is left to the queue."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

SETTLE_PAYMENT = "payments.settle_payment"
HEED_NOTIFICATION = "payments.heed_notification"
COMPARE_DAYS = "payments.compare_days"
MOST_PARTS = 40
"""A comparison of a year is forty jobs: progress can be seen, and a failing one repeats only its days."""
ANSWER_TIME = timedelta(seconds=30)
"""The call that stored a wish to pay finishes it itself; if it dies, the queue does after this time."""


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """A comparison of whole days with the provider that runs in ``parts`` jobs."""

    run: UUID
    parts: int


def compare_later(first: date, last: date) -> Comparison:
    """Compare each day of the practice's clock from ``first`` to ``last``, in at most MOST_PARTS jobs, one
    after another."""
    days = (last - first).days + 1
    length = -(-days // MOST_PARTS)
    run = uuid4()
    starts = range(0, days, length)
    with transaction.atomic():
        for start in starts:
            begin = first + timedelta(days=start)
            end = min(begin + timedelta(days=length), last + timedelta(days=1))
            app.configure_task(COMPARE_DAYS, queue="upkeep", lock=COMPARE_DAYS).defer(
                start=_midnight(begin).isoformat(), end=_midnight(end).isoformat(), run=str(run)
            )
    return Comparison(run=run, parts=len(starts))


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


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
