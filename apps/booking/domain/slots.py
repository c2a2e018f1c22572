"""Bookable starts: where a service fits into the working time that is still free.

Starts are computed on every request, never kept.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from math import floor
from typing import ClassVar

from apps.booking.domain.schedule import Schedule
from apps.booking.domain.slot_search import full_days, horizon, overlapping, search
from apps.booking.domain.slot_terms import Occupied, SlotGrid, SlotTerms
from apps.booking.domain.wall_clock import DAY, WallClock, instant_at, second_from
from apps.booking.domain.working_time import is_working
from apps.kernel.domain.errors import DomainError, gettext_noop
from apps.kernel.domain.period import Period

__all__ = [
    "Occupied",
    "SlotGrid",
    "SlotTaken",
    "SlotTerms",
    "SlotUnavailable",
    "ensure_bookable",
    "find_starts",
    "occupied_window",
]


class SlotTaken(DomainError):
    """The session with its buffers meets another active appointment with its own."""

    code = "slot_taken"
    message = gettext_noop("This time has already been taken. Please choose another one.")


class SlotUnavailable(DomainError):
    """The time is not offered; ``reason`` (also in ``params``) is stable, each has its own sentence."""

    code = "slot_unavailable"
    message = gettext_noop("This time is not available. Please choose another one.")
    members = ("reason",)
    reason: ClassVar[str] = ""

    def __init__(self) -> None:
        super().__init__(field="start", reason=self.reason)


class StartInPast(SlotUnavailable):
    reason = "past"
    message = gettext_noop("This time has already passed.")


class StartTooSoon(SlotUnavailable):
    reason = "too_soon"
    message = gettext_noop("It is too late to book this time: it starts too soon.")


class StartTooFar(SlotUnavailable):
    reason = "too_far"
    message = gettext_noop("Booking this far ahead is not open yet.")


class OutsideHours(SlotUnavailable):
    reason = "outside_hours"
    message = gettext_noop("The specialist does not work at this time.")


class StartOffGrid(SlotUnavailable):
    reason = "off_grid"
    message = gettext_noop("Sessions do not start at this time. Please choose one of the times on offer.")


class DailyLimitReached(SlotUnavailable):
    reason = "daily_limit"
    message = gettext_noop("There are no places left on this day. Please choose another day.")


class SpecialistBusy(SlotUnavailable):
    reason = "busy"
    message = gettext_noop("The specialist is busy at this time. Please choose another one.")


def find_starts(
    *,
    schedule: Schedule,
    terms: SlotTerms,
    occupied: Sequence[Occupied],
    busy: Sequence[Period],
    now: datetime,
    window: Period,
) -> list[int]:
    """The bookable starts in ``window`` (half-open), as POSIX seconds, sorted and unique.

    ``occupied`` and ``busy`` hold at least what meets ``occupied_window``, in any order. ``now`` is aware.
    """
    return search(schedule, terms, occupied, busy, now, second_from(window.start), second_from(window.end))


def ensure_bookable(
    *,
    schedule: Schedule,
    terms: SlotTerms,
    occupied: Sequence[Occupied],
    busy: Sequence[Period],
    now: datetime,
    start: datetime,
) -> None:
    """Return when ``find_starts`` offers ``start``; otherwise raise SlotTaken or a SlotUnavailable.

    Where several rules refuse, the first of: past, too soon, too far, outside hours, off the grid, taken,
    busy, daily limit. Whether a start lies on the grid AFTER_PREVIOUS depends on the others, so there that
    comes last. Raises ValueError for a naive ``start``.
    """
    if start.tzinfo is None:
        raise ValueError("start must be aware")
    second = floor(start.timestamp())
    whole = start.microsecond == 0
    if whole and search(schedule, terms, occupied, busy, now, second, second + 1):
        return
    _ensure_in_time(schedule, terms, now, start)
    session = Period.lasting(instant_at(second), terms.duration)
    if not is_working(schedule=schedule, period=session):
        raise OutsideHours
    if not whole or start.second or not _on_grid(schedule, terms, now, second):
        raise StartOffGrid
    reach = session.padded(before=terms.buffer_before, after=terms.buffer_after)
    if overlapping(occupied, reach.start, reach.end):
        raise SlotTaken(field="start")
    if any(reach.overlaps(period) for period in busy):
        raise SpecialistBusy
    clock = WallClock(schedule.time_zone, since=second - 2 * DAY, until=second + 2 * DAY)
    if clock.day_of(second) in full_days(schedule, terms, occupied, clock):
        raise DailyLimitReached
    raise StartOffGrid


def occupied_window(*, schedule: Schedule, terms: SlotTerms, window: Period, max_buffer: timedelta) -> Period:
    """The period whose appointments and busy time decide over the starts in ``window``.

    It covers the specialist's local days of the window whole, for the limits, and the reach of the session
    with its buffers. ``max_buffer`` is the widest buffer of any appointment: with it, an appointment counts
    when its session overlaps the answer; where blocked periods are compared, zero is enough.
    """
    since, until = floor(window.start.timestamp()), second_from(window.end)
    clock = WallClock(schedule.time_zone, since=since - 2 * DAY, until=until + 2 * DAY)
    first, last = clock.days_of(since, until)
    return Period(
        instant_at(clock.start_of(first)) - terms.buffer_before - max_buffer,
        instant_at(clock.end_of(last)) + terms.duration + terms.buffer_after + max_buffer,
    )


def _ensure_in_time(schedule: Schedule, terms: SlotTerms, now: datetime, start: datetime) -> None:
    now = now.astimezone(UTC)
    if start < now:
        raise StartInPast
    if start - now < terms.min_notice:
        raise StartTooSoon
    last_day, closes_at = horizon(schedule, terms, now)
    second = floor(start.timestamp())
    if second >= closes_at:
        raise StartTooFar
    if WallClock(schedule.time_zone, since=second, until=second).day_of(second) > last_day:
        raise StartTooFar


def _on_grid(schedule: Schedule, terms: SlotTerms, now: datetime, second: int) -> bool:
    """Whether the hours alone put ``second`` on the grid; true where the other appointments decide."""
    if terms.grid is SlotGrid.AFTER_PREVIOUS:
        return True
    return bool(search(schedule, terms, [], [], now, second, second + 1))
