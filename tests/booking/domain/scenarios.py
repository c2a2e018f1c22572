"""Words for examples: hours, appointments and questions, written as a person would say them.

Times of day are the wall clock of Moscow unless another zone is given; lengths are minutes.
"""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from apps.booking.domain.schedule import DateOverride, OverrideKind, Schedule, WeeklyHours
from apps.booking.domain.slots import (
    Occupied,
    SlotGrid,
    SlotTaken,
    SlotTerms,
    SlotUnavailable,
    ensure_bookable,
    find_starts,
)
from apps.kernel.domain.period import Period
from tests.booking.domain.strategies import SERVICE, SPECIALIST

MOSCOW = ZoneInfo("Europe/Moscow")
# Tuesday, 1 December 2026: its ISO week begins on 30 November.
DAY = date(2026, 12, 1)
TUESDAY, WEDNESDAY = 1, 2
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def hours(weekday: int, start: str, end: str, **rest) -> WeeklyHours:
    return WeeklyHours(weekday=weekday, start_minute=minute(start), end_minute=minute(end), **rest)


def override(day: date, kind: OverrideKind, start: str | None = None, end: str | None = None) -> DateOverride:
    return DateOverride(
        date=day,
        kind=kind,
        start_minute=minute(start) if start else None,
        end_minute=minute(end) if end else None,
    )


def minute(clock: str) -> int:
    hour, minutes = clock.split(":")
    return int(hour) * 60 + int(minutes)


def schedule(
    *weekly: WeeklyHours, overrides: tuple[DateOverride, ...] = (), time_zone: str = "Europe/Moscow", **rest
) -> Schedule:
    return Schedule(specialist_id=SPECIALIST, time_zone=time_zone, weekly=weekly, overrides=overrides, **rest)


def terms(**changes) -> SlotTerms:
    """An hour on the hour of the interval, bare of every other rule; lengths are given in minutes."""
    minutes = {"duration": 60, "step": 60, "buffer_before": 0, "buffer_after": 0, "min_notice": 0}
    minutes |= {name: value for name, value in changes.items() if name in minutes}
    others = {"horizon_days": 730, "grid": SlotGrid.INTERVAL, "daily_limit": None, "service_id": SERVICE}
    others |= {name: value for name, value in changes.items() if name not in minutes}
    return SlotTerms(**{name: timedelta(minutes=value) for name, value in minutes.items()}, **others)


def at(clock: str, day: date = DAY, zone: ZoneInfo = MOSCOW) -> datetime:
    """The instant of a wall time of Moscow, unless another zone is given."""
    hour, minute = map(int, clock.split(":"))
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone)


def appointment(start: str, end: str, *, before: int = 0, after: int = 0, service_id=SERVICE, day=DAY):
    return Occupied(
        service_id=service_id,
        start=at(start, day),
        blocked_start=at(start, day) - timedelta(minutes=before),
        blocked_end=at(end, day) + timedelta(minutes=after),
    )


def busy(start: str, end: str) -> Period:
    return Period(at(start), at(end))


def offered(
    of: Schedule,
    service: SlotTerms,
    *,
    occupied: list[Occupied] | None = None,
    busy: list[Period] | None = None,
    now: datetime = LONG_AGO,
    day: date = DAY,
    days: int = 1,
    window: Period | None = None,
) -> list[str]:
    """The offered starts of the specialist's local day, or of ``window``, in the specialist's time."""
    zone = ZoneInfo(of.time_zone)
    if window is None:
        window = Period(at("00:00", day, zone), at("00:00", day + timedelta(days=days), zone))
    starts = find_starts(
        schedule=of, terms=service, occupied=occupied or [], busy=busy or [], now=now, window=window
    )
    assert starts == sorted(set(starts))
    return [f"{datetime.fromtimestamp(start, zone):%H:%M}" for start in starts]


def refusal(
    of: Schedule,
    service: SlotTerms,
    start: datetime,
    *,
    occupied: list[Occupied] | None = None,
    busy: list[Period] | None = None,
    now: datetime = LONG_AGO,
) -> str | None:
    """Why ``start`` cannot be booked: a reason, or ``slot_taken``; None when it can."""
    try:
        ensure_bookable(
            schedule=of, terms=service, occupied=occupied or [], busy=busy or [], now=now, start=start
        )
    except SlotTaken:
        return "slot_taken"
    except SlotUnavailable as error:
        return error.reason
    return None


MORNING = schedule(hours(TUESDAY, "09:00", "12:00"))
