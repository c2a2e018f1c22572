"""The specialist records how a session ended."""

from uuid import UUID

from apps.booking.application.appointment_command import AppointmentCommand
from apps.booking.application.views import AppointmentView
from apps.booking.domain.outcome import Outcome, ReasonCategory
from apps.kernel.domain.actor import Actor


class RecordOutcome(AppointmentCommand):
    def __call__(
        self,
        *,
        appointment_id: UUID,
        actor: Actor,
        outcome: Outcome,
        reason: ReasonCategory,
        notes: str,
        expected_version: int | None = None,
    ) -> AppointmentView:
        """``notes`` are P2. Raises AppointmentNotFound, TransitionNotAllowed, OutcomeBeforeStart,
        OutcomeNotRecordable, StaleVersion."""
        return self.change(
            appointment_id=appointment_id,
            actor=actor,
            expected_version=expected_version,
            change=lambda appointment, now: appointment.record_outcome(
                outcome=outcome,
                reason=reason,
                notes=notes,
                actor_id=actor.user_id,
                new_id=self.new_id,
                now=now,
            ),
        )
