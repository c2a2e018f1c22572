"""Working hours of a specialist against what is booked in them."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from apps.booking.domain.schedule import Schedule
from apps.booking.domain.working_time import working_periods
from apps.booking.infrastructure.mappers import to_date_override, to_weekly_hours
from apps.booking.infrastructure.models import DateOverride, WeeklyHours
from apps.booking.infrastructure.queries.agenda import AppointmentLine, day_bounds
from apps.kernel.domain.period import Period

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class DayLoad:
    """Minutes of one local day: working time, and sessions of active and past appointments."""

    day: date
    available: int
    booked: int
    sessions: int

    @property
    def share(self) -> int:
        """Per cent of the working time that is booked, 0–100; whole when booked outside working time only."""
        if not self.available:
            return 100 if self.booked else 0
        return min(100, round(100 * self.booked / self.available))


def schedule_of(specialist_id: UUID, time_zone: str, first: date, last: date) -> Schedule:
    """The schedule as far as it matters from ``first`` to ``last``: two statements."""
    overrides = DateOverride.objects.filter(specialist_id=specialist_id, date__range=(first, last))
    return Schedule(
        specialist_id=specialist_id,
        time_zone=time_zone,
        weekly=tuple(to_weekly_hours(row) for row in WeeklyHours.objects.filter(specialist_id=specialist_id)),
        overrides=tuple(to_date_override(row) for row in overrides),
        daily_limit=None,
    )


def loads(schedule: Schedule, first: date, last: date, booked: list[AppointmentLine]) -> list[DayLoad]:
    """One DayLoad for every local day from ``first`` to ``last``; ``booked`` holds their appointments."""
    days = []
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        start, end = day_bounds(day, day, schedule.time_zone)
        of_day = [line for line in booked if start <= line.start < end]
        working = working_periods(schedule=schedule, window=Period(start, end))
        days.append(
            DayLoad(
                day=day,
                available=sum(period.length // _MINUTE for period in working),
                booked=sum((line.end - line.start) // _MINUTE for line in of_day),
                sessions=len(of_day),
            )
        )
    return days
