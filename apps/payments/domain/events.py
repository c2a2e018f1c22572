"""What happens in payments: past tense, ids and P0 data only."""

from dataclasses import dataclass
from uuid import UUID

from apps.kernel.domain.events import DomainEvent


@dataclass(frozen=True, kw_only=True)
class PaymentEvent(DomainEvent):
    """Something that happened to a payment; amounts are kopecks."""

    payment_id: UUID
    appointment_id: UUID
    client_id: UUID
    amount_minor: int
    currency: str


@dataclass(frozen=True, kw_only=True)
class PaymentSucceeded(PaymentEvent):
    """The money has arrived; ``taken``: the appointment took it, else it is given back by itself."""

    taken: bool


@dataclass(frozen=True, kw_only=True)
class PaymentFailed(PaymentEvent):
    """Nothing was paid; ``category`` is canceled, timeout, provider_error, insufficient_funds or unknown."""

    category: str


@dataclass(frozen=True, kw_only=True)
class RefundRequested(PaymentEvent):
    """Decided, not carried out yet; the amount is the refund's."""

    refund_id: UUID


@dataclass(frozen=True, kw_only=True)
class RefundSucceeded(PaymentEvent):
    """The money is on its way back; the amount is the refund's."""

    refund_id: UUID


@dataclass(frozen=True, kw_only=True)
class RefundFailed(PaymentEvent):
    """The provider refused; the amount is the refund's."""

    refund_id: UUID
