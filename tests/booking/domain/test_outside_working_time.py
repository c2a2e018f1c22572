"""Which sessions lie outside working time, against the plain question asked of each."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from apps.booking.domain.schedule import DateOverride, OverrideKind, Schedule, WeeklyHours
from apps.booking.domain.working_time import is_working, outside_working_time
from apps.kernel.domain.period import Period
from tests.booking.domain_objects import SPECIALIST_ID
from tests.counts import property_settings

FIRST = datetime(2026, 10, 20, tzinfo=UTC)
ZONES = ("Europe/Moscow", "Europe/Berlin", "Asia/Kathmandu")


def test_nobody_is_outside_when_there_are_no_sessions():
    schedule = Schedule(specialist_id=SPECIALIST_ID, time_zone="Europe/Moscow", weekly=(), overrides=())
    assert outside_working_time(schedule=schedule, sessions={}) == []


@property_settings()
@given(
    zone=st.sampled_from(ZONES),
    hours=st.lists(st.tuples(st.integers(0, 6), st.integers(0, 23), st.integers(1, 24)), max_size=6),
    off=st.lists(st.integers(0, 20), max_size=2),
    sessions=st.lists(st.tuples(st.integers(0, 20 * 24 * 4), st.integers(1, 12)), min_size=1, max_size=8),
)
def test_they_are_those_that_are_not_working_time_each_by_itself(zone, hours, off, sessions):
    weekly = [
        WeeklyHours(weekday=weekday, start_minute=start * 60, end_minute=min(start + length, 24) * 60)
        for weekday, start, length in hours
    ]
    apart = [one for index, one in enumerate(weekly) if not any(one.meets(other) for other in weekly[:index])]
    schedule = Schedule(
        specialist_id=SPECIALIST_ID,
        time_zone=zone,
        weekly=tuple(apart),
        overrides=tuple(
            DateOverride(date=date(2026, 10, 20) + timedelta(days=day), kind=OverrideKind.DAY_OFF)
            for day in set(off)
        ),
    )
    periods = {
        number: Period.lasting(FIRST + timedelta(minutes=15 * quarter), timedelta(minutes=15 * quarters))
        for number, (quarter, quarters) in enumerate(sessions)
    }
    alone = {number for number, period in periods.items() if not is_working(schedule=schedule, period=period)}
    found = outside_working_time(schedule=schedule, sessions=periods)
    assert set(found) == alone
    assert [periods[number].start for number in found] == sorted(periods[number].start for number in found)
