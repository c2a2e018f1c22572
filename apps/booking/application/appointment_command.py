"""The frame of a change to one appointment: load, change, save, publish, in one transaction."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.booking.application.views import AppointmentView
from apps.booking.domain.appointment import Appointment
from apps.booking.domain.repositories import AppointmentRepository
from apps.kernel.application.ports import EventBus, UnitOfWork
from apps.kernel.domain.actor import Actor
from apps.kernel.domain.clock import Clock
from apps.kernel.domain.errors import StaleVersion
from apps.kernel.domain.ids import NewId

CLIENT_ROLE = "client"


@dataclass(frozen=True)
class AppointmentCommand:
    """Clients reach only their own appointments; to others they do not exist (AppointmentNotFound).

    ``expected_version`` is the version that the person saw on a form: where it has grown since, StaleVersion
    is raised and nothing changes."""

    unit_of_work: UnitOfWork
    appointments: AppointmentRepository
    events: EventBus
    clock: Clock
    new_id: NewId

    def change(
        self,
        *,
        appointment_id: UUID,
        actor: Actor,
        expected_version: int | None,
        change: Callable[[Appointment, datetime], object],
        at: datetime | None = None,
    ) -> AppointmentView:
        """``at`` is the instant by which it is judged, the clock's by default."""
        now = at or self.clock.now()
        with self.unit_of_work():
            client_id = actor.user_id if actor.role == CLIENT_ROLE else None
            appointment = self.appointments.get(appointment_id, client_id=client_id)
            if expected_version not in (None, appointment.version):
                raise StaleVersion
            change(appointment, now)
            self.appointments.save(appointment, actor=actor)
            self.events.publish(appointment.pull_events())
        return AppointmentView.of(appointment, now=now)
