"""Quiet hours by people's own clocks, through the nights when clocks jump."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.messaging.domain.quiet_hours import QuietHours
from tests.counts import property_settings

NIGHT = QuietHours(time(21), time(9))
ZONES = [
    "Europe/Moscow",
    "Asia/Vladivostok",
    "Europe/Berlin",
    "America/New_York",
    "America/St_Johns",
    "Australia/Lord_Howe",  # jumps by half an hour
    "Africa/Casablanca",
    "Pacific/Apia",
    "America/Santiago",  # jumps at midnight
    "Asia/Kathmandu",
    "UTC",
]
zones = st.sampled_from(ZONES)
instants = st.integers(0, 7 * 366 * 86_400).map(
    lambda seconds: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)
clocks = st.integers(0, 24 * 60 - 1).map(lambda minute: time(minute // 60, minute % 60))


def at(zone: str, text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


@pytest.mark.parametrize(
    ("clock", "quiet"),
    [("20:59", False), ("21:00", True), ("03:00", True), ("08:59", True), ("09:00", False)],
)
def test_they_are_half_open_and_reach_over_midnight(clock: str, quiet: bool) -> None:
    assert NIGHT.holds(at("Europe/Moscow", f"2026-03-10T{clock}"), "Europe/Moscow") is quiet


def test_the_same_hour_twice_means_none_at_all() -> None:
    assert not any(
        QuietHours(time(9), time(9)).holds(at("UTC", f"2026-03-10T{hour:02d}:00"), "UTC")
        for hour in range(24)
    )


def test_the_night_of_the_jump_ends_by_the_new_clock() -> None:
    evening = at("Europe/Berlin", "2026-03-28T23:00")
    assert NIGHT.next_open(evening, "Europe/Berlin") == datetime(2026, 3, 29, 7, tzinfo=UTC)
    assert NIGHT.last_open(evening, "Europe/Berlin") == at("Europe/Berlin", "2026-03-28T20:59")


def test_an_end_that_the_clock_jumps_over_is_the_moment_of_the_jump() -> None:
    quiet = QuietHours(time(22), time(2, 30))
    assert quiet.next_open(at("Europe/Berlin", "2026-03-29T01:00"), "Europe/Berlin") == datetime(
        2026, 3, 29, 1, tzinfo=UTC
    )


@property_settings(300)
@given(instants, zones, clocks, clocks)
def test_the_next_open_moment_is_open_not_before_and_the_first(
    instant: datetime, zone: str, start: time, end: time
) -> None:
    quiet = QuietHours(start, end)
    found = quiet.next_open(instant, zone)
    assert found >= instant
    assert not quiet.holds(found, zone)
    if found > instant:
        assert quiet.holds(instant, zone)
        assert quiet.holds(found - timedelta(seconds=1), zone)
        assert found - instant <= timedelta(hours=26)


@property_settings(300)
@given(instants, zones, clocks, clocks)
def test_the_last_open_moment_is_open_and_not_after(
    instant: datetime, zone: str, start: time, end: time
) -> None:
    quiet = QuietHours(start, end)
    found = quiet.last_open(instant, zone)
    assert found <= instant
    assert not quiet.holds(found, zone)
