"""The calendar: its feed, and moving by drag."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.booking.models import Appointment
from tests.booking.factories import (
    make_appointment,
    make_client,
    make_hours,
    make_override,
    make_service,
    make_specialist,
    next_monday,
)
from tests.booking.presentation.admin.pages import columns, signed_in_as, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    return signed_in_as("owner")


@pytest.fixture
def service():
    specialist = make_specialist()
    make_hours(specialist, weekdays=range(5))
    return make_service(specialist, name="Первая консультация")


def feed(browser, **span: str) -> Any:
    monday = next_monday(0)
    query = {"start": monday.isoformat(), "end": (monday + timedelta(days=7)).isoformat(), **span}
    return browser.get(url("appointment_calendar_feed"), query)


def wall(hour: int, minute: int = 0) -> str:
    """A time of next Monday as the calendar sends and gets it: by the specialist's clock, without a zone."""
    return f"{next_monday(12).date()}T{hour:02d}:{minute:02d}:00"


def drag(browser, appointment: Appointment, start: str, version: int = 1) -> Any:
    return browser.post(
        url("appointment_drag", appointment.pk),
        json.dumps({"start": start, "version": version}),
        content_type="application/json",
    )


class TestTheFeed:
    def test_has_appointments_by_the_specialists_clock(self, owner, service):
        client = make_client(display_name="Анна Ким")
        appointment = make_appointment(service=service, client=client, start=next_monday(12))
        make_appointment(service=service, start=next_monday(15), status="canceled")
        events = [each for each in feed(owner).json() if "id" in each]
        assert [(each["title"], each["start"], each["end"]) for each in events] == [
            ("Анна Ким", wall(12), wall(12, 50))
        ]
        assert events[0]["url"] == url("appointment_change", appointment.pk)
        assert events[0]["editable"] is True
        assert events[0]["extendedProps"]["status"] == "подтверждена"

    def test_has_working_hours_without_days_off(self, owner, service):
        make_override(service.specialist, day=next_monday(12).date() + timedelta(days=1))
        hours = [each["start"] for each in feed(owner).json() if each.get("display") == "background"]
        assert len(hours) == 4
        assert hours[0] == wall(10)

    def test_leaves_out_waits_that_are_over(self, owner, service):
        over = datetime.now(UTC) - timedelta(minutes=1)
        make_appointment(
            service=service, start=next_monday(12), status="pending_payment", hold_expires_at=over
        )
        assert [each for each in feed(owner).json() if "id" in each] == []

    def test_costs_at_most_four_statements_of_its_own(self, owner, service):
        for hour in range(10, 18):
            make_appointment(service=service, start=next_monday(hour))
        with CaptureQueriesContext(connection) as queries:
            assert feed(owner).status_code == 200
        own = [each["sql"] for each in queries if '"booking_' in each["sql"]]
        assert len(own) <= 4
        assert len(queries) <= 6

    @pytest.mark.parametrize(
        "span",
        [
            {"start": "", "end": ""},
            {"start": "2026-13-45"},
            {"end": "2000-01-01"},
            {"end": "2999-01-01T00:00:00Z"},
            {"start": "\0"},
        ],
    )
    def test_refuses_spans_that_are_none_or_too_long(self, owner, service, span):
        assert feed(owner, **span).status_code == 422

    def test_is_closed_to_the_editor(self, service):
        assert feed(signed_in_as("editor")).status_code == 403
        assert signed_in_as("editor").get(url("appointment_calendar")).status_code == 403


class TestDragging:
    def test_moves_the_appointment(self, owner, service):
        appointment = make_appointment(service=service, start=next_monday(12))
        response = drag(owner, appointment, wall(15))
        assert response.status_code == 200, response.json()
        assert columns(appointment)["start"] == next_monday(15)
        assert "15:00" in response.json()["detail"]

    def test_onto_a_taken_time_is_refused_and_nothing_moves(self, owner, service):
        appointment = make_appointment(service=service, start=next_monday(12))
        make_appointment(service=service, start=next_monday(15))
        before = columns(appointment)
        response = drag(owner, appointment, wall(15))
        assert (response.status_code, response.json()["code"]) == (409, "slot_taken")
        assert columns(appointment) == before

    def test_from_a_stale_page_is_refused(self, owner, service):
        appointment = make_appointment(service=service, start=next_monday(12))
        response = drag(owner, appointment, wall(15), version=7)
        assert (response.status_code, response.json()["code"]) == (409, "stale_version")

    @pytest.mark.parametrize(
        "body", ["", "{", "[]", '{"start": 5, "version": 1}', '{"start": "x", "version": "y"}']
    )
    def test_nonsense_is_refused(self, owner, service, body):
        appointment = make_appointment(service=service, start=next_monday(12))
        response = owner.post(url("appointment_drag", appointment.pk), body, content_type="application/json")
        assert response.status_code == 422

    def test_a_time_that_the_clock_skips_is_refused(self, owner):
        specialist = make_specialist(time_zone="Europe/Berlin")
        make_hours(specialist, start="00:00", end="24:00")
        appointment = make_appointment(service=make_service(specialist))
        assert drag(owner, appointment, "2027-03-28T02:30:00").status_code == 422

    def test_is_no_matter_of_a_link(self, owner, service):
        appointment = make_appointment(service=service)
        assert owner.get(url("appointment_drag", appointment.pk)).status_code == 405

    def test_is_closed_to_the_editor(self, service):
        appointment = make_appointment(service=service, start=next_monday(12))
        before = columns(appointment)
        assert drag(signed_in_as("editor"), appointment, wall(15)).status_code == 403
        assert columns(appointment) == before


def test_the_page_works_before_there_is_a_specialist(owner):
    assert "Специалиста пока нет" in owner.get(url("appointment_calendar")).content.decode()
    assert feed(owner).json() == []
