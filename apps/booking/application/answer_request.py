"""The specialist answers a request."""

from uuid import UUID

from apps.booking.application.appointment_command import AppointmentCommand
from apps.booking.application.views import AppointmentView
from apps.kernel.domain.actor import Actor


class AcceptRequest(AppointmentCommand):
    def __call__(
        self, *, appointment_id: UUID, actor: Actor, expected_version: int | None = None
    ) -> AppointmentView:
        """A paid service then waits for payment, a free one is confirmed.
        Raises AppointmentNotFound, TransitionNotAllowed, HoldExpired, AlreadyStarted, StaleVersion."""
        return self.change(
            appointment_id=appointment_id,
            actor=actor,
            expected_version=expected_version,
            change=lambda appointment, now: appointment.accept(new_id=self.new_id, now=now),
        )


class DeclineRequest(AppointmentCommand):
    def __call__(
        self, *, appointment_id: UUID, actor: Actor, expected_version: int | None = None
    ) -> AppointmentView:
        """Raises AppointmentNotFound, TransitionNotAllowed, StaleVersion."""
        return self.change(
            appointment_id=appointment_id,
            actor=actor,
            expected_version=expected_version,
            change=lambda appointment, now: appointment.decline(by="specialist", new_id=self.new_id, now=now),
        )
