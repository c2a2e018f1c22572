"""Free times as JSON, day by day of the viewer's calendar.

A month of slots is hundreds of pairs of instants: they are written as text here, several times faster than
datetimes go through a serializer.
"""

from bisect import bisect_left
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from json import dumps
from zoneinfo import ZoneInfo

from apps.booking.application.find_slots import FoundSlots

A_DAY = timedelta(days=1)
_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
_CLOCK = [f"{minute // 60:02d}:{minute % 60:02d}:00" for minute in range(24 * 60)]


def slots_json(found: FoundSlots, *, first: date, last: date) -> str:
    """``{"time_zone", "days": [{"date", "slots": [{"start", "end"}]}]}``: every day of the span, in order.

    Instants carry the offset that holds in the viewer's zone at that very instant.
    """
    zone = ZoneInfo(found.time_zone)
    duration = int(found.duration.total_seconds())
    days = []
    day, opens = first, _midnight(first, zone)
    low = bisect_left(found.starts, opens)
    while day <= last:
        following = day + A_DAY
        closes = _midnight(following, zone)
        high = bisect_left(found.starts, closes, low)
        slots = ",".join(_slots(found.starts[low:high], day, opens, closes, duration, zone))
        days.append(f'{{"date":"{day.isoformat()}","slots":[{slots}]}}')
        day, opens, low = following, closes, high
    return f'{{"time_zone":{dumps(found.time_zone)},"days":[{",".join(days)}]}}'


def _slots(
    starts: list[int], day: date, opens: int, closes: int, duration: int, zone: ZoneInfo
) -> Iterator[str]:
    if not starts:
        return
    offset = _offset(opens, zone)
    # No zone jumps there and back again within one day, so equal offsets at both ends hold in between.
    if offset != _offset(closes + duration, zone) or offset % _MINUTE:
        yield from (_slot(start, duration, zone) for start in starts)
        return
    text = _offset_text(offset)
    head, between, tail = f'{{"start":"{day.isoformat()}T', f'{text}","end":"{day.isoformat()}T', f'{text}"}}'
    for start in starts:
        since_midnight = (start + offset) % _DAY
        until = since_midnight + duration
        if until >= _DAY or since_midnight % _MINUTE or until % _MINUTE:
            yield _slot(start, duration, zone)
        else:
            yield f"{head}{_CLOCK[since_midnight // _MINUTE]}{between}{_CLOCK[until // _MINUTE]}{tail}"


def _slot(start: int, duration: int, zone: ZoneInfo) -> str:
    begin, end = (datetime.fromtimestamp(each, zone).isoformat() for each in (start, start + duration))
    return f'{{"start":"{begin}","end":"{end}"}}'


def _midnight(day: date, zone: ZoneInfo) -> int:
    """The POSIX second at which the local day begins; where midnight is skipped, the instant of the jump."""
    return int(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp())


def _offset(second: int, zone: ZoneInfo) -> int:
    offset = datetime.fromtimestamp(second, UTC).astimezone(zone).utcoffset()
    return int(offset.total_seconds()) if offset else 0


def _offset_text(offset: int) -> str:
    sign, size = ("-", -offset) if offset < 0 else ("+", offset)
    return f"{sign}{size // _HOUR:02d}:{size % _HOUR // _MINUTE:02d}"
