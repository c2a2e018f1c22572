"""Terms of the law on a working calendar: which day is the last one, and how many working days are left."""

from collections.abc import Callable
from datetime import date, timedelta

type IsWorking = Callable[[date], bool]
"""Whether a day is a working day; the data come from outside (public holidays, transferred days)."""

_DAY = timedelta(days=1)
LONGEST_PAUSE = 366
"""Days in a row without work after which the calendar must be wrong."""


class NoWorkingDays(ValueError):
    """The calendar knows no working day for a year: its data are broken."""


def working_days_after(received: date, days: int, *, is_working: IsWorking) -> date:
    """The last day of a term of ``days`` working days. The day of receipt is not counted (art. 191 of the
    Civil Code); the term ends with the last of the working days. Raises NoWorkingDays."""
    if days < 1:
        raise ValueError("a term has at least one day")
    day = received
    for _number in range(days):
        day = _next_working(day, is_working)
    return day


def calendar_days_after(received: date, days: int, *, is_working: IsWorking) -> date:
    """The last working day on which a term of ``days`` calendar days can be kept; the day of receipt is not
    counted.

    Art. 193 of the Civil Code would move a term that ends on a day off to the next working day. Whether it
    speaks of duties under 152-FZ is disputed, so the working day before is taken: it is in time either way.
    Raises NoWorkingDays.
    """
    if days < 1:
        raise ValueError("a term has at least one day")
    last = received + timedelta(days=days)
    day = last
    while not is_working(day):
        day -= _DAY
        if (last - day).days > LONGEST_PAUSE:
            raise NoWorkingDays
    return day


def working_days_left(today: date, deadline: date, *, is_working: IsWorking) -> int:
    """How many working days remain, ``today`` not counted and ``deadline`` counted: 0 on the last day.
    Negative when the deadline is over, by the working days since."""
    if today <= deadline:
        return _working_days(today, deadline, is_working)
    return -max(1, _working_days(deadline, today, is_working))


def _working_days(after: date, until: date, is_working: IsWorking) -> int:
    return sum(is_working(after + timedelta(days=number)) for number in range(1, (until - after).days + 1))


def _next_working(day: date, is_working: IsWorking) -> date:
    for _number in range(LONGEST_PAUSE):
        day += _DAY
        if is_working(day):
            return day
    raise NoWorkingDays
