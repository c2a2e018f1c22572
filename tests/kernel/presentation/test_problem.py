"""Every error under /api/ is a problem (RFC 9457), whoever raises it."""

import json

import pytest
from django.test import Client
from rest_framework.test import APIClient

from apps.kernel.domain.errors import DomainError
from apps.kernel.presentation.problem import register_statuses, status_of

pytestmark = [
    pytest.mark.urls("tests.kernel.presentation.plumbing_urls"),
    pytest.mark.django_db,
]


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/api/failing/missing/", 404, "not_found"),
        ("/api/failing/stale/", 409, "stale_version"),
        ("/api/failing/refused/", 422, "refused"),
        ("/api/failing/django404/", 404, "not_found"),
        ("/api/failing/forbidden/", 403, "permission_denied"),
        ("/api/failing/defect/", 500, "internal_error"),
        ("/api/members/", 401, "not_authenticated"),
        ("/api/notes/", 405, "method_not_allowed"),
        ("/api/plain/", 404, "not_found"),
        ("/api/no-such-path/", 404, "not_found"),
        ("/api/failing/%00/", 404, "not_found"),
        ("/api/members/?cursor=%00", 422, "null_character"),
    ],
)
def test_errors_are_problems(api: APIClient, path: str, status: int, code: str) -> None:
    response = api.get(path)
    problem = response.json()
    assert response.status_code == problem["status"] == status
    assert response["Content-Type"] == "application/problem+json"
    assert problem["code"] == code
    assert problem["type"] == f"urn:problem-type:{code}"
    assert problem["title"]
    assert problem["detail"]
    assert problem["instance"] == path.partition("?")[0]
    assert isinstance(problem["errors"], list)


def test_a_page_outside_of_the_api_stays_a_page(client: Client) -> None:
    assert client.get("/page/")["Content-Type"].startswith("text/html")


def test_a_defect_says_nothing_of_its_cause(api: APIClient) -> None:
    assert "P2 text" not in api.get("/api/failing/defect/").content.decode()


def test_a_domain_error_names_its_field_and_carries_its_data(api: APIClient) -> None:
    problem = api.get("/api/failing/refused/").json()
    assert problem["detail"] == "Refused because of the rules."
    assert problem["errors"] == [
        {"pointer": "/start", "detail": "Refused because of the rules.", "code": "refused"}
    ]
    assert problem["params"] == {
        "reason": "the rules",
        "price": {"amount": "4500.00", "currency": "RUB"},
        "at": "2026-12-01T00:00:00",
    }


def test_titles_speak_the_language_asked_for(api: APIClient) -> None:
    russian = api.get("/api/failing/missing/")
    english = api.get("/api/failing/missing/", headers={"Accept-Language": "en"})
    assert russian.json()["title"] == "Не найдено"
    assert russian["Content-Language"] == "ru"
    assert english.json()["title"] == "Not found"


def test_signing_in_is_asked_for_by_header(api: APIClient) -> None:
    assert "X-Session-Token" in api.get("/api/members/")["WWW-Authenticate"]


def test_field_errors_point_into_the_body(api: APIClient) -> None:
    response = api.post("/api/echo/", {"name": "too long", "inner": [1, "x"], "zone": "Mars/Olympus"})
    problem = response.json()
    assert (response.status_code, problem["code"]) == (422, "validation_error")
    assert {(error["pointer"], error["code"]) for error in problem["errors"]} == {
        ("/name", "max_length"),
        ("/inner/1", "invalid"),
        ("/zone", "unknown_time_zone"),
    }


def post(api: APIClient, body: bytes | str, content_type: str = "application/json"):  # type: ignore[no-untyped-def]
    return api.post("/api/echo/", body, content_type=content_type)


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ("{", 400, "malformed_request"),
        ('{"name": NaN}', 400, "malformed_request"),
        ('{"name": "a", "name": "b"}', 400, "malformed_request"),
        (b'{"name": "\xff"}', 400, "malformed_request"),
        ("[" * 30_000 + "]" * 30_000, 400, "malformed_request"),
        ('{"name":' + "[" * 30 + "]" * 30 + "}", 400, "malformed_request"),
        ('{"inner": [' + "9" * 5000 + "]}", 400, "malformed_request"),
        ('{"name": "\\u0000"}', 422, "validation_error"),
        ('{"na\\u0000me": "a"}', 422, "validation_error"),
        ('{"name": "\\ud800"}', 422, "validation_error"),
        ("[]", 422, "validation_error"),
        ('"text"', 422, "validation_error"),
        ("null", 422, "validation_error"),
    ],
)
def test_bodies_that_nothing_can_be_done_with(
    api: APIClient, body: bytes | str, status: int, code: str
) -> None:
    response = post(api, body)
    assert (response.status_code, response.json()["code"]) == (status, code)


def test_a_null_character_is_found_where_it_is(api: APIClient) -> None:
    problem = post(api, json.dumps({"inner": [{"deep": "a\0"}]})).json()
    assert [(e["pointer"], e["code"]) for e in problem["errors"]] == [("/inner/0/deep", "null_character")]


def test_a_body_over_64_kib_is_too_large(api: APIClient) -> None:
    at_limit = json.dumps({"name": "a" * (64 * 1024 - 12)})
    assert len(at_limit) == 64 * 1024
    assert post(api, at_limit).status_code == 422
    response = post(api, at_limit + " ")
    assert (response.status_code, response.json()["code"]) == (413, "body_too_large")


def test_a_body_is_measured_even_if_its_declared_length_lies(api: APIClient) -> None:
    from io import BytesIO

    from rest_framework.exceptions import APIException

    from apps.kernel.presentation.parsers import StrictJSONParser

    with pytest.raises(APIException) as refused:
        StrictJSONParser().parse(BytesIO(b" " * (64 * 1024 + 1)))
    assert refused.value.status_code == 413


def test_another_form_of_body_is_not_understood(api: APIClient) -> None:
    response = post(api, "name=a", content_type="application/x-www-form-urlencoded")
    assert (response.status_code, response.json()["code"]) == (415, "unsupported_media_type")


def test_another_form_of_answer_is_not_offered(api: APIClient) -> None:
    response = api.get("/api/members/", headers={"Accept": "text/html"})
    assert response.status_code in {401, 406}
    response = api.post("/api/echo/", {}, headers={"Accept": "text/html"})
    assert (response.status_code, response.json()["code"]) == (406, "not_acceptable")


def test_contexts_name_the_statuses_of_their_codes() -> None:
    class PlumbingTaken(DomainError):
        code = "plumbing_taken"

    assert status_of(PlumbingTaken) == 422
    register_statuses({"plumbing_taken": 409})
    register_statuses({"plumbing_taken": 409})
    assert status_of(PlumbingTaken()) == 409
    with pytest.raises(ValueError, match="plumbing_taken"):
        register_statuses({"plumbing_taken": 404})


@pytest.mark.parametrize(("kind", "seconds"), [("toomuch", "3600"), ("toomuchnow", "30")])
def test_what_is_too_much_says_when_to_come_back(api: APIClient, kind: str, seconds: str) -> None:
    response = api.get(f"/api/failing/{kind}/")
    assert (response.status_code, response["Retry-After"]) == (429, seconds)
