"""What use cases hand out: plain frozen data."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self
from uuid import UUID

from apps.kernel.domain.money import Money
from apps.payments.domain.payment import Payment, PaymentKind, PaymentStatus


@dataclass(frozen=True, kw_only=True)
class PaymentView:
    """A payment as its client sees it. ``failure`` is a category, "" where there is none; ``started`` says
    that this very call has begun it."""

    id: UUID
    appointment_id: UUID
    kind: PaymentKind
    status: PaymentStatus
    amount: Money
    refunded: Money
    confirmation_url: str
    failure: str
    created_at: datetime
    settled_at: datetime | None
    started: bool = False

    @classmethod
    def of(cls, payment: Payment) -> Self:
        return cls(
            id=payment.id,
            appointment_id=payment.appointment_id,
            kind=payment.kind,
            status=payment.status,
            amount=payment.amount,
            refunded=payment.refunded,
            confirmation_url=payment.confirmation_url if payment.is_open else "",
            failure=payment.failure.value if payment.failure else "",
            created_at=payment.created_at,
            settled_at=payment.settled_at,
        )
