"""What the clock on the wall shows: a time zone's local time as arithmetic on whole seconds.

Instants are POSIX seconds. Local times are seconds since 1970-01-01 00:00 on the wall, so ``local // DAY``
numbers the local day. Plain integers keep a month of slots well below a millisecond.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from math import ceil
from zoneinfo import ZoneInfo

DAY = 86_400

type Span = tuple[int, int]
"""A half-open range of instants."""

type Piece = tuple[int, int, int]
"""A half-open range of instants and the offset from UTC that holds in it, all in seconds."""

# Farther than any date that Python knows.
_FOREVER = 1 << 40


def seconds(length: timedelta) -> int:
    """The whole seconds of ``length``."""
    return length.days * DAY + length.seconds


def second_from(instant: datetime) -> int:
    """The first whole second that is not before ``instant``."""
    return ceil(instant.timestamp())


def instant_at(second: int) -> datetime:
    """The instant of a POSIX second, in UTC."""
    return datetime.fromtimestamp(second, UTC)


class WallClock:
    """The clock of one time zone, exact for the instants from ``since`` to ``until``."""

    __slots__ = ("_pieces",)

    def __init__(self, time_zone: str, *, since: int, until: int) -> None:
        self._pieces = _pieces(time_zone, since // DAY, until // DAY + 1)

    def instants(self, local_start: int, local_end: int) -> list[Piece]:
        """The instants at which the wall clock shows a time in ``[local_start, local_end)``, in order.

        More than one piece where a jump lies inside, none for a time that the clock skips.
        """
        return [
            (max(begin, local_start - offset), min(end, local_end - offset), offset)
            for begin, end, offset in self._pieces
            if begin < local_end - offset and local_start - offset < end
        ]

    def day_of(self, instant: int) -> int:
        """The number of the local day of ``instant``."""
        return next((instant + offset) // DAY for _, end, offset in self._pieces if instant < end)

    def days_of(self, start: int, end: int) -> tuple[int, int]:
        """The first and the last local day of the instants in ``[start, end)``."""
        shown = [
            (max(begin, start) + offset, min(finish, end) + offset - 1)
            for begin, finish, offset in self._pieces
            if begin < end and start < finish
        ]
        return min(low for low, _ in shown) // DAY, max(high for _, high in shown) // DAY

    def start_of(self, day: int) -> int:
        """The first instant whose local day is ``day`` or later."""
        return min(
            max(begin, day * DAY - offset) for begin, end, offset in self._pieces if day * DAY - offset < end
        )

    def end_of(self, day: int) -> int:
        """The instant after the last one whose local day is ``day`` or earlier."""
        return max(
            min(end, (day + 1) * DAY - offset)
            for begin, end, offset in self._pieces
            if begin < (day + 1) * DAY - offset
        )


def _first_change(offset_at: Callable[[int], int], offset: int, low: int, high: int) -> int:
    """The first instant in ``(low, high]`` with another offset than ``offset``, which holds at ``low``."""
    while high - low > 1:
        middle = (low + high) // 2
        if offset_at(middle) == offset:
            low = middle
        else:
            high = middle
    return high


@lru_cache(maxsize=1_024)
def _pieces(time_zone: str, first: int, last: int) -> tuple[Piece, ...]:
    """The offsets of a zone, in order, exact from the UTC day ``first`` to the start of ``last``.

    Kept, because the same days are asked for all day long.
    """
    zone = ZoneInfo(time_zone)

    def offset_at(instant: int) -> int:
        offset = datetime.fromtimestamp(instant, zone).utcoffset()
        return seconds(offset) if offset else 0

    since, until = first * DAY, last * DAY
    pieces: list[Piece] = []
    begun, offset = -_FOREVER, offset_at(since)
    # No zone of the database jumps twice within a week, so a look at every day misses no jump.
    for probe in range(since + DAY, until + DAY, DAY):
        shown = offset_at(probe)
        if offset != shown:
            jump = _first_change(offset_at, offset, probe - DAY, probe)
            pieces.append((begun, jump, offset))
            begun, offset = jump, shown
    return (*pieces, (begun, _FOREVER, offset))
