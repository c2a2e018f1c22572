"""Staff read the notes of a session; every reading is recorded with its reason."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.booking.application.ports import AuditLog
from apps.booking.domain.repositories import AppointmentRepository
from apps.kernel.application.ports import UnitOfWork
from apps.kernel.domain.actor import Actor
from apps.kernel.domain.clock import Clock
from apps.kernel.domain.readings import READING, ReadingReason, reading


@dataclass(frozen=True, kw_only=True)
class SessionNotes:
    """``text`` is P2; ``recorded_at`` is when it was written down."""

    recorded_at: datetime
    text: str


@dataclass(frozen=True)
class ReadNotes:
    """The audit record is written in the same transaction, before anything is shown."""

    unit_of_work: UnitOfWork
    appointments: AppointmentRepository
    audit: AuditLog
    clock: Clock

    def __call__(
        self, *, appointment_id: UUID, reason: ReadingReason, actor: Actor
    ) -> tuple[SessionNotes, ...]:
        """Raises AppointmentNotFound."""
        with self.unit_of_work():
            appointment = self.appointments.get(appointment_id)
            self.audit.record(
                actor=actor,
                action=READING,
                entity="session_notes",
                entity_id=str(appointment_id),
                at=self.clock.now(),
                changes=reading(reason=reason, client_id=appointment.client_id),
            )
        return tuple(
            SessionNotes(recorded_at=outcome.recorded_at, text=outcome.notes)
            for outcome in appointment.outcomes
            if outcome.notes
        )
