"""When a specialist takes clients: weekly hours and the dates that differ from them.

A schedule speaks of the wall clock in the specialist's own time zone, in minutes from local midnight;
``working_time`` turns it into instants.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import combinations
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from apps.kernel.domain.errors import DomainError, gettext_noop

MINUTES_OF_DAY = 24 * 60

# Files beside the zones of the database that differ from machine to machine or mean no place.
_NO_ZONES = frozenset({"Factory", "localtime", "posixrules"})


class InvalidSchedule(DomainError):
    """The schedule contradicts itself."""

    code = "invalid_schedule"
    message = gettext_noop("The schedule is not valid.")


class UnknownTimeZone(InvalidSchedule):
    """The name is not in the IANA time zone database."""

    code = "unknown_time_zone"
    message = gettext_noop("There is no time zone with this name.")


class InvalidWeekday(InvalidSchedule):
    """The weekday is not one of 0 (Monday) to 6 (Sunday)."""

    code = "invalid_weekday"
    message = gettext_noop("Choose a day of the week from Monday to Sunday.")


class InvalidHours(InvalidSchedule):
    """An interval is empty, reversed or leaves its day."""

    code = "invalid_hours"
    message = gettext_noop("The start must come before the end, both within one day from 00:00 to 24:00.")


class InvalidRecurrence(InvalidSchedule):
    """Hours repeat in another way than every week or every second week."""

    code = "invalid_recurrence"
    message = gettext_noop("Hours repeat every week or every second week.")


class AnchorRequired(InvalidSchedule):
    """Biweekly hours do not say in which of the two weeks they hold."""

    code = "anchor_required"
    message = gettext_noop("For hours of every second week, give a date in a week when they apply.")


class InvalidValidity(InvalidSchedule):
    """The last date of validity comes before the first."""

    code = "invalid_validity"
    message = gettext_noop("The last date must not come before the first one.")


class HoursOverlap(InvalidSchedule):
    """Two entries of one weekday overlap in a week in which both hold."""

    code = "hours_overlap"
    message = gettext_noop("Two intervals of the same weekday overlap: %(first)s and %(second)s.")


class OverrideNeedsHours(InvalidSchedule):
    """Extra hours or time off carry no interval."""

    code = "override_needs_hours"
    message = gettext_noop("Extra hours and time off need a start and an end.")


class OverrideIsWholeDay(InvalidSchedule):
    """A day off or a holiday carries an interval."""

    code = "override_is_whole_day"
    message = gettext_noop("A day off or a holiday lasts the whole day and has no start and end.")


class InvalidDailyLimit(InvalidSchedule):
    """The limit of appointments a day is not positive."""

    code = "invalid_daily_limit"
    message = gettext_noop("The daily limit must be at least one appointment.")


class OverrideKind(StrEnum):
    """How a date differs from the weekly hours."""

    EXTRA_HOURS = "extra_hours"
    TIME_OFF = "time_off"
    DAY_OFF = "day_off"
    HOLIDAY = "holiday"

    @property
    def is_whole_day(self) -> bool:
        """Whether it removes the weekly hours of its date and carries no interval."""
        return self in (OverrideKind.DAY_OFF, OverrideKind.HOLIDAY)


@dataclass(frozen=True, slots=True, kw_only=True)
class WeeklyHours:
    """An interval of a weekday (0 is Monday), in minutes from local midnight; the end may be 1440.

    ``every_weeks`` is 1, or 2 for hours of every second week: ``anchor`` is then any date of an ISO week
    (Monday first) in which they hold. ``valid_from`` and ``valid_until`` are inclusive; None means always.
    Raises a subclass of InvalidSchedule.
    """

    weekday: int
    start_minute: int
    end_minute: int
    every_weeks: int = 1
    anchor: date | None = None
    valid_from: date | None = None
    valid_until: date | None = None

    def __post_init__(self) -> None:
        if self.weekday not in range(7):
            raise InvalidWeekday(field="weekday")
        _check_hours(self.start_minute, self.end_minute)
        if self.every_weeks not in (1, 2):
            raise InvalidRecurrence(field="every_weeks")
        if self.every_weeks == 2 and self.anchor is None:
            raise AnchorRequired(field="anchor")
        if self.valid_from and self.valid_until and self.valid_until < self.valid_from:
            raise InvalidValidity(field="valid_until")

    def holds_on(self, day: date) -> bool:
        """Whether these hours apply on ``day``, its overrides aside."""
        if day.weekday() != self.weekday:
            return False
        if self.valid_from is not None and day < self.valid_from:
            return False
        if self.valid_until is not None and day > self.valid_until:
            return False
        if self.every_weeks == 1 or self.anchor is None:
            return True
        return (_week(day) - _week(self.anchor)) % self.every_weeks == 0

    def meets(self, other: "WeeklyHours") -> bool:
        """Whether there is a date on which both apply and their intervals overlap."""
        if (
            self.weekday != other.weekday
            or self.end_minute <= other.start_minute
            or other.end_minute <= self.start_minute
        ):
            return False
        since = max((day for day in (self.valid_from, other.valid_from) if day), default=None)
        until = min((day for day in (self.valid_until, other.valid_until) if day), default=None)
        # Weeks repeat in pairs, so any fortnight inside the common validity answers for all of it.
        first = since.toordinal() if since else until.toordinal() - 13 if until else 1
        first = min(max(first, 1), date.max.toordinal() - 13)
        fortnight = (date.fromordinal(number) for number in range(first, first + 14))
        return any(self.holds_on(day) and other.holds_on(day) for day in fortnight)

    def __str__(self) -> str:
        return f"{_clock(self.start_minute)}–{_clock(self.end_minute)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class DateOverride:
    """What is different on one date.

    DAY_OFF and HOLIDAY remove the weekly hours of the date and carry no minutes; EXTRA_HOURS adds an
    interval, on a day off too; TIME_OFF takes one away from everything, extra hours included.
    Raises a subclass of InvalidSchedule.
    """

    date: date
    kind: OverrideKind
    start_minute: int | None = None
    end_minute: int | None = None

    def __post_init__(self) -> None:
        if self.kind.is_whole_day:
            if self.start_minute is not None or self.end_minute is not None:
                raise OverrideIsWholeDay(field="kind")
        elif self.start_minute is None or self.end_minute is None:
            raise OverrideNeedsHours(field="start_minute")
        else:
            _check_hours(self.start_minute, self.end_minute)


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """All that says when a specialist takes clients; ``daily_limit`` counts every service together.

    Raises a subclass of InvalidSchedule: for a time zone that does not exist, for a limit below one, and
    for entries of one weekday that overlap in a week in which both hold (extra hours may overlap anything).
    """

    specialist_id: UUID
    time_zone: str
    weekly: tuple[WeeklyHours, ...]
    overrides: tuple[DateOverride, ...]
    daily_limit: int | None = None

    def __post_init__(self) -> None:
        _check_time_zone(self.time_zone)
        if self.daily_limit is not None and self.daily_limit < 1:
            raise InvalidDailyLimit(field="daily_limit")
        for first, second in combinations(self.weekly, 2):
            if first.meets(second):
                raise HoursOverlap(
                    field="weekly", weekday=first.weekday, first=str(first), second=str(second)
                )


def _check_hours(start_minute: int, end_minute: int) -> None:
    if not 0 <= start_minute < end_minute <= MINUTES_OF_DAY:
        raise InvalidHours(field="start_minute")


def _check_time_zone(name: str) -> None:
    if name in _NO_ZONES:
        raise UnknownTimeZone(field="time_zone")
    try:
        ZoneInfo(name)
    # ValueError: a path or a NUL byte; OSError: the name of a directory of the database, such as "Europe".
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UnknownTimeZone(field="time_zone") from error


def _week(day: date) -> int:
    """The number of the ISO week of ``day``, counted from year 1 (which began on a Monday)."""
    return (day.toordinal() - 1) // 7


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
