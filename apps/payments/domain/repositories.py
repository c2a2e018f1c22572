"""What payments asks of its storage."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol
from uuid import UUID

from apps.kernel.domain.money import Money
from apps.kernel.domain.period import Period
from apps.payments.domain.alert import AlertKind
from apps.payments.domain.ledger import LedgerEntry
from apps.payments.domain.payment import Payment, PaymentKind
from apps.payments.domain.receipt import Receipt


class PaymentRepository(Protocol):
    def get(self, payment_id: UUID) -> Payment:
        """The payment with its refunds, locked until the transaction ends. Raises PaymentNotFound."""
        ...

    def exists(self, payment_id: UUID) -> bool: ...

    def of_refund(self, refund_id: UUID) -> Payment:
        """The payment that a refund belongs to, locked. Raises RefundNotFound."""
        ...

    def by_provider_id(self, provider_id: str) -> UUID | None:
        """The id of the payment that the provider knows by this name."""
        ...

    def by_provider_refund_id(self, provider_id: str) -> UUID | None:
        """The id of the refund that the provider knows by this name."""
        ...

    def open_of(self, appointment_id: UUID, kind: PaymentKind, amount: Money) -> Payment | None:
        """The open payment of this kind and amount, locked; there is at most one."""
        ...

    def of_appointment(self, appointment_id: UUID) -> list[Payment]:
        """All payments of the appointment, the oldest first, locked."""
        ...

    def add(self, payment: Payment) -> bool:
        """False where such an open payment (appointment, kind, amount) exists; then nothing is written."""
        ...

    def save(self, payment: Payment) -> None: ...

    def unsettled(self, *, before: datetime, limit: int) -> list[UUID]:
        """Open payments created before an instant, the oldest first."""
        ...

    def unsettled_refunds(self, *, before: datetime, limit: int) -> list[UUID]:
        """Refunds that wait for the provider, requested before an instant, the oldest first."""
        ...

    def unregistered(self, *, before: datetime, limit: int) -> list[UUID]:
        """Succeeded payments, created before an instant, whose advance receipt is not registered yet."""
        ...

    def created_in(self, period: Period) -> list[Payment]:
        """Payments created in the period, not locked."""
        ...


class LedgerRepository(Protocol):
    def enter(self, entry: LedgerEntry) -> bool:
        """Write the movement; False where it stands there already."""
        ...

    def of_appointment(self, appointment_id: UUID) -> list[LedgerEntry]:
        """The movements of the appointment, the oldest first; writers of more wait until the transaction
        ends."""
        ...


class ReceiptRepository(Protocol):
    def get(self, receipt_id: UUID) -> Receipt:
        """Locked until the transaction ends. Raises ReceiptNotFound."""
        ...

    def of_payment(self, payment_id: UUID) -> list[Receipt]: ...

    def add(self, receipt: Receipt) -> bool:
        """False where the payment has a receipt of this kind already."""
        ...

    def save(self, receipt: Receipt) -> None: ...


class AlertBook(Protocol):
    def note(
        self,
        *,
        kind: AlertKind,
        reference: str,
        at: datetime,
        payment_id: UUID | None = None,
        details: Mapping[str, object] | None = None,
    ) -> None:
        """Write an alert; one that is open about the same ``reference`` is counted up. P0 details only."""
        ...

    def settle(self, alert_id: int, *, by: UUID | None, at: datetime) -> bool:
        """False where it was settled before. Raises AlertNotFound."""
        ...
