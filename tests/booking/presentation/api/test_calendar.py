"""A confirmed appointment as a file for the client's own calendar."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar
from rest_framework.test import APIClient

from apps.booking.infrastructure.models import Service
from apps.identity.infrastructure.models import User
from tests.booking.factories import make_appointment, next_monday
from tests.booking.presentation.api.checks import assert_problem, of


def test_the_file_says_when_where_and_nothing_private(api: APIClient, client: User, service: Service) -> None:
    appointment = make_appointment(client=client, service=service, time_zone="Europe/Berlin", topic="divorce")

    response = api.get(of(appointment, "calendar.ics"))

    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Content-Disposition"] == f'attachment; filename="appointment-{appointment.id}.ics"'
    assert "divorce" not in response.content.decode()
    assert client.email not in response.content.decode()
    calendar = Calendar.from_ical(response.content)
    assert calendar["METHOD"] == "PUBLISH"
    [event] = calendar.walk("VEVENT")
    assert event["UID"] == str(appointment.id)
    assert event["SUMMARY"] == f"{service.name} — Анна Орлова"
    assert event["LOCATION"] == "https://meet.example.org/orlova"
    assert event["DTSTART"].dt == appointment.start
    assert event["DTSTART"].params["TZID"] == "Europe/Berlin"
    assert event["DTEND"].dt == appointment.end
    assert [zone["TZID"] for zone in calendar.walk("VTIMEZONE")] == ["Europe/Berlin"]


def test_a_moved_appointment_keeps_its_uid_and_grows_its_sequence(
    api: APIClient, client: User, service: Service
) -> None:
    appointment = make_appointment(client=client, service=service, start=next_monday(12))
    before = Calendar.from_ical(api.get(of(appointment, "calendar.ics")).content).walk("VEVENT")[0]
    api.post(of(appointment, "reschedule/"), {"start": next_monday(15).isoformat()})
    after = Calendar.from_ical(api.get(of(appointment, "calendar.ics")).content).walk("VEVENT")[0]
    assert before["UID"] == after["UID"]
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert after["DTSTAMP"].dt > before["DTSTAMP"].dt or after["SEQUENCE"] == 1
    assert after["DTSTART"].dt == next_monday(15)


@pytest.mark.parametrize("status", ["requested", "pending_payment", "canceled", "completed", "expired"])
def test_only_confirmed_appointments_have_one(
    api: APIClient, client: User, service: Service, status: str
) -> None:
    appointment = make_appointment(client=client, service=service, status=status)
    answer = api.get(of(appointment, "calendar.ics"))
    assert_problem(answer, 409, "appointment_not_confirmed", detail="В календарь можно")


def test_it_is_given_as_a_calendar_or_not_at_all(api: APIClient, client: User, service: Service) -> None:
    appointment = make_appointment(client=client, service=service)
    address = of(appointment, "calendar.ics")
    assert api.get(address, headers={"Accept": "text/calendar"}).status_code == 200
    assert_problem(api.get(address, headers={"Accept": "image/png"}), 406, "not_acceptable")


def test_the_zone_of_the_file_agrees_with_the_clock_there(
    api: APIClient, client: User, service: Service
) -> None:
    appointment = make_appointment(client=client, service=service, time_zone="America/New_York")
    text = api.get(of(appointment, "calendar.ics")).content.decode()
    local = appointment.start.astimezone(ZoneInfo("America/New_York"))
    assert f"DTSTART;TZID=America/New_York:{local:%Y%m%dT%H%M%S}" in text
    zone = Calendar.from_ical(text).walk("VTIMEZONE")[0].to_tz(lookup_tzid=False)
    naive = datetime(local.year, local.month, local.day, local.hour, local.minute, tzinfo=zone)
    assert naive.utcoffset() == local.utcoffset()
