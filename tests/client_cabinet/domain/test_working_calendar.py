"""Terms of the law: on working days, never shorter for having waited, the day of receipt not counted."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.client_cabinet.domain.working_calendar import (
    NoWorkingDays,
    calendar_days_after,
    working_days_after,
    working_days_left,
)
from tests.counts import property_settings

DAYS = st.dates(date(2024, 1, 1), date(2028, 12, 31))
LENGTHS = st.integers(1, 40)


@st.composite
def calendars(draw: st.DrawFn):
    """A five-day week with days off strewn in and some weekends worked."""
    off = frozenset(draw(st.sets(DAYS, max_size=40)))
    worked = frozenset(draw(st.sets(DAYS, max_size=40)))

    def is_working(day: date) -> bool:
        return day in worked or (day.weekday() < 5 and day not in off)

    return is_working


def five_day_week(day: date) -> bool:
    return day.weekday() < 5


@property_settings(bounded=60)
@given(received=DAYS, days=LENGTHS, is_working=calendars())
def test_a_term_of_working_days_holds_exactly_that_many_after_the_day_of_receipt(received, days, is_working):
    deadline = working_days_after(received, days, is_working=is_working)

    assert is_working(deadline)
    between = [received + timedelta(days=number) for number in range(1, (deadline - received).days + 1)]
    assert sum(map(is_working, between)) == days


@property_settings(bounded=60)
@given(received=DAYS, wait=st.integers(0, 30), days=LENGTHS, more=st.integers(0, 10), is_working=calendars())
def test_what_comes_later_or_has_longer_never_ends_earlier(received, wait, days, more, is_working):
    for count in (working_days_after, calendar_days_after):
        first = count(received, days, is_working=is_working)
        later = count(received + timedelta(days=wait), days + more, is_working=is_working)
        assert first <= later


@property_settings(bounded=60)
@given(received=DAYS, days=st.integers(20, 60), is_working=calendars())
def test_a_term_of_calendar_days_ends_on_a_working_day_that_is_in_time(received, days, is_working):
    deadline = calendar_days_after(received, days, is_working=is_working)

    assert is_working(deadline)
    assert deadline <= received + timedelta(days=days)
    after = [
        deadline + timedelta(days=n) for n in range(1, (received + timedelta(days=days) - deadline).days + 1)
    ]
    assert not any(map(is_working, after))


@property_settings(bounded=60)
@given(received=DAYS, days=LENGTHS, is_working=calendars())
def test_on_the_day_of_receipt_the_whole_term_is_left(received, days, is_working):
    deadline = working_days_after(received, days, is_working=is_working)

    assert working_days_left(received, deadline, is_working=is_working) == days
    assert working_days_left(deadline, deadline, is_working=is_working) == 0


@pytest.mark.parametrize(
    ("today", "left"),
    [
        (date(2026, 11, 20), 1),
        (date(2026, 11, 23), 0),
        (date(2026, 11, 24), -1),
        (date(2026, 11, 27), -4),
        (date(2026, 11, 29), -4),
    ],
    ids=["friday before", "last day", "day after", "end of week", "sunday"],
)
def test_days_left_tell_of_what_is_overdue_too(today, left):
    assert working_days_left(today, date(2026, 11, 23), is_working=five_day_week) == left


def test_a_saturday_after_the_deadline_is_overdue_already():
    assert working_days_left(date(2026, 11, 21), date(2026, 11, 20), is_working=five_day_week) == -1


def test_a_calendar_without_working_days_is_refused_and_not_searched_for_ever():
    with pytest.raises(NoWorkingDays):
        working_days_after(date(2026, 1, 1), 1, is_working=lambda day: False)
    with pytest.raises(NoWorkingDays):
        calendar_days_after(date(2026, 1, 1), 30, is_working=lambda day: False)


@pytest.mark.parametrize("count", [working_days_after, calendar_days_after], ids=["working", "calendar"])
def test_a_term_of_no_days_makes_no_sense(count):
    with pytest.raises(ValueError, match="at least one day"):
        count(date(2026, 1, 1), 0, is_working=five_day_week)
