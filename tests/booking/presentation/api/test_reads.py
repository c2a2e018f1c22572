"""Reads are told apart by ETag, kept by nobody in between, and limited where a setting says so."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from apps.booking.infrastructure.models import Service
from apps.identity.infrastructure.models import User
from tests.booking.factories import make_appointment, make_intake_template, make_service, next_monday
from tests.booking.presentation.api.checks import assert_problem, booking_of, of


@pytest.fixture
def addresses(client: User, db: None) -> list[str]:
    service = make_service(slug="consultation", intake_template=make_intake_template())
    appointment = make_appointment(client=client, service=service)
    day = next_monday().date()
    return [
        "/api/v1/services/",
        "/api/v1/services/consultation/",
        f"/api/v1/services/consultation/slots/?from={day}&to={day}",
        "/api/v1/appointments/",
        of(appointment),
        of(appointment, "cancellation/"),
        of(appointment, "intake/"),
        of(appointment, "calendar.ics"),
        "/api/v1/waitlist/",
    ]


def test_what_has_not_changed_is_not_sent_again(api: APIClient, addresses: list[str]) -> None:
    for address in addresses:
        first = api.get(address)
        assert first.status_code == 200
        again = api.get(address, headers={"If-None-Match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b""), address


def test_what_has_changed_is_sent_again(api: APIClient, client: User, service: Service) -> None:
    appointment = make_appointment(client=client, service=service, start=next_monday(12))
    tag = api.get(of(appointment))["ETag"]
    api.post(of(appointment, "reschedule/"), {"start": next_monday(15).isoformat()})
    again = api.get(of(appointment), headers={"If-None-Match": tag})
    assert again.status_code == 200
    assert again["ETag"] != tag


def test_answers_about_a_person_are_kept_by_nobody_in_between(api: APIClient, addresses: list[str]) -> None:
    for address in addresses:
        private = "/services/" not in address
        assert (api.get(address).get("Cache-Control") == "private, no-store") is private, address


def test_calls_are_counted_and_limited_by_scope(
    api: APIClient, guest: APIClient, service: Service, settings: Any
) -> None:
    settings.API_RATE_LIMITS = {"reads": "100/m", "slots": "2/m", "writes": "1/m"}
    day = next_monday().date()
    search = f"/api/v1/services/{service.slug}/slots/?from={day}&to={day}"

    answers = [guest.get(search) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[0]["RateLimit"].startswith('"slots";r=1;t=')
    assert answers[0]["RateLimit-Policy"] == '"slots";q=2;w=60'
    assert int(answers[2]["Retry-After"]) <= 60
    assert_problem(answers[2], 429, "too_many_requests")

    assert api.post("/api/v1/appointments/", booking_of(service, next_monday(12))).status_code == 201
    again = api.post("/api/v1/appointments/", booking_of(service, next_monday(15)))
    assert_problem(again, 429, "too_many_requests")
    read = api.get("/api/v1/appointments/")
    assert (read.status_code, len(read.json()["results"])) == (200, 1)
    assert read["RateLimit-Policy"] == '"reads";q=100;w=60'


def test_without_a_setting_nothing_is_limited(guest: APIClient, service: Service) -> None:
    answer = guest.get("/api/v1/services/")
    assert answer.status_code == 200
    assert "RateLimit" not in answer
