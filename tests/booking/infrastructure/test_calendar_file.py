"""An appointment as an iCalendar file, in zones with and without changes of the clock."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from apps.booking.infrastructure.calendar_file import CalendarEntry, calendar_file

START = datetime(2026, 12, 1, 9, tzinfo=UTC)
ENTRY = CalendarEntry(
    appointment_id=UUID(int=7),
    service_name="Встреча, первая; пробная",
    specialist_name="Анна Орлова",
    start=START,
    end=START + timedelta(minutes=50),
    time_zone="Europe/Moscow",
    address="Москва, ул. Мира, 1",
    meeting_link="",
    created_at=datetime(2026, 11, 1, 8, tzinfo=UTC),
    changed_at=datetime(2026, 11, 2, 8, tzinfo=UTC),
    revision=3,
)


def test_every_member_is_told() -> None:
    calendar = Calendar.from_ical(calendar_file(ENTRY))
    [event] = calendar.walk("VEVENT")
    assert (calendar["METHOD"], calendar["VERSION"], event["STATUS"]) == ("PUBLISH", "2.0", "CONFIRMED")
    assert event["UID"] == str(UUID(int=7))
    assert event["SEQUENCE"] == 3
    assert event["SUMMARY"] == "Встреча, первая; пробная — Анна Орлова"
    assert event["LOCATION"] == "Москва, ул. Мира, 1"
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (ENTRY.start, ENTRY.end)
    assert (event["CREATED"].dt, event["DTSTAMP"].dt) == (ENTRY.created_at, ENTRY.changed_at)
    assert "URL" not in event


def test_an_online_session_tells_its_link() -> None:
    entry = replace(ENTRY, address="", meeting_link="https://meet.example.org/orlova")
    [event] = Calendar.from_ical(calendar_file(entry)).walk("VEVENT")
    assert event["URL"] == event["LOCATION"] == "https://meet.example.org/orlova"


def test_the_same_entry_gives_the_same_bytes_with_lines_as_the_standard_asks() -> None:
    content = calendar_file(ENTRY)
    assert content == calendar_file(ENTRY)
    lines = content.split(b"\r\n")
    assert lines[-1] == b""
    assert all(len(line) <= 75 and b"\n" not in line for line in lines)


@pytest.mark.parametrize(
    "zone",
    [
        "Europe/Moscow",
        "Europe/Berlin",
        "America/New_York",
        "America/Santiago",
        "Asia/Kathmandu",
        "Australia/Lord_Howe",
        "Africa/Casablanca",
    ],
)
@pytest.mark.parametrize("month", [1, 3, 4, 7, 10, 11])
def test_the_zone_in_the_file_shows_the_clock_of_the_place(zone: str, month: int) -> None:
    """A calendar that knows nothing but the file comes to the same instant."""
    start = datetime(2027, month, 15, 12, 30, tzinfo=UTC)
    entry = replace(ENTRY, start=start, end=start + timedelta(minutes=50), time_zone=zone)
    calendar = Calendar.from_ical(calendar_file(entry))
    [described] = calendar.walk("VTIMEZONE")
    [event] = calendar.walk("VEVENT")
    assert event["DTSTART"].params["TZID"] == described["TZID"] == zone
    shown = start.astimezone(ZoneInfo(zone))
    alone = described.to_tz(lookup_tzid=False)
    assert shown.replace(tzinfo=alone).utcoffset() == shown.utcoffset()


def test_utc_needs_no_zone_id() -> None:
    [event] = Calendar.from_ical(calendar_file(replace(ENTRY, time_zone="UTC"))).walk("VEVENT")
    assert event["DTSTART"].dt == START
