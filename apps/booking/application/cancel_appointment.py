"""Canceling, and what it would mean."""

from dataclasses import dataclass
from uuid import UUID

from apps.booking.application.appointment_command import CLIENT_ROLE, AppointmentCommand
from apps.booking.application.views import AppointmentView
from apps.booking.domain.cancellation import CanceledBy, Cancellation
from apps.booking.domain.outcome import ReasonCategory
from apps.booking.domain.repositories import AppointmentRepository
from apps.kernel.application.ports import UnitOfWork
from apps.kernel.domain.actor import Actor
from apps.kernel.domain.clock import Clock


@dataclass(frozen=True)
class PreviewCancellation:
    unit_of_work: UnitOfWork
    appointments: AppointmentRepository
    clock: Clock

    def __call__(self, *, appointment_id: UUID, actor: Actor, by: CanceledBy) -> Cancellation:
        """The consequence of canceling now; changes nothing.
        Raises AppointmentNotFound, AlreadyCanceled, TransitionNotAllowed, AlreadyStarted, HoldExpired."""
        with self.unit_of_work():
            client_id = actor.user_id if actor.role == CLIENT_ROLE else None
            appointment = self.appointments.get(appointment_id, client_id=client_id)
            return appointment.preview_cancellation(by=by, now=self.clock.now())


class CancelAppointment(AppointmentCommand):
    def __call__(
        self,
        *,
        appointment_id: UUID,
        actor: Actor,
        by: CanceledBy,
        reason: ReasonCategory,
        expected_version: int | None = None,
    ) -> AppointmentView:
        """``by`` is on whose side the cancellation is: the specialist may cancel on a client's call.
        Raises what PreviewCancellation raises, and StaleVersion."""
        return self.change(
            appointment_id=appointment_id,
            actor=actor,
            expected_version=expected_version,
            change=lambda appointment, now: appointment.cancel(
                by=by, reason=reason, actor_id=actor.user_id, new_id=self.new_id, now=now
            ),
        )
