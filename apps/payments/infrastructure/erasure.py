"""What goes from payments when a client is erased, what stays, and what stands against it."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import Q, Sum

from apps.booking import facade as booking
from apps.kernel.application.personal_data import Kept, Obstacle
from apps.kernel.domain.errors import gettext_noop
from apps.payments.domain.ledger import EntryKind
from apps.payments.domain.payment import OPEN, PaymentStatus
from apps.payments.domain.receipt import ReceiptStatus
from apps.payments.domain.refund import RefundStatus
from apps.payments.infrastructure.models import LedgerEntry, Payment, Receipt, Refund

PAYING = Obstacle(
    code="payment_in_flight",
    message=gettext_noop("A payment of yours is on its way. Wait until it has ended, or cancel it."),
)
REFUNDING = Obstacle(
    code="refund_in_flight",
    message=gettext_noop("Money is being given back to you. Wait until it has been sent."),
)
RECEIPT = Obstacle(
    code="receipt_in_flight",
    message=gettext_noop("A receipt for you is being registered. This takes a few minutes, as a rule."),
)
KEPT_PAYMENTS = gettext_noop("Payments, refunds and receipts, under a number instead of your name")
GROUND_OF_PAYMENTS = gettext_noop(
    "Documents of accounting and taxes: the law 402-FZ, art. 29, and the Tax Code, art. 23(1)(8)"
)
YEARS_OF_PAYMENTS = 5
_UNSETTLED = (RefundStatus.REQUESTED, RefundStatus.PENDING)


def obstacles(person_id: UUID, at: datetime) -> list[Obstacle]:
    payments = Payment.objects.filter(client=person_id)
    found = []
    if payments.filter(status__in=sorted(OPEN)).exists():
        found.append(PAYING)
    if _refund_is_due(person_id, at):
        found.append(REFUNDING)
    if Receipt.objects.filter(payment__client=person_id, status=ReceiptStatus.PENDING).exists():
        found.append(RECEIPT)
    return found


def erase_payments(person_id: UUID, at: datetime) -> Mapping[str, int]:
    """Addresses of pages go; what was paid and given back stays, as the law demands."""
    rows = Payment.objects.filter(client=person_id).exclude(return_url="", confirmation_url="")
    return {"payment_links": rows.update(return_url="", confirmation_url="")}


def kept_payments(person_id: UUID) -> list[Kept]:
    count = Payment.objects.filter(client=person_id).count()
    return [
        Kept(what=KEPT_PAYMENTS, ground=GROUND_OF_PAYMENTS, years=YEARS_OF_PAYMENTS, count=count),
    ]


def _refund_is_due(person_id: UUID, at: datetime) -> bool:
    """Whether a refund is under way, or decided by a cancellation and not even begun."""
    if Refund.objects.filter(payment__client=person_id, status__in=_UNSETTLED).exists():
        return True
    paid = Payment.objects.filter(client=person_id, status=PaymentStatus.SUCCEEDED)
    for appointment_id in set(paid.values_list("appointment_id", flat=True)):
        appointment = booking.appointment(appointment_id, at=at)
        if appointment is not None and _given_back(appointment_id) < appointment.refund.minor:
            return True
    return False


def _given_back(appointment_id: UUID) -> int:
    entries = LedgerEntry.objects.filter(
        Q(kind=EntryKind.REFUND) | Q(kind=EntryKind.OUTSIDE_REFUND), appointment_id=appointment_id
    )
    return int(entries.aggregate(sum=Sum("amount_minor"))["sum"] or 0)
