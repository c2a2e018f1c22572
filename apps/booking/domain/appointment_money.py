"""The money of an appointment: what is due, what came outside the system and what the provider brought."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.booking.domain import events
from apps.booking.domain.appointment_state import AppointmentState
from apps.booking.domain.lifecycle import (
    AppointmentStatus,
    PaymentNotTaken,
)
from apps.booking.domain.outside_payment import PaymentAmountOutOfRange, PaymentMethod
from apps.kernel.domain.ids import NewId
from apps.kernel.domain.money import Money

_S = AppointmentStatus


@dataclass(kw_only=True, eq=False)
class PaidAppointment(AppointmentState):
    """An appointment as far as its money goes; ``Appointment`` adds its time and its outcome."""

    @property
    def amount_due(self) -> Money:
        """What is left to pay: until confirmed, what confirms it (the deposit where there is one)."""
        if self.status in {_S.REQUESTED, _S.PENDING_PAYMENT}:
            return self.terms.due_to_confirm
        if self.status in {_S.CONFIRMED, _S.COMPLETED}:
            return self.terms.price - self.paid
        return Money.zero(self.paid.currency)

    def record_outside_payment(
        self, *, amount: Money, method: PaymentMethod, new_id: NewId, now: datetime
    ) -> None:
        """Money came outside the system: at least what confirms the appointment, together never above the
        price. Raises TransitionNotAllowed, HoldExpired, PaymentAmountOutOfRange."""
        self._ensure(self.status in {_S.PENDING_PAYMENT, _S.CONFIRMED, _S.COMPLETED}, _S.CONFIRMED)
        self._ensure_waiting(now)
        waiting = self.status is _S.PENDING_PAYMENT
        least = self.terms.due_to_confirm if waiting else Money(1, self.paid.currency)
        most = self.terms.price - self.paid
        if not least <= amount <= most:
            raise PaymentAmountOutOfRange(field="amount", least=str(least.amount), most=str(most.amount))
        self.paid += amount
        self._happened(
            events.OutsidePaymentRecorded,
            new_id,
            now,
            amount_minor=amount.minor,
            currency=amount.currency,
            method=method.value,
        )
        if waiting:
            self._move(_S.CONFIRMED)
            self.hold_expires_at = None
            self._happened(events.AppointmentConfirmed, new_id, now)

    def receive_payment(
        self, *, payment_id: UUID, amount: Money, slot_is_free: bool, new_id: NewId, now: datetime
    ) -> bool:
        """Take money from the provider: it confirms a hold, and even an ended one while its time is free
        (``slot_is_free``) and ahead; afterwards it pays the rest. Returns whether the hold had ended.
        Raises PaymentNotTaken."""
        late = self.ensure_takes_payment(amount=amount, slot_is_free=slot_is_free, now=now)
        self.paid += amount
        self._happened(
            events.PaymentReceived,
            new_id,
            now,
            payment_id=payment_id,
            amount_minor=amount.minor,
            currency=amount.currency,
            late=late,
        )
        if self.status in {_S.PENDING_PAYMENT, _S.EXPIRED}:
            self._move(_S.CONFIRMED)
            self.hold_expires_at = None
            self._happened(events.AppointmentConfirmed, new_id, now)
        return late

    def ensure_takes_payment(self, *, amount: Money, slot_is_free: bool, now: datetime) -> bool:
        """Whether the hold has ended, though the money is welcome.
        Raises PaymentNotTaken with the reason: closed, too_late, slot_taken, too_much, too_little."""
        waiting = self.status in {_S.PENDING_PAYMENT, _S.EXPIRED}
        if not waiting and self.status not in {_S.CONFIRMED, _S.COMPLETED, _S.NO_SHOW}:
            raise PaymentNotTaken(reason="closed")
        if waiting and now >= self.period.start:
            raise PaymentNotTaken(reason="too_late")
        if self.status is _S.EXPIRED and not slot_is_free:
            raise PaymentNotTaken(reason="slot_taken")
        if amount > self.terms.price - self.paid:
            raise PaymentNotTaken(reason="too_much")
        if amount.minor <= 0 or (waiting and amount < self.terms.due_to_confirm):
            raise PaymentNotTaken(reason="too_little")
        return self.status is _S.EXPIRED or self.is_overdue(now)
