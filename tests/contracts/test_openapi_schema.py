"""The schema is whole: valid OpenAPI 3.1, every call explained, every example true to its own schema."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema
from jsonschema import Draft202012Validator, FormatChecker

METHODS = {"get", "post", "put", "patch", "delete"}
CALLS = {
    "POST auth/code/",
    "POST auth/session/",
    "DELETE auth/session/",
    "GET consents/documents/",
    "GET services/",
    "GET services/{slug}/",
    "GET services/{slug}/slots/",
    "POST appointments/",
    "GET appointments/",
    "GET appointments/{appointment_id}/",
    "POST appointments/{appointment_id}/extend-hold/",
    "POST appointments/{appointment_id}/accept/",
    "GET appointments/{appointment_id}/cancellation/",
    "POST appointments/{appointment_id}/cancel/",
    "POST appointments/{appointment_id}/reschedule/",
    "GET appointments/{appointment_id}/intake/",
    "PUT appointments/{appointment_id}/intake/",
    "POST appointments/{appointment_id}/intake/submit/",
    "GET appointments/{appointment_id}/calendar.ics",
    "POST appointments/{appointment_id}/payments/",
    "GET appointments/{appointment_id}/payments/",
    "GET payments/{payment_id}/",
    "POST waitlist/",
    "GET waitlist/",
    "DELETE waitlist/{request_id}/",
    "GET me/",
    "PATCH me/",
    "GET me/consents/",
    "POST me/consents/",
    "POST me/consents/{purpose}/withdraw/",
    "GET me/consents/history/",
    "POST me/contacts/",
    "POST me/contacts/{confirmation_id}/confirm/",
    "GET me/erasure/plan/",
    "POST me/erasure/",
    "POST me/erasure/{erasure_id}/confirmation/",
    "GET me/notifications/",
    "PUT me/notifications/",
    "GET me/sessions/",
    "DELETE me/sessions/",
    "DELETE me/sessions/{session_id}/",
    "GET me/readings/",
    "GET me/diary/",
    "POST me/diary/",
    "GET me/diary/{entry_id}/",
    "PUT me/diary/{entry_id}/",
    "DELETE me/diary/{entry_id}/",
    "POST me/diary/{entry_id}/share/",
    "DELETE me/diary/{entry_id}/share/",
    "GET me/favourites/",
    "PUT me/favourites/{kind}/{reference}/",
    "DELETE me/favourites/{kind}/{reference}/",
    "GET me/materials/",
    "GET me/materials/{material_id}/",
    "GET me/exports/",
    "POST me/exports/",
    "GET me/exports/{export_id}/",
    "DELETE me/exports/{export_id}/file/",
    "GET me/exports/{export_id}/file/",
}


@cache
def schema() -> dict[str, Any]:
    return SchemaGenerator().get_schema(request=None, public=True)


def operations() -> dict[str, dict[str, Any]]:
    return {
        f"{method.upper()} {path.removeprefix('/api/v1/')}": operation
        for path, item in schema()["paths"].items()
        for method, operation in item.items()
        if method in METHODS
    }


def bodies(operation: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The media of what is sent and of what comes back, named."""
    for media_type, media in operation.get("requestBody", {}).get("content", {}).items():
        yield f"request {media_type}", media
    for status, response in operation["responses"].items():
        for media_type, media in response.get("content", {}).items():
            yield f"{status} {media_type}", media


def faults(value: Any, media: dict[str, Any]) -> list[str]:
    document = {**media["schema"], "components": schema()["components"]}
    validator = Draft202012Validator(document, format_checker=FormatChecker())
    return [f"{list(error.path)}: {error.message}" for error in validator.iter_errors(value)]


def test_it_is_openapi_3_1() -> None:
    assert schema()["openapi"].startswith("3.1")
    validate_schema(schema())


def test_it_has_exactly_the_calls_of_the_contract() -> None:
    assert set(operations()) == CALLS


@pytest.mark.parametrize("call", sorted(CALLS))
def test_every_call_is_explained_with_examples_that_fit(call: str) -> None:
    operation = operations()[call]
    assert operation["summary"]
    assert operation["operationId"]
    assert operation["tags"]
    for place, media in bodies(operation):
        assert media.get("examples"), f"{place} has no example"
        for name, example in media["examples"].items():
            assert not faults(example["value"], media), f"{place} {name}"


@pytest.mark.parametrize("call", sorted(CALLS))
def test_every_call_tells_of_its_errors_as_problems(call: str) -> None:
    responses = operations()[call]["responses"]
    refused = {status: response for status, response in responses.items() if status >= "400"}
    assert "406" in refused
    assert "429" in refused
    for status, response in refused.items():
        assert list(response["content"]) == ["application/problem+json"], status
        [media] = response["content"].values()
        for code, example in media["examples"].items():
            assert (example["value"]["code"], example["value"]["status"]) == (code, int(status))


def test_operation_ids_are_unique() -> None:
    ids = [operation["operationId"] for operation in operations().values()]
    assert len(ids) == len(set(ids))


def test_writing_calls_take_an_idempotency_key_and_reads_a_tag() -> None:
    for call, operation in operations().items():
        takes_key = "Idempotency-Key" in [each["name"] for each in operation.get("parameters", [])]
        assert takes_key is not call.startswith("GET"), call
        success = next(answer for status, answer in operation["responses"].items() if status < "300")
        assert ("ETag" in success["headers"]) is call.startswith("GET"), call
        assert ("304" in operation["responses"]) is call.startswith("GET"), call


def test_the_codes_of_booking_are_those_that_clients_were_promised() -> None:
    responses = operations()["POST appointments/"]["responses"]
    codes = {
        status: set(response["content"]["application/problem+json"]["examples"])
        for status, response in responses.items()
        if status >= "400"
    }
    assert {"slot_taken", "idempotency_in_progress"} <= codes["409"]
    assert {
        "slot_unavailable",
        "consent_required",
        "wrong_meeting_format",
        "validation_error",
        "idempotency_key_reused",
    } <= codes["422"]
    assert "service_not_found" in codes["404"]
    assert "clients_only" in codes["403"]


def test_the_codes_of_paying_are_those_that_clients_were_promised() -> None:
    responses = operations()["POST appointments/{appointment_id}/payments/"]["responses"]
    codes = {
        status: set(response["content"]["application/problem+json"]["examples"])
        for status, response in responses.items()
        if status >= "400"
    }
    assert {"already_paid", "appointment_not_payable"} <= codes["409"]
    assert {"deposit_not_offered", "return_url_not_allowed", "payment_refused"} <= codes["422"]
    assert "appointment_not_found" in codes["404"]
    assert codes["503"] == {"payment_service_unavailable"}
    assert "Retry-After" in responses["503"]["headers"]


def test_calls_that_need_a_sign_in_say_so() -> None:
    for call, operation in operations().items():
        needs = (
            call.split(" ")[1].startswith(("appointments/", "me/", "payments/"))
            or call == "DELETE auth/session/"
        )
        assert (operation.get("security") == [{"SessionToken": []}]) is needs, call
