"""Periods: half-open, aware, kept in UTC."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.kernel.domain.period import InvalidPeriod, Period
from tests.counts import property_settings

NOON = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
MINUTES = st.integers(0, 400)


def period(start: int, length: int) -> Period:
    return Period.lasting(NOON + timedelta(minutes=start), timedelta(minutes=length))


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (NOON, NOON),
        (NOON, NOON - HOUR),
        (NOON.replace(tzinfo=None), NOON),
        (NOON, (NOON + HOUR).replace(tzinfo=None)),
    ],
    ids=["empty", "reversed", "naive start", "naive end"],
)
def test_it_refuses_what_is_no_period(start: datetime, end: datetime) -> None:
    with pytest.raises(InvalidPeriod):
        Period(start, end)


def test_lasting_refuses_a_naive_start_and_no_length() -> None:
    with pytest.raises(InvalidPeriod):
        Period.lasting(NOON.replace(tzinfo=None), HOUR)
    with pytest.raises(InvalidPeriod):
        Period.lasting(NOON, timedelta(0))


def test_its_ends_are_kept_in_utc() -> None:
    moscow = ZoneInfo("Europe/Moscow")
    kept = Period(NOON.astimezone(moscow), (NOON + HOUR).astimezone(moscow))
    assert kept == Period(NOON, NOON + HOUR)
    assert kept.start.tzinfo is UTC


def test_its_length_is_elapsed_time_across_a_jump_of_the_clock() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    before_the_jump = datetime(2026, 10, 25, 1, 30, tzinfo=berlin)
    assert Period.lasting(before_the_jump, 2 * HOUR).end.astimezone(berlin).hour == 2
    assert Period.lasting(before_the_jump, 2 * HOUR).length == 2 * HOUR


def test_it_contains_its_start_and_not_its_end() -> None:
    one = Period(NOON, NOON + HOUR)
    assert one.contains(NOON)
    assert not one.contains(NOON + HOUR)


def test_touching_periods_do_not_overlap() -> None:
    assert not period(0, 60).overlaps(period(60, 60))
    assert period(0, 61).overlaps(period(60, 60))


def test_buffers_are_added_on_both_sides() -> None:
    padded = period(0, 60).padded(before=timedelta(minutes=5), after=timedelta(minutes=10))
    assert padded == period(-5, 75)


@property_settings()
@given(MINUTES, st.integers(1, 100), MINUTES, st.integers(1, 100))
def test_two_overlap_exactly_when_some_minute_lies_in_both(a: int, la: int, b: int, lb: int) -> None:
    together = set(range(a, a + la)) & set(range(b, b + lb))
    assert period(a, la).overlaps(period(b, lb)) is bool(together)
    assert period(a, la).overlaps(period(b, lb)) is period(b, lb).overlaps(period(a, la))
