"""Ending waits that are over: holds expire, unanswered requests are declined."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.booking.domain.lifecycle import AppointmentStatus
from apps.booking.domain.repositories import AppointmentRepository
from apps.kernel.application.ports import EventBus, UnitOfWork
from apps.kernel.domain.actor import SYSTEM
from apps.kernel.domain.clock import Clock
from apps.kernel.domain.ids import NewId

BATCH = 200


@dataclass(frozen=True)
class ReleaseAppointment:
    """Releases one appointment inside the caller's transaction; leaves alone what is not overdue any more."""

    appointments: AppointmentRepository
    events: EventBus
    new_id: NewId

    def __call__(self, *, appointment_id: UUID, now: datetime) -> bool:
        appointment = self.appointments.get(appointment_id)
        if not appointment.is_overdue(now):
            return False
        if appointment.status is AppointmentStatus.REQUESTED:
            appointment.decline(by=SYSTEM.role, new_id=self.new_id, now=now)
        else:
            appointment.expire(new_id=self.new_id, now=now)
        self.appointments.save(appointment, actor=SYSTEM)
        self.events.publish(appointment.pull_events())
        return True


@dataclass(frozen=True)
class ReleaseOverdue:
    """Releases what is overdue, one transaction each, up to a batch; returns how many were released."""

    unit_of_work: UnitOfWork
    appointments: AppointmentRepository
    release: ReleaseAppointment
    clock: Clock

    def __call__(self) -> int:
        now = self.clock.now()
        released = 0
        for appointment_id in self.appointments.overdue(now=now, limit=BATCH):
            with self.unit_of_work():
                released += self.release(appointment_id=appointment_id, now=now)
        return released
