"""Random practices around days when clocks change, and ordinary ones."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from apps.booking.domain.schedule import DateOverride, OverrideKind, Schedule, WeeklyHours
from apps.booking.domain.slots import Occupied, SlotGrid, SlotTerms
from apps.kernel.domain.period import Period

SERVICE = UUID("00000000-0000-0000-0000-000000000001")
OTHER_SERVICE = UUID("00000000-0000-0000-0000-000000000002")
SPECIALIST = UUID("00000000-0000-0000-0000-000000000003")

# Zones with a day on which something happens to their clock.
REMARKABLE_DAYS = [
    ("Europe/Moscow", date(2026, 12, 1)),
    ("Europe/Berlin", date(2026, 3, 29)),
    ("Europe/Berlin", date(2026, 10, 25)),
    ("America/New_York", date(2026, 3, 8)),
    ("America/New_York", date(2026, 11, 1)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),
    ("Australia/Lord_Howe", date(2026, 10, 4)),
    ("America/Santiago", date(2026, 4, 4)),  # 24:00 → 23:00
    ("America/Santiago", date(2026, 9, 6)),  # 00:00 → 01:00
    ("Africa/Cairo", date(2026, 4, 24)),  # 00:00 → 01:00
    ("Africa/Cairo", date(2026, 10, 29)),  # 24:00 → 23:00
    ("America/Havana", date(2026, 11, 1)),  # 01:00 → 00:00
    ("Asia/Tehran", date(2022, 9, 21)),  # the last change there: 24:00 → 23:00
    ("Pacific/Apia", date(2011, 12, 30)),  # the date that did not exist
    ("America/St_Johns", date(2010, 11, 7)),  # 00:01 → 23:01 of the day before
    ("Pacific/Chatham", date(2026, 4, 5)),  # offset of three quarters of an hour
]

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Practice:
    """A question to the search: everything that ``find_starts`` is asked with."""

    schedule: Schedule
    terms: SlotTerms
    occupied: list[Occupied]
    busy: list[Period]
    now: datetime
    window: Period
    day: date = field(repr=False)

    def question(self) -> dict[str, object]:
        return {
            "schedule": self.schedule,
            "terms": self.terms,
            "occupied": self.occupied,
            "busy": self.busy,
            "now": self.now,
            "window": self.window,
        }


def _rarely(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """None in three cases of four: a practice with every rule at once offers nothing to look at."""
    return st.one_of(st.none(), st.none(), st.none(), strategy)


def _lengths(*minutes: int) -> st.SearchStrategy[timedelta]:
    return st.sampled_from([count * MINUTE for count in minutes])


# Strategies are built once: building one costs more than drawing from it.
# Minutes from midnight; round ones and those at night, where clocks change, come more often.
_MINUTES_OF_DAY = st.sampled_from([*range(0, 1441, 60), *range(0, 1441, 15), *range(0, 301, 5), *range(1441)])
_VALID_SINCE = _rarely(st.integers(-9, 2).map(lambda days: timedelta(days=days)))
_VALID_UNTIL = _rarely(st.integers(2, 9).map(lambda days: timedelta(days=days)))
_INTERVAL = st.sets(_MINUTES_OF_DAY, min_size=2, max_size=2).map(sorted)
_BUFFERS = _lengths(0, 0, 5, 10, 15, 30, 90)
_SLOT_TERMS = st.builds(
    SlotTerms,
    service_id=st.just(SERVICE),
    duration=_lengths(60, 5, 15, 30, 50, 90, 180),
    buffer_before=_BUFFERS,
    buffer_after=_BUFFERS,
    min_notice=_lengths(0, 0, 60, 180, 1440),
    horizon_days=st.sampled_from([60, 60, 60, 0, 1, 2]),
    step=_lengths(5, 10, 15, 20, 25, 30, 45, 60, 90, 120),
    grid=st.sampled_from(SlotGrid),
    daily_limit=_rarely(st.integers(1, 3)),
)


@st.composite
def _intervals(draw: st.DrawFn, most: int = 3) -> list[tuple[int, int]]:
    """Disjoint intervals of one day, some of them touching."""
    ends = draw(st.sampled_from([{0, 1440}, {0, 600}, {60, 1200}, {1200, 1440}, set()]))
    cuts = sorted(ends | draw(st.sets(_MINUTES_OF_DAY, min_size=0 if ends else 2, max_size=most)))
    pairs = list(pairwise(cuts))
    left_out = draw(st.integers(0, 2 * len(pairs)))
    return [pair for number, pair in enumerate(pairs) if number != left_out]


_INTERVALS = _intervals()


@st.composite
def weekly_hours(draw: st.DrawFn, around: date) -> tuple[WeeklyHours, ...]:
    """Valid weekly hours: several intervals, weekly or biweekly, some valid for a while only."""
    entries = []
    for weekday in sorted((around + timedelta(days=offset)).weekday() for offset in range(-2, 3)):
        groups: list[tuple[int, date | None]] = [(1, None)]
        if draw(st.integers(0, 3)) == 0:
            this_week = around + timedelta(days=14 * draw(st.integers(-30, 30)))
            groups = [(2, this_week), (2, this_week + timedelta(days=7))]
        for every_weeks, anchor in groups:
            since, until = draw(_VALID_SINCE), draw(_VALID_UNTIL)
            entries += [
                WeeklyHours(
                    weekday=weekday,
                    start_minute=start,
                    end_minute=end,
                    every_weeks=every_weeks,
                    anchor=anchor,
                    valid_from=around + since if since else None,
                    valid_until=around + until if until else None,
                )
                for start, end in draw(_INTERVALS)
            ]
    return tuple(entries)


@st.composite
def overrides(draw: st.DrawFn, around: date) -> tuple[DateOverride, ...]:
    """Overrides of the days around, also several of one date."""
    entries = []
    for _ in range(draw(st.integers(0, 3))):
        day = around + timedelta(days=draw(st.integers(-1, 2)))
        kind = draw(st.sampled_from(OverrideKind))
        start, end = draw(_INTERVAL)
        if kind.is_whole_day:
            entries.append(DateOverride(date=day, kind=kind))
        else:
            entries.append(DateOverride(date=day, kind=kind, start_minute=start, end_minute=end))
    return tuple(entries)


def _instants(around: date, *, days: int = 2, unit: timedelta = 5 * MINUTE) -> st.SearchStrategy[datetime]:
    midnight = datetime.combine(around, time(), UTC)
    reach = timedelta(days=days) // unit
    return st.integers(-reach, reach).map(lambda count: midnight + count * unit)


@st.composite
def appointments(draw: st.DrawFn, around: date) -> Occupied:
    start = draw(_instants(around))
    before, after = (draw(st.sampled_from([0, 10, 30])) * MINUTE for _ in range(2))
    length = draw(st.sampled_from([15, 50, 60, 120])) * MINUTE
    return Occupied(
        service_id=draw(st.sampled_from([SERVICE, OTHER_SERVICE])),
        start=start,
        blocked_start=start - before,
        blocked_end=start + length + after,
    )


@st.composite
def busy_periods(draw: st.DrawFn, around: date) -> Period:
    """Busy time of an outside calendar: any second, any length."""
    start = draw(_instants(around, unit=timedelta(seconds=30)))
    return Period.lasting(start, timedelta(seconds=draw(st.integers(1, 2 * 3600))))


@st.composite
def practices(draw: st.DrawFn) -> Practice:
    """A random practice and a window of up to a day and a half about a remarkable day."""
    time_zone, day = draw(st.sampled_from(REMARKABLE_DAYS))
    window_start = draw(_instants(day, days=1))
    length = draw(st.sampled_from([36 * 60, 24 * 60]) | st.integers(1, 36 * 60))
    window = Period.lasting(window_start, length * MINUTE)
    now = window_start + draw(st.integers(-48 * 60, 3 * 60)) * MINUTE
    now += timedelta(seconds=draw(st.sampled_from([0, 0, 1, 59])))
    return Practice(
        schedule=Schedule(
            specialist_id=SPECIALIST,
            time_zone=time_zone,
            weekly=draw(weekly_hours(day)),
            overrides=draw(overrides(day)),
            daily_limit=draw(_rarely(st.integers(1, 4))),
        ),
        terms=draw(_SLOT_TERMS),
        occupied=draw(st.lists(appointments(day), max_size=6)),
        busy=draw(st.lists(busy_periods(day), max_size=3)),
        now=now,
        window=window,
        day=day,
    )
