"""The specialist records money received outside the system; it confirms a hold."""

from uuid import UUID

from apps.booking.application.appointment_command import AppointmentCommand
from apps.booking.application.views import AppointmentView
from apps.booking.domain.outside_payment import PaymentMethod
from apps.kernel.domain.actor import Actor
from apps.kernel.domain.money import Money


class RecordOutsidePayment(AppointmentCommand):
    def __call__(
        self,
        *,
        appointment_id: UUID,
        actor: Actor,
        amount: Money,
        method: PaymentMethod,
        expected_version: int | None = None,
    ) -> AppointmentView:
        """Raises AppointmentNotFound, TransitionNotAllowed, HoldExpired, PaymentAmountOutOfRange,
        StaleVersion."""
        return self.change(
            appointment_id=appointment_id,
            actor=actor,
            expected_version=expected_version,
            change=lambda appointment, now: appointment.record_outside_payment(
                amount=amount, method=method, new_id=self.new_id, now=now
            ),
        )
