"""The instants at which a specialist works: the schedule laid onto the wall clock of its zone.

Working time is exactly the instants whose local time lies in an entered interval. On a day when the
clocks change, a time that the clock skips is no working time, and one that it shows twice is so twice.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from math import floor

from apps.booking.domain.schedule import DateOverride, OverrideKind, Schedule, WeeklyHours
from apps.booking.domain.wall_clock import DAY, Piece, Span, WallClock, instant_at, second_from
from apps.kernel.domain.period import Period

_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
_EPOCH_WEEKDAY = 3


@dataclass(frozen=True, slots=True)
class DayHours:
    """One local day (``number`` of days since 1970-01-01) of a schedule.

    ``entered`` has the intervals as they were entered, each as the pieces of time it really covers;
    ``working`` is their union without time off: sorted, disjoint, touching ones joined.
    """

    number: int
    entered: list[list[Piece]]
    working: list[Span]


def hours_by_day(*, schedule: Schedule, clock: WallClock, first: int, last: int) -> list[DayHours]:
    """The hours of every local day from ``first`` to ``last``, both included."""
    weekly: list[list[WeeklyHours]] = [[] for _ in range(7)]
    for hours in schedule.weekly:
        weekly[hours.weekday].append(hours)
    overrides: dict[int, list[DateOverride]] = {}
    for override in schedule.overrides:
        number = override.date.toordinal() - _EPOCH_ORDINAL
        if first <= number <= last:
            overrides.setdefault(number, []).append(override)
    return [
        _day(number, weekly[(number + _EPOCH_WEEKDAY) % 7], overrides.get(number, []), clock)
        for number in range(first, last + 1)
    ]


def joined(spans: Iterable[Span]) -> list[Span]:
    """The union of ``spans``: sorted and disjoint, overlapping and touching ones made one."""
    union: list[Span] = []
    for start, end in sorted(spans):
        if union and start <= union[-1][1]:
            if end > union[-1][1]:
                union[-1] = (union[-1][0], end)
        else:
            union.append((start, end))
    return union


def working_periods(*, schedule: Schedule, window: Period) -> list[Period]:
    """The working time inside ``window``, in order; touching intervals are joined, also across midnight."""
    since, until = floor(window.start.timestamp()), second_from(window.end)
    clock = WallClock(schedule.time_zone, since=since - DAY, until=until + DAY)
    first, last = clock.days_of(since, until)
    days = hours_by_day(schedule=schedule, clock=clock, first=first, last=last)
    return [
        Period(
            max(instant_at(start), window.start),
            min(instant_at(end), window.end),
        )
        for start, end in joined(span for day in days for span in day.working)
        if start < until and since < end
    ]


def is_working(*, schedule: Schedule, period: Period) -> bool:
    """Whether the whole of ``period`` is working time."""
    return working_periods(schedule=schedule, window=period) == [period]


def outside_working_time[Key](*, schedule: Schedule, sessions: Mapping[Key, Period]) -> list[Key]:
    """The keys of ``sessions`` that do not lie whole in working time, by their start."""
    if not sessions:
        return []
    reach = Period(
        min(session.start for session in sessions.values()), max(session.end for session in sessions.values())
    )
    working = working_periods(schedule=schedule, window=reach)
    starts = [period.start for period in working]
    outside = []
    for key, session in sorted(sessions.items(), key=lambda item: item[1].start):
        index = bisect_right(starts, session.start) - 1
        if index < 0 or working[index].end < session.end:
            outside.append(key)
    return outside


def _day(number: int, weekly: list[WeeklyHours], overrides: list[DateOverride], clock: WallClock) -> DayHours:
    midnight = number * DAY
    entered = []
    if not any(override.kind.is_whole_day for override in overrides):
        day = date.fromordinal(number + _EPOCH_ORDINAL)
        entered = [
            clock.instants(midnight + 60 * hours.start_minute, midnight + 60 * hours.end_minute)
            for hours in weekly
            if hours.holds_on(day)
        ]
    if overrides:
        entered += _intervals(OverrideKind.EXTRA_HOURS, midnight, overrides, clock)
    working = joined([(start, end) for pieces in entered for start, end, _ in pieces])
    if overrides:
        for pieces in _intervals(OverrideKind.TIME_OFF, midnight, overrides, clock):
            for start, end, _ in pieces:
                working = _without(working, start, end)
    return DayHours(number, [pieces for pieces in entered if pieces], working)


def _intervals(
    kind: OverrideKind, midnight: int, overrides: list[DateOverride], clock: WallClock
) -> list[list[Piece]]:
    return [
        clock.instants(midnight + 60 * override.start_minute, midnight + 60 * override.end_minute)
        for override in overrides
        if override.kind == kind and override.start_minute is not None and override.end_minute is not None
    ]


def _without(spans: list[Span], hole_start: int, hole_end: int) -> list[Span]:
    """``spans`` with ``[hole_start, hole_end)`` cut out."""
    return [
        part
        for start, end in spans
        for part in ((start, min(end, hole_start)), (max(start, hole_end), end))
        if part[0] < part[1]
    ]
