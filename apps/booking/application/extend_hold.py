"""A client asks for more time to pay."""

from uuid import UUID

from apps.booking.application.appointment_command import AppointmentCommand
from apps.booking.application.views import AppointmentView
from apps.kernel.domain.actor import Actor


class ExtendHold(AppointmentCommand):
    def __call__(self, *, appointment_id: UUID, actor: Actor) -> AppointmentView:
        """Raises AppointmentNotFound, TransitionNotAllowed, HoldExpired, HoldAlreadyExtended."""
        return self.change(
            appointment_id=appointment_id,
            actor=actor,
            expected_version=None,
            change=lambda appointment, now: appointment.extend_hold(new_id=self.new_id, now=now),
        )
