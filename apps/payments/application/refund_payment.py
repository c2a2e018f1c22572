"""Deciding to give money back."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.kernel.application.ports import EventBus, UnitOfWork
from apps.kernel.domain.actor import Actor
from apps.kernel.domain.clock import Clock
from apps.kernel.domain.errors import StaleVersion
from apps.kernel.domain.ids import NewId
from apps.kernel.domain.money import Money
from apps.payments.application.ports import AuditLog
from apps.payments.domain.ledger import EntryKind
from apps.payments.domain.payment import PaymentStatus
from apps.payments.domain.refund import RefundReason
from apps.payments.domain.repositories import LedgerRepository, PaymentRepository


@dataclass(frozen=True)
class RefundPayment:
    """The specialist gives back by hand, whole or a part."""

    unit_of_work: UnitOfWork
    payments: PaymentRepository
    audit: AuditLog
    events: EventBus
    clock: Clock
    new_id: NewId

    def __call__(
        self,
        *,
        actor: Actor,
        payment_id: UUID,
        amount: Money,
        reason: RefundReason,
        rest_seen: Money | None = None,
    ) -> UUID:
        """Returns the refund's id. ``rest_seen`` is what the person saw as still refundable: where that has
        changed (pressed twice), StaleVersion.
        Raises PaymentNotFound, RefundNotPossible, RefundAboveRest, RefundAmountInvalid."""
        now = self.clock.now()
        with self.unit_of_work():
            payment = self.payments.get(payment_id)
            if rest_seen not in (None, payment.refundable):
                raise StaleVersion
            refund = payment.request_refund(
                amount=amount, reason=reason, requested_by=actor.user_id, new_id=self.new_id, now=now
            )
            self.payments.save(payment)
            self.audit.record(
                actor=actor,
                action="refund_requested",
                entity="payment",
                entity_id=str(payment_id),
                at=now,
                changes={"amount": (None, str(amount.amount)), "reason": (None, reason.value)},
            )
            self.events.publish(payment.pull_events())
        return refund.id


@dataclass(frozen=True)
class RefundCanceledAppointment:
    """A canceled appointment gives back what its rule says, from the latest payment on."""

    unit_of_work: UnitOfWork
    payments: PaymentRepository
    ledger: LedgerRepository
    events: EventBus
    new_id: NewId

    def __call__(self, *, appointment_id: UUID, amount: Money, at: datetime) -> Money:
        """Request refunds until ``amount`` is on its way back, what went back before included, outside too;
        returns what of it did not come through the provider and is to be given back outside. Idempotent."""
        with self.unit_of_work():
            payments = [
                each
                for each in self.payments.of_appointment(appointment_id)
                if each.status is PaymentStatus.SUCCEEDED and not each.not_taken
            ]
            left = amount
            for entry in self.ledger.of_appointment(appointment_id):
                if entry.kind is EntryKind.OUTSIDE_REFUND:
                    left -= entry.amount
            for payment in payments:
                left -= payment.amount - payment.refundable
            for payment in reversed(payments):
                part = min(left, payment.refundable)
                if part.minor <= 0:
                    continue
                payment.request_refund(
                    amount=part,
                    reason=RefundReason.RULE,
                    requested_by=None,
                    new_id=self.new_id,
                    now=at,
                )
                left -= part
                self.payments.save(payment)
                self.events.publish(payment.pull_events())
        return max(left, Money.zero(amount.currency))
