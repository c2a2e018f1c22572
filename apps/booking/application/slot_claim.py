"""Taking a time for an appointment: what booking and moving have in common."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TypedDict
from uuid import UUID
from zoneinfo import ZoneInfo

from apps.booking.application.release_overdue import ReleaseAppointment
from apps.booking.domain.appointment import Appointment
from apps.booking.domain.repositories import AppointmentRepository, Offering
from apps.booking.domain.slots import ensure_bookable, occupied_window
from apps.kernel.domain.period import Period

A_DAY = timedelta(days=1)


class Dates(TypedDict):
    """The first and last date of a span, both included."""

    first: date
    last: date


def dates_around(start: datetime) -> Dates:
    """The dates whose overrides may matter for a session at ``start``, whatever the specialist's zone."""
    day = start.astimezone(UTC).date()
    return {"first": day - 2 * A_DAY, "last": day + 2 * A_DAY}


@dataclass(frozen=True)
class SlotClaim:
    """Checks that a start is bookable while other writers of the same time wait.

    Overdue holds in the way are released on the spot: their time is free even when no worker runs. Those of
    other times are left to the worker, so that writers of different times never wait for each other.
    """

    appointments: AppointmentRepository
    release: ReleaseAppointment

    def __call__(
        self, *, offering: Offering, start: datetime, now: datetime, but: UUID | None = None
    ) -> None:
        """Raises SlotUnavailable or SlotTaken."""
        terms, schedule = offering.service.slot_terms(), offering.schedule
        session = Period.lasting(start, terms.duration)
        limited = terms.daily_limit is not None or schedule.daily_limit is not None
        blocked = session.padded(before=terms.buffer_before, after=terms.buffer_after)
        self.appointments.queue_for_time(
            specialist_id=schedule.specialist_id,
            blocked=blocked,
            limited_day=start.astimezone(ZoneInfo(schedule.time_zone)).date() if limited else None,
        )
        occupancy = self.appointments.occupancy(
            specialist_id=schedule.specialist_id,
            window=occupied_window(schedule=schedule, terms=terms, window=session, max_buffer=timedelta(0)),
            now=now,
            but=but,
        )
        ensure_bookable(
            schedule=schedule, terms=terms, occupied=occupancy.occupied, busy=(), now=now, start=start
        )
        for appointment_id, time in occupancy.overdue.items():
            if time.blocked_start < blocked.end and blocked.start < time.blocked_end:
                self.release(appointment_id=appointment_id, now=now)

    def is_still_free(self, *, appointment: Appointment, now: datetime) -> bool:
        """Whether nobody else has taken the time of ``appointment``; other writers of it wait from now on.
        Overdue holds in the way are released."""
        blocked = appointment.blocked
        self.appointments.queue_for_time(
            specialist_id=appointment.specialist_id, blocked=blocked, limited_day=None
        )
        occupancy = self.appointments.occupancy(
            specialist_id=appointment.specialist_id, window=blocked, now=now, but=appointment.id
        )
        if occupancy.occupied:
            return False
        for appointment_id in occupancy.overdue:
            self.release(appointment_id=appointment_id, now=now)
        return True
