"""Money that moves outside the provider: cash, transfers."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.kernel.application.ports import UnitOfWork
from apps.kernel.domain.actor import Actor
from apps.kernel.domain.clock import Clock
from apps.kernel.domain.errors import StaleVersion
from apps.kernel.domain.ids import NewId
from apps.kernel.domain.money import Money
from apps.payments.application.ports import Appointments, AuditLog
from apps.payments.domain.ledger import EntryKind, LedgerEntry, OutsideRefundAboveRest, balance
from apps.payments.domain.refund import RefundAmountInvalid, RefundReason
from apps.payments.domain.repositories import LedgerRepository


@dataclass(frozen=True)
class EnterOutsidePayment:
    """Booking recorded money from outside: it stands in the ledger too. Idempotent by the event's id."""

    unit_of_work: UnitOfWork
    ledger: LedgerRepository

    def __call__(self, *, event_id: UUID, appointment_id: UUID, amount: Money, at: datetime) -> bool:
        with self.unit_of_work():
            return self.ledger.enter(
                LedgerEntry(
                    appointment_id=appointment_id,
                    kind=EntryKind.OUTSIDE_PAYMENT,
                    source_id=event_id,
                    amount=amount,
                    at=at,
                )
            )


@dataclass(frozen=True)
class RecordOutsideRefund:
    """The specialist gave back by hand what had come outside the system."""

    unit_of_work: UnitOfWork
    appointments: Appointments
    ledger: LedgerRepository
    audit: AuditLog
    clock: Clock
    new_id: NewId

    def __call__(
        self,
        *,
        actor: Actor,
        appointment_id: UUID,
        amount: Money,
        reason: RefundReason,
        rest_seen: Money | None = None,
    ) -> None:
        """``rest_seen`` is what the person saw as still kept: where that has changed (pressed twice),
        StaleVersion. Raises AppointmentNotFound, RefundAmountInvalid, OutsideRefundAboveRest."""
        now = self.clock.now()
        if amount.minor <= 0:
            raise RefundAmountInvalid(field="amount")
        self.appointments.get(appointment_id, at=now)
        with self.unit_of_work():
            entries = self.ledger.of_appointment(appointment_id)
            rest = balance(entries, currency=amount.currency).kept_outside
            if rest_seen not in (None, rest):
                raise StaleVersion
            if amount > rest:
                raise OutsideRefundAboveRest(field="amount", rest=str(rest.amount))
            self.ledger.enter(
                LedgerEntry(
                    appointment_id=appointment_id,
                    kind=EntryKind.OUTSIDE_REFUND,
                    source_id=self.new_id(),
                    amount=amount,
                    at=now,
                )
            )
            self.audit.record(
                actor=actor,
                action="outside_refund_recorded",
                entity="appointment",
                entity_id=str(appointment_id),
                at=now,
                changes={"amount": (None, str(amount.amount)), "reason": (None, reason.value)},
            )
