"""What neighbours may call: plain data in, plain frozen data out."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.kernel.domain.money import Money
from apps.payments.infrastructure.models import Payment, Refund
from apps.payments.infrastructure.pay_links import pay_link

__all__ = ["PaymentInfo", "RefundInfo", "pay_link", "payment", "refund"]


@dataclass(frozen=True, kw_only=True)
class PaymentInfo:
    """``status`` and ``kind`` are payments' own words; ``not_taken`` says why money was given back."""

    id: UUID
    appointment_id: UUID
    client_id: UUID
    kind: str
    status: str
    amount: Money
    not_taken: str
    settled_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class RefundInfo:
    id: UUID
    payment_id: UUID
    appointment_id: UUID
    client_id: UUID
    status: str
    reason: str
    amount: Money


def payment(payment_id: UUID) -> PaymentInfo | None:
    """One query."""
    row = Payment.objects.filter(id=payment_id).first()
    if row is None:
        return None
    return PaymentInfo(
        id=row.id,
        appointment_id=row.appointment_id,
        client_id=row.client_id,
        kind=row.kind,
        status=row.status,
        amount=Money(row.amount_minor, row.currency),
        not_taken=row.not_taken,
        settled_at=row.settled_at,
    )


def refund(refund_id: UUID) -> RefundInfo | None:
    """One query."""
    row = Refund.objects.select_related("payment").filter(id=refund_id).first()
    if row is None:
        return None
    return RefundInfo(
        id=row.id,
        payment_id=row.payment_id,
        appointment_id=row.payment.appointment_id,
        client_id=row.payment.client_id,
        status=row.status,
        reason=row.reason,
        amount=Money(row.amount_minor, row.payment.currency),
    )
