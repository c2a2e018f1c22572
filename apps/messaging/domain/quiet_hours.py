"""When people are left in peace, by their own clock."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class QuietHours:
    """From ``start`` to ``end`` by the wall clock, every day; over midnight where ``end`` is earlier.
    None at all when both are the same."""

    start: time
    end: time

    def holds(self, instant: datetime, time_zone: str) -> bool:
        """Whether the wall clock of ``time_zone`` shows a quiet moment."""
        clock = instant.astimezone(ZoneInfo(time_zone)).time()
        if self.start <= self.end:
            return self.start <= clock < self.end
        return clock >= self.start or clock < self.end

    def next_open(self, instant: datetime, time_zone: str) -> datetime:
        """``instant`` itself, or the end of the quiet hours it falls into, in UTC."""
        if not self.holds(instant, time_zone):
            return instant.astimezone(UTC)
        return self._first_moment(instant, time_zone, self.end)

    def last_open(self, instant: datetime, time_zone: str) -> datetime:
        """``instant`` itself, or the last minute before the quiet hours it falls into, in UTC."""
        if not self.holds(instant, time_zone):
            return instant.astimezone(UTC)
        zone = ZoneInfo(time_zone)
        today = instant.astimezone(zone).date()
        begins = [
            moment
            for back in range(3)
            for moment in _moments(datetime.combine(today - back * _DAY, self.start), zone)
            if moment <= instant
        ]
        found = max(begins) - timedelta(minutes=1)
        while self.holds(found, time_zone):  # a clock put back shows quiet minutes twice
            found -= timedelta(minutes=1)
        return found

    def _first_moment(self, instant: datetime, time_zone: str, clock: time) -> datetime:
        zone = ZoneInfo(time_zone)
        today = instant.astimezone(zone).date()
        candidates = sorted(
            moment
            for ahead in range(3)
            for moment in _moments(datetime.combine(today + ahead * _DAY, clock), zone)
            if moment > instant and not self.holds(moment, time_zone)
        )
        return candidates[0]


def _moments(wall: datetime, zone: ZoneInfo) -> list[datetime]:
    """The instants at which the clock shows ``wall``: one, two where it is put back, and where it jumps over
    it the moment of the jump."""
    found = {wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)}
    shown = {moment for moment in found if moment.astimezone(zone).replace(tzinfo=None) == wall}
    return sorted(shown) if shown else [_jump(min(found), max(found), zone)]


def _jump(early: datetime, late: datetime, zone: ZoneInfo) -> datetime:
    """The first instant after the clock of ``zone`` jumped between two instants, to the second."""
    offset = early.astimezone(zone).utcoffset()
    while late - early > timedelta(seconds=1):
        middle = early + (late - early) / 2
        if middle.astimezone(zone).utcoffset() == offset:
            early = middle
        else:
            late = middle
    return late.replace(microsecond=0)
