"""What is bookable, found out the slow way: one minute after the other, one rule after the other.

It shares no code with the search that it judges. Every minute is an aware datetime in UTC whose local time
zoneinfo tells; every rule is spelled out as the product's description has it.
"""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from apps.booking.domain.schedule import OverrideKind, Schedule, WeeklyHours
from apps.booking.domain.slots import Occupied, SlotGrid, SlotTerms
from apps.kernel.domain.period import Period

MINUTE = timedelta(minutes=1)

# The order in which a refusal names its reason. After an appointment there is no grid of its own to miss.
ORDER = ("past", "too_soon", "too_far", "outside_hours", "off_grid", "slot_taken", "busy", "daily_limit")
ORDER_AFTER_PREVIOUS = (*(reason for reason in ORDER if reason != "off_grid"), "off_grid")


class SlotOracle:
    """Judges every whole minute of ``window``."""

    def __init__(
        self,
        *,
        schedule: Schedule,
        terms: SlotTerms,
        occupied: list[Occupied],
        busy: list[Period],
        now: datetime,
        window: Period,
    ) -> None:
        self.schedule = schedule
        self.terms = terms
        self.occupied = occupied
        self.busy = busy
        self.now = now.astimezone(UTC)
        self.window = window
        self.zone = ZoneInfo(schedule.time_zone)
        self.local: dict[datetime, datetime] = {}
        self.working: set[datetime] = set()
        self.grid: set[datetime] = set()
        self.minutes_ahead: dict[datetime, int] = {}
        self.first_possible: dict[datetime, datetime] = {}
        self._walk()
        self._look_ahead()
        self._follow_free_time()

    def starts(self) -> list[int]:
        """The bookable minutes of the window, as POSIX seconds."""
        return [
            int(minute.timestamp())
            for minute in self.local
            if self.window.start <= minute < self.window.end and not self.refusals(minute)
        ]

    def refusals(self, minute: datetime) -> set[str]:
        """Every rule that forbids a session to start at ``minute``; empty for a bookable one."""
        rules = {
            "past": minute < self.now,
            "too_soon": minute < self.now + self.terms.min_notice,
            "too_far": self.local[minute].date() > self._last_date(),
            "outside_hours": not self._fits(minute),
            "slot_taken": self._taken(minute),
            "busy": self._busy(minute),
            "daily_limit": self._full(self.local[minute].date()),
            "off_grid": not self._on_grid(minute),
        }
        return {rule for rule, broken in rules.items() if broken}

    def reason(self, minute: datetime) -> str:
        """The reason that a refusal must name."""
        order = ORDER_AFTER_PREVIOUS if self.terms.grid is SlotGrid.AFTER_PREVIOUS else ORDER
        return next(reason for reason in order if reason in self.refusals(minute))

    def _walk(self) -> None:
        """Go through the minutes, from a day and more before the window to the end of its last session."""
        minute = (self.window.start - timedelta(hours=26)).replace(second=0, microsecond=0)
        last = self.window.end + self.terms.duration + 2 * MINUTE
        anchors: dict[tuple[date, int, int], tuple[datetime, int]] = {}
        entered: dict[date, list[tuple[int, int]]] = {}
        while minute <= last:
            local = self.local[minute] = minute.astimezone(self.zone)
            minute_of_day = local.hour * 60 + local.minute
            if local.date() not in entered:
                entered[local.date()] = self._entered(local.date())
            for start, end in entered[local.date()]:
                if start <= minute_of_day < end:
                    self.working.add(minute)
                    self._count((local.date(), start, end), minute, local, anchors)
            if self._time_off(local.date(), minute_of_day):
                self.working.discard(minute)
            minute += MINUTE

    def _count(
        self,
        interval: tuple[date, int, int],
        minute: datetime,
        local: datetime,
        anchors: dict[tuple[date, int, int], tuple[datetime, int]],
    ) -> None:
        """Note whether ``minute`` is on the grid that counts from the start of its interval."""
        if self.terms.grid is SlotGrid.INTERVAL:
            anchor, _ = anchors.setdefault(interval, (minute, 0))
        else:
            # How far the minute hand of the wall is from that of UTC: moved only by jumps of part of an hour.
            hand = (local.minute - minute.minute) % 60
            if interval not in anchors or anchors[interval][1] != hand:
                anchors[interval] = (minute - local.minute * MINUTE, hand)
            anchor, _ = anchors[interval]
        if (minute - anchor) % self.terms.step == timedelta(0):
            self.grid.add(minute)

    def _look_ahead(self) -> None:
        """Note for every minute how many minutes of work follow, itself included."""
        for minute in reversed(self.local):
            if minute in self.working:
                self.minutes_ahead[minute] = self.minutes_ahead.get(minute + MINUTE, 0) + 1

    def _follow_free_time(self) -> None:
        """Note for every possible minute the first of its day from which on all are possible."""
        for minute, local in self.local.items():
            if self._fits(minute) and not self._taken(minute) and not self._busy(minute):
                before = minute - MINUTE
                goes_on = before in self.first_possible and self.local[before].date() == local.date()
                self.first_possible[minute] = self.first_possible[before] if goes_on else minute

    def _on_grid(self, minute: datetime) -> bool:
        if self.terms.grid is SlotGrid.AFTER_PREVIOUS:
            first = self.first_possible.get(minute)
            return first is not None and (minute - first) % self.terms.step == timedelta(0)
        return minute in self.grid

    def _entered(self, day: date) -> list[tuple[int, int]]:
        intervals = []
        of_day = [override for override in self.schedule.overrides if override.date == day]
        if not any(one.kind in (OverrideKind.DAY_OFF, OverrideKind.HOLIDAY) for one in of_day):
            intervals += [
                (hours.start_minute, hours.end_minute)
                for hours in self.schedule.weekly
                if _applies(hours, day)
            ]
        intervals += [
            (one.start_minute, one.end_minute) for one in of_day if one.kind is OverrideKind.EXTRA_HOURS
        ]
        return intervals

    def _time_off(self, day: date, minute_of_day: int) -> bool:
        return any(
            one.date == day
            and one.kind is OverrideKind.TIME_OFF
            and one.start_minute <= minute_of_day < one.end_minute
            for one in self.schedule.overrides
        )

    def _fits(self, minute: datetime) -> bool:
        return self.minutes_ahead.get(minute, 0) * MINUTE >= self.terms.duration

    def _taken(self, minute: datetime) -> bool:
        start, end = self._with_buffers(minute)
        return any(one.blocked_start < end and start < one.blocked_end for one in self.occupied)

    def _busy(self, minute: datetime) -> bool:
        start, end = self._with_buffers(minute)
        return any(one.start < end and start < one.end for one in self.busy)

    def _with_buffers(self, minute: datetime) -> tuple[datetime, datetime]:
        return (
            minute - self.terms.buffer_before,
            minute + self.terms.duration + self.terms.buffer_after,
        )

    def _full(self, day: date) -> bool:
        of_day = [one for one in self.occupied if one.start.astimezone(self.zone).date() == day]
        of_service = [one for one in of_day if one.service_id == self.terms.service_id]
        return (self.schedule.daily_limit is not None and len(of_day) >= self.schedule.daily_limit) or (
            self.terms.daily_limit is not None and len(of_service) >= self.terms.daily_limit
        )

    def _last_date(self) -> date:
        return self.now.astimezone(self.zone).date() + timedelta(days=self.terms.horizon_days)


def _applies(hours: WeeklyHours, day: date) -> bool:
    if day.isoweekday() - 1 != hours.weekday:
        return False
    if hours.valid_from and day < hours.valid_from:
        return False
    if hours.valid_until and hours.valid_until < day:
        return False
    if hours.every_weeks == 2:
        weeks_apart = (_monday(day) - _monday(hours.anchor)).days // 7
        return weeks_apart % 2 == 0
    return True


def _monday(day: date) -> date:
    year, week, _ = day.isocalendar()
    return date.fromisocalendar(year, week, 1)
