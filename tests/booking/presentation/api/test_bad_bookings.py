"""What cannot be booked is refused with a stable code and a Russian sentence, and leaves no trace."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from rest_framework.test import APIClient

from apps.booking.infrastructure.models import Service
from tests.booking.factories import (
    make_appointment,
    make_hours,
    make_override,
    make_service,
    make_specialist,
    next_monday,
)
from tests.booking.presentation.api.checks import assert_problem, booking_of, nothing_changes

CALL = "/api/v1/appointments/"


def refused(api: APIClient, body: Any, status: int, code: str, **more: Any) -> dict[str, Any]:
    with nothing_changes():
        return assert_problem(api.post(CALL, body), status, code, **more)


def unavailable(api: APIClient, service: Service, start: datetime, reason: str, detail: str) -> None:
    problem = refused(
        api, booking_of(service, start), 422, "slot_unavailable", detail=detail, pointer="/start"
    )
    assert problem["reason"] == reason
    assert problem["params"] == {"reason": reason}


def test_a_time_in_the_past(api: APIClient, service: Service) -> None:
    yesterday = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) - timedelta(days=1)
    unavailable(api, service, yesterday, "past", "Это время уже прошло")


def test_a_time_that_starts_too_soon(api: APIClient, service: Service) -> None:
    soon = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(hours=6)
    unavailable(api, service, soon, "too_soon", "На это время записаться уже нельзя")


def test_a_time_too_far_ahead(api: APIClient, service: Service) -> None:
    unavailable(api, service, next_monday(12, weeks=10), "too_far", "Запись на такую дату")


def test_a_time_outside_the_working_hours(api: APIClient, service: Service) -> None:
    unavailable(api, service, next_monday(3), "outside_hours", "В это время специалист не принимает")
    # The last start must leave room for the whole session.
    unavailable(api, service, next_monday(18, 30), "outside_hours", "В это время специалист не принимает")


def test_a_day_off(api: APIClient, service: Service) -> None:
    make_override(service.specialist, day=next_monday().date(), kind="holiday")
    unavailable(api, service, next_monday(12), "outside_hours", "В это время специалист не принимает")


@pytest.mark.parametrize("shift", [timedelta(minutes=7), timedelta(seconds=1), timedelta(microseconds=1)])
def test_a_time_off_the_grid(api: APIClient, service: Service, shift: timedelta) -> None:
    unavailable(api, service, next_monday(12) + shift, "off_grid", "В это время встречи не начинаются")


@pytest.mark.parametrize("whose", ["service", "specialist"])
def test_a_day_whose_limit_is_reached(api: APIClient, db: None, whose: str) -> None:
    specialist = make_specialist(daily_limit=1 if whose == "specialist" else None)
    make_hours(specialist)
    service = make_service(specialist, daily_limit=1 if whose == "service" else None)
    make_appointment(service=service, start=next_monday(10))
    unavailable(api, service, next_monday(15), "daily_limit", "На этот день")


def test_a_time_that_is_taken_or_too_close_to_one(api: APIClient, service: Service) -> None:
    make_appointment(service=service, start=next_monday(12))
    for minutes in (0, 30, -30):
        start = next_monday(12) + timedelta(minutes=minutes)
        refused(
            api,
            booking_of(service, start),
            409,
            "slot_taken",
            detail="Это время уже занято",
            pointer="/start",
        )


@pytest.mark.parametrize("status", ["draft", "archived"])
def test_a_service_that_is_not_published(api: APIClient, db: None, status: str) -> None:
    body = booking_of(make_service(status=status), next_monday())
    refused(api, body, 404, "service_not_found", detail="Такой услуги нет", pointer="/service")


def test_a_service_that_does_not_exist(api: APIClient, service: Service) -> None:
    body = {**booking_of(service, next_monday()), "service": "nothing"}
    refused(api, body, 404, "service_not_found", pointer="/service")


def test_a_format_the_service_is_not_held_in(api: APIClient, service: Service) -> None:
    body = booking_of(service, next_monday(), meeting_format="offline")
    refused(api, body, 422, "wrong_meeting_format", detail="Эта услуга", pointer="/meeting_format")


@pytest.mark.parametrize(
    ("start", "code"),
    [
        ("2026-12-01T10:00:00", "naive_datetime"),
        ("2026-12-01 10:00:00+03:00", "invalid_instant"),
        ("2026-02-30T10:00:00+03:00", "impossible_instant"),
        ("2026-12-01T25:00:00+03:00", "impossible_instant"),
        ("2026-12-01T10:00:60+03:00", "impossible_instant"),
        ("2026-12-01T10:00:00+25:00", "impossible_instant"),
        ("9999-12-31T23:59:59-23:59", "impossible_instant"),
        ("0001-01-01T00:00:00+23:59", "impossible_instant"),
        ("tomorrow", "invalid_instant"),
        ("", "invalid_instant"),
        (1_764_572_400, "invalid_instant"),
        (["2026-12-01T10:00:00+03:00"], "invalid_instant"),
        (None, "null"),
    ],
)
def test_a_start_that_is_no_instant(api: APIClient, service: Service, start: Any, code: str) -> None:
    body = {**booking_of(service, next_monday()), "start": start}
    problem = refused(api, body, 422, "validation_error", pointer="/start")
    assert problem["errors"][0]["code"] == code


def test_an_offset_that_the_zone_never_has_still_names_an_instant(api: APIClient, service: Service) -> None:
    start = next_monday(12).isoformat().replace("+00:00", "-00:00")
    answer = api.post(CALL, {**booking_of(service, next_monday(12)), "start": start})
    assert answer.status_code == 201


@pytest.mark.parametrize(
    ("member", "value", "pointer"),
    [
        ("service", None, "/service"),
        ("service", 5, "/service"),
        ("service", "", "/service"),
        ("service", "a b", "/service"),
        ("service", "consultation\n", "/service"),
        ("service", "x" * 81, "/service"),
        ("meeting_format", "telepathy", "/meeting_format"),
        ("meeting_format", ["online"], "/meeting_format"),
        ("time_zone", "Mars/Base", "/time_zone"),
        ("time_zone", "europe/moscow", "/time_zone"),
        ("time_zone", "../../etc/passwd", "/time_zone"),
        ("time_zone", 3, "/time_zone"),
        ("consents", "personal_data", "/consents"),
        ("consents", ["personal_data"], "/consents/0"),
        ("consents", [{"purpose": "personal_data"}], "/consents/0/version"),
        ("consents", [{"purpose": "personal_data", "version": 1}], "/consents/0/version"),
        ("consents", [{"purpose": "personal_data", "version": "1.0"}] * 11, "/consents"),
        ("topic", "тревога", "/topic"),
        ("topic", "x" * 65, "/topic"),
        ("entry_point", "a b", "/entry_point"),
        ("entry_point", {"a": 1}, "/entry_point"),
        ("deep_link_id", "short", "/deep_link_id"),
        ("deep_link_id", "aZ09aZ09a-", "/deep_link_id"),
        ("utm", [], "/utm"),
        ("utm", {"utm_source": 5}, "/utm/utm_source"),
        ("utm", {"utm_source": "x" * 101}, "/utm/utm_source"),
        ("utm", {"utm_source": "ivan@example.org"}, "/utm/utm_source"),
        ("utm", {"gclid": "1"}, "/utm/gclid"),
        ("topic", "a\0b", "/topic"),
        ("service", "\0", "/service"),
    ],
)
def test_members_of_a_wrong_kind(
    api: APIClient, service: Service, member: str, value: Any, pointer: str
) -> None:
    body = {**booking_of(service, next_monday()), member: value}
    refused(api, body, 422, "validation_error", pointer=pointer)


def test_everything_wrong_is_told_at_once(api: APIClient, service: Service) -> None:
    problem = refused(
        api, {"start": "soon"}, 422, "validation_error", detail="Проверьте, пожалуйста", pointer="/start"
    )
    assert {error["pointer"] for error in problem["errors"]} == {
        "/service",
        "/start",
        "/meeting_format",
        "/time_zone",
    }


@pytest.mark.parametrize("body", [[], "text", 5, None])
def test_a_body_that_is_no_object(api: APIClient, service: Service, body: Any) -> None:
    with nothing_changes():
        answer = api.generic("POST", CALL, json.dumps(body), content_type="application/json")
        assert_problem(answer, 422, "validation_error")


@pytest.mark.parametrize(
    "raw",
    [b"{", b"\xff", b'{"service": NaN}', b'{"start": 1, "start": 2}', b"[" * 1_000 + b"]" * 1_000],
)
def test_a_body_that_is_no_json(api: APIClient, service: Service, raw: bytes) -> None:
    with nothing_changes():
        answer = api.generic("POST", CALL, raw, content_type="application/json")
        assert_problem(answer, 400, "malformed_request")


def test_half_of_a_character(api: APIClient, service: Service) -> None:
    raw = json.dumps({**booking_of(service, next_monday()), "topic": "\ud800"})
    with nothing_changes():
        answer = api.generic("POST", CALL, raw, content_type="application/json")
        assert_problem(answer, 422, "validation_error", pointer="/topic")


def test_a_body_over_64_kib(api: APIClient, service: Service) -> None:
    body = {**booking_of(service, next_monday()), "topic": "x" * 65 * 1024}
    refused(api, body, 413, "body_too_large", detail="Тело запроса")


def test_a_body_in_another_language(api: APIClient, service: Service) -> None:
    with nothing_changes():
        answer = api.generic("POST", CALL, "service=x", content_type="application/x-www-form-urlencoded")
        assert_problem(answer, 415, "unsupported_media_type")


def test_without_a_token_or_with_one_that_has_ended(guest: APIClient, service: Service) -> None:
    body = booking_of(service, next_monday())
    refused(guest, body, 401, "not_authenticated")
    with nothing_changes():
        answer = guest.post(CALL, body, headers={"X-Session-Token": "ended"})
        assert_problem(answer, 401, "session_invalid")
        assert answer["WWW-Authenticate"]


def test_a_method_that_the_address_does_not_take(guest: APIClient, api: APIClient) -> None:
    for caller in (guest, api):
        for method in ("patch", "put", "delete"):
            answer = getattr(caller, method)(CALL)
            assert_problem(answer, 405, "method_not_allowed")
            assert answer["Allow"] == "GET, POST, HEAD, OPTIONS"
