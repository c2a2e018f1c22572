"""The search for bookable starts, on POSIX seconds.

A month is a few hundred integers, and the time zone is asked once a day, not once a slot.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from math import floor

from apps.booking.domain.schedule import Schedule
from apps.booking.domain.slot_terms import Occupied, SlotGrid, SlotTerms
from apps.booking.domain.wall_clock import DAY, Span, WallClock, instant_at, second_from, seconds
from apps.booking.domain.working_time import DayHours, hours_by_day, joined
from apps.kernel.domain.period import Period

_MINUTE = 60
_HOUR = 3_600


def search(
    schedule: Schedule,
    terms: SlotTerms,
    occupied: Sequence[Occupied],
    busy: Sequence[Period],
    now: datetime,
    since: int,
    until: int,
) -> list[int]:
    """``find_starts`` for the start seconds in ``[since, until)``."""
    last_day, closes_at = horizon(schedule, terms, now)
    since = max(since, second_from(now.astimezone(UTC) + terms.min_notice))
    until = min(until, closes_at)
    if since >= until:
        return []
    duration, step = seconds(terms.duration), seconds(terms.step)
    before, after = seconds(terms.buffer_before), seconds(terms.buffer_after)
    clock = WallClock(schedule.time_zone, since=since - 2 * DAY, until=until + duration + 2 * DAY)
    first, last = clock.days_of(since, until)
    # More days than the window has: sessions run past midnight, and clocks may repeat or skip a whole date.
    days = hours_by_day(schedule=schedule, clock=clock, first=first - 1, last=last + 2 + duration // DAY)
    working = joined(span for day in days for span in day.working)
    opens, closes = instant_at(since - 2 * DAY - before), instant_at(until + duration + 2 * DAY + after)
    near = overlapping(occupied, opens, closes)
    blocked = _blocked(near, [one for one in busy if one.start < closes and opens < one.end])
    ranges = _free_ranges(working, blocked, duration=duration, before=before, after=after)
    lows, highs = [low for low, _ in ranges], [high for _, high in ranges]
    full = full_days(schedule, terms, near, clock)
    starts: set[int] = set()
    for day in days:
        if not first <= day.number <= min(last, last_day) or day.number in full:
            continue
        for begin, end, anchor in _grids(day, terms.grid):
            index = bisect_left(highs, max(begin, since))
            while index < len(lows) and lows[index] < min(end, until):
                low = max(lows[index], begin)
                # Busy time may end on any second; sessions start on whole minutes.
                origin = low + -low % _MINUTE if anchor is None else anchor
                low = max(low, since) if anchor is not None else max(origin, since)
                stop = min(highs[index] + 1, end, until)
                starts.update(range(low + (origin - low) % step, stop, step))
                index += 1
    return sorted(starts)


def _grids(day: DayHours, grid: SlotGrid) -> Iterator[tuple[int, int, int | None]]:
    """The stretches ``[start, end)`` of a day in which starts lie, each with the instant it counts from.

    None stands for the first free moment of the stretch, or the first one after whatever occupies it.
    """
    if grid is SlotGrid.AFTER_PREVIOUS:
        for start, end in day.working:
            yield start, end, None
        return
    for pieces in day.entered:
        anchor, counted = pieces[0][0], None
        for start, end, offset in pieces:
            # A jump by less than an hour moves the full hours: the count starts anew from them.
            if grid is SlotGrid.FULL_HOUR and offset % _HOUR != counted:
                anchor, counted = start - (start + offset) % _HOUR, offset % _HOUR
            yield start, end, anchor


def _free_ranges(
    working: list[Span], blocked: list[Span], *, duration: int, before: int, after: int
) -> list[Span]:
    """The ranges of starts, both ends included, at which a session fits with its buffers, in order.

    ``blocked`` is sorted and disjoint. Only the session must lie in working time, its buffers need not.
    """
    ranges = []
    openings, ends = [start for start, _ in blocked], [end for _, end in blocked]
    for opening, closing in working:
        low, high = opening, closing - duration
        index = bisect_right(ends, opening - before)
        while index < len(ends) and openings[index] - duration - after < high:
            latest = openings[index] - duration - after
            if low <= latest:
                ranges.append((low, latest))
            low = ends[index] + before
            index += 1
        if low <= high:
            ranges.append((low, high))
    return ranges


def _blocked(occupied: Sequence[Occupied], busy: Sequence[Period]) -> list[Span]:
    """What is occupied or busy, in whole seconds, as a union."""
    spans = [(floor(one.blocked_start.timestamp()), second_from(one.blocked_end)) for one in occupied]
    spans += [(floor(period.start.timestamp()), second_from(period.end)) for period in busy]
    return joined(spans)


def overlapping(occupied: Sequence[Occupied], opens: datetime, closes: datetime) -> list[Occupied]:
    """Those whose blocked period meets ``[opens, closes)``: a cheap cut, so that long lists cost little."""
    return [one for one in occupied if one.blocked_start < closes and opens < one.blocked_end]


def full_days(
    schedule: Schedule, terms: SlotTerms, occupied: Sequence[Occupied], clock: WallClock
) -> set[int]:
    """The local days on which the limit of the service or of the specialist is reached."""
    if schedule.daily_limit is None and terms.daily_limit is None:
        return set()
    of_all: Counter[int] = Counter()
    of_service: Counter[int] = Counter()
    for one in occupied:
        day = clock.day_of(floor(one.start.timestamp()))
        of_all[day] += 1
        if one.service_id == terms.service_id:
            of_service[day] += 1
    limits = ((of_all, schedule.daily_limit), (of_service, terms.daily_limit))
    return {day for count, limit in limits if limit is not None for day in count if count[day] >= limit}


def horizon(schedule: Schedule, terms: SlotTerms, now: datetime) -> tuple[int, int]:
    """The last bookable local day and the instant at which it ends."""
    second = floor(now.timestamp())
    today = WallClock(schedule.time_zone, since=second, until=second).day_of(second)
    last = today + terms.horizon_days
    midnight = last * DAY
    return last, WallClock(schedule.time_zone, since=midnight - DAY, until=midnight + 3 * DAY).end_of(last)
