"""Money that came through the provider meets the appointment that it was paid for."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.booking.application.slot_claim import SlotClaim
from apps.booking.domain.appointment import Appointment
from apps.booking.domain.lifecycle import AppointmentStatus
from apps.booking.domain.repositories import AppointmentRepository
from apps.kernel.application.ports import EventBus, UnitOfWork
from apps.kernel.domain.actor import SYSTEM
from apps.kernel.domain.ids import NewId
from apps.kernel.domain.money import Money


@dataclass(frozen=True)
class ReceivePayment:
    """Runs in the transaction of the payment: money and appointment change together or not at all."""

    unit_of_work: UnitOfWork
    appointments: AppointmentRepository
    claim: SlotClaim
    events: EventBus
    new_id: NewId

    def __call__(self, *, appointment_id: UUID, payment_id: UUID, amount: Money, at: datetime) -> bool:
        """Returns whether the hold had ended. Raises AppointmentNotFound, PaymentNotTaken, SlotTaken; then
        nothing has changed."""
        with self.unit_of_work():
            appointment = self.appointments.get(appointment_id)
            late = appointment.receive_payment(
                payment_id=payment_id,
                amount=amount,
                slot_is_free=self._slot_is_free(appointment, at),
                new_id=self.new_id,
                now=at,
            )
            self.appointments.save(appointment, actor=SYSTEM)
            self.events.publish(appointment.pull_events())
        return late

    def ensure_would_be_taken(self, *, appointment_id: UUID, amount: Money, at: datetime) -> bool:
        """As the call itself, without changing anything: for money that is authorised and not taken yet."""
        with self.unit_of_work():
            appointment = self.appointments.get(appointment_id)
            free = self._slot_is_free(appointment, at)
            return appointment.ensure_takes_payment(amount=amount, slot_is_free=free, now=at)

    def _slot_is_free(self, appointment: Appointment, at: datetime) -> bool:
        if appointment.status is not AppointmentStatus.EXPIRED:
            return appointment.is_active
        return self.claim.is_still_free(appointment=appointment, now=at)
