"""The Russian working calendar: public holidays and transferred days, with the practice's own corrections."""

from datetime import date, datetime
from functools import cache

import holidays
from django.conf import settings
from django.utils import timezone

_SATURDAY = 5


def is_working_day(day: date) -> bool:
    """Whether ``day`` is a working day of the five-day week (art. 112 of the Labour Code, and the decrees by
    which the government transfers days off). ``EXTRA_DAYS_OFF`` and ``EXTRA_WORKING_DAYS`` correct what the
    data do not know yet; a year whose decree is not out yet has its statutory holidays only."""
    if day in settings.EXTRA_WORKING_DAYS:
        return True
    if day in settings.EXTRA_DAYS_OFF:
        return False
    days_off, working_weekend = _year(day.year)
    if day in working_weekend:
        return True
    return day.weekday() < _SATURDAY and day not in days_off


def local_day(at: datetime) -> date:
    """The day of an instant by the practice's clock: terms are counted by it."""
    return timezone.localdate(at)


@cache
def _year(year: int) -> tuple[frozenset[date], frozenset[date]]:
    russia = holidays.country_holidays("RU", years=year)
    worked = frozenset(day for day in russia.weekend_workdays if day.year == year)
    return frozenset(day for day in russia if day.year == year), worked
