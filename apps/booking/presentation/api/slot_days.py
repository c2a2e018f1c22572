"""Free times as JSON, day by day of the viewer's calendar.

A month of slots is hundreds of pairs of instants: they are written as text here, many times faster than
datetimes go through a serializer.
"""

from bisect import bisect_left
from datetime import date, datetime, timedelta, timezone
from json import dumps
from zoneinfo import ZoneInfo

from apps.booking.application.find_slots import FoundSlots

_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
_EPOCH = date(1970, 1, 1).toordinal()


def slots_json(found: FoundSlots, *, first: date, last: date) -> str:
    """``{"time_zone", "days": [{"date", "slots": [{"start", "end"}]}]}``: every day of the span, in order.

    Instants carry the offset that holds in the viewer's zone at that very instant.
    """
    zone = ZoneInfo(found.time_zone)
    duration = int(found.duration.total_seconds())
    patterns: dict[tuple[int, ...], str] = {}
    days = []
    opens, offset = _midnight(first, zone)
    low = bisect_left(found.starts, opens)
    for number in range(first.toordinal(), last.toordinal() + 1):
        day = date.fromordinal(number)
        closes, next_offset = _midnight(date.fromordinal(number + 1), zone)
        high = bisect_left(found.starts, closes, low)
        slots = ""
        if low < high:
            starts = found.starts[low:high]
            # No zone jumps there and back again within one day: equal offsets at both ends hold in between.
            if offset == next_offset and starts[-1] + duration < closes:
                slots = _plain_day(starts, day, opens, offset, duration, patterns)
            else:
                slots = ",".join(_slot(start, duration, zone) for start in starts)
        days.append(f'{{"date":"{day.isoformat()}","slots":[{slots}]}}')
        opens, offset, low = closes, next_offset, high
    return f'{{"time_zone":{dumps(found.time_zone)},"days":[{",".join(days)}]}}'


def _plain_day(
    starts: list[int],
    day: date,
    opens: int,
    offset: int,
    duration: int,
    patterns: dict[tuple[int, ...], str],
) -> str:
    """A day on which the offset stays the same: days of a schedule look alike, so the text of one serves
    them all, with ``D`` for the date and ``Z`` for the offset."""
    times = tuple(start - opens for start in starts)
    pattern = patterns.get(times)
    if pattern is None:
        pattern = ",".join(
            f'{{"start":"DT{_clock(second)}Z","end":"DT{_clock(second + duration)}Z"}}' for second in times
        )
        patterns[times] = pattern
    return pattern.replace("Z", _offset_text(offset)).replace("D", day.isoformat())


def _slot(start: int, duration: int, zone: ZoneInfo) -> str:
    begin, end = (datetime.fromtimestamp(each, zone).isoformat() for each in (start, start + duration))
    return f'{{"start":"{begin}","end":"{end}"}}'


def _midnight(day: date, zone: ZoneInfo) -> tuple[int, int]:
    """The POSIX second at which the local day begins, and the offset that its midnight is named with; where
    midnight is skipped, the instant of the jump and the offset before it."""
    offset = _seconds(datetime(day.year, day.month, day.day, tzinfo=zone).utcoffset())
    return (day.toordinal() - _EPOCH) * _DAY - offset, offset


def _seconds(offset: timedelta | None) -> int:
    return offset.days * _DAY + offset.seconds if offset else 0


def _clock(second: int) -> str:
    """The time of day so many seconds after midnight."""
    return f"{second // _HOUR:02d}:{second % _HOUR // _MINUTE:02d}:{second % _MINUTE:02d}"


def _offset_text(offset: int) -> str:
    """As ``datetime.isoformat`` writes it: with seconds only where there are some."""
    if offset % _MINUTE:
        return datetime.fromtimestamp(0, timezone(timedelta(seconds=offset))).isoformat()[19:]
    sign, size = ("-", -offset) if offset < 0 else ("+", offset)
    return f"{sign}{size // _HOUR:02d}:{size % _HOUR // _MINUTE:02d}"
