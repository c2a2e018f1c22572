"""What always holds of money, whatever happened: read from the tables, compared with the provider."""

from collections import defaultdict
from datetime import timedelta
from itertools import combinations
from uuid import UUID

from apps.booking.infrastructure.models import Appointment, TimelineEntry
from apps.payments.infrastructure import models
from tests.payments.fakes import FakeProvider

MINUTE = timedelta(minutes=1)
LIVE = {"requested", "pending_payment", "confirmed"}


def assert_books_are_balanced() -> None:
    """Holds after every single step."""
    ledger: dict[tuple[UUID, str], int] = defaultdict(int)
    for id_, kind, amount in models.LedgerEntry.objects.values_list("appointment_id", "kind", "amount_minor"):
        ledger[id_, kind] += amount
    arrived: dict[UUID, int] = defaultdict(int)
    credited: dict[UUID, int] = defaultdict(int)
    given: dict[UUID, int] = defaultdict(int)
    for payment in models.Payment.objects.prefetch_related("refunds"):
        refunds = list(payment.refunds.all())
        counted = sum(each.amount_minor for each in refunds if each.status != "failed")
        assert counted <= (payment.amount_minor if payment.status == "succeeded" else 0)
        if payment.status == "succeeded":
            arrived[payment.appointment_id] += payment.amount_minor
            if not payment.not_taken:
                credited[payment.appointment_id] += payment.amount_minor
        given[payment.appointment_id] += sum(
            each.amount_minor for each in refunds if each.status == "succeeded"
        )
    outside: dict[UUID, int] = defaultdict(int)
    recorded = TimelineEntry.objects.filter(event="OutsidePaymentRecorded")
    for id_, data in recorded.values_list("appointment_id", "data"):
        outside[id_] += data["amount_minor"]
    for row in Appointment.objects.all():
        assert ledger[row.id, "payment"] == arrived[row.id]
        assert ledger[row.id, "refund"] == given[row.id] <= arrived[row.id]
        assert ledger[row.id, "outside_payment"] <= outside[row.id]
        assert ledger[row.id, "outside_refund"] <= ledger[row.id, "outside_payment"]
        assert row.paid_minor == credited[row.id] + outside[row.id] <= row.terms["price_minor"]
        if row.status in {"confirmed", "completed", "no_show"}:
            due = row.terms["deposit_minor"] or row.terms["price_minor"]
            assert row.paid_minor >= due
    active = [
        (
            row.specialist_id,
            row.start - row.buffer_before_minutes * MINUTE,
            row.end + row.buffer_after_minutes * MINUTE,
        )
        for row in Appointment.objects.filter(status__in=LIVE)
    ]
    for one, other in combinations(active, 2):
        assert one[0] != other[0] or one[2] <= other[1] or other[2] <= one[1]


def assert_both_sides_agree(provider: FakeProvider) -> None:
    """Holds once everything that was under way has come to its end."""
    ours = {row.provider_id: row for row in models.Payment.objects.exclude(provider_id=None)}
    for found in provider.payments.values():
        row = ours.get(found.id)
        if row is None:  # given up before its answer came: nobody could pay it
            assert found.status.value in {"pending", "canceled"}
            continue
        ended = row.status if row.status != "failed" else "canceled"
        assert ended == found.status.value or (ended == "canceled" and found.status.value == "pending")
        assert found.amount.minor == row.amount_minor
        back = [each.amount_minor for each in row.refunds.all() if each.status == "succeeded"]
        assert found.refunded.minor == sum(back) <= row.amount_minor
        if row.not_taken and not row.refunds.filter(status="failed").exists():
            assert sum(back) == row.amount_minor
    known = set(models.Refund.objects.values_list("provider_id", flat=True))
    assert {each.id for each in provider.refunds.values()} <= known
    assert not models.Refund.objects.filter(status__in=["requested", "pending"]).exists()
    for row in Appointment.objects.filter(status="canceled"):
        arrived = models.Payment.objects.filter(appointment_id=row.id, status="succeeded", not_taken="")
        back = sum(
            each.amount_minor
            for payment in arrived
            for each in payment.refunds.all()
            if each.status == "succeeded"
        )
        kept_by_provider = sum(payment.amount_minor for payment in arrived)
        given_outside = sum(
            models.LedgerEntry.objects.filter(appointment_id=row.id, kind="outside_refund").values_list(
                "amount_minor", flat=True
            )
        )
        refused = models.Refund.objects.filter(payment__appointment_id=row.id, status="failed")
        if not refused.exists():  # what the provider refused is left to a person
            assert back >= min(row.refund_minor - given_outside, kept_by_provider)
