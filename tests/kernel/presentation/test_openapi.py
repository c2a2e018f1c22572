"""What the schema says about every operation of the API."""

from typing import Any

import pytest
from drf_spectacular.generators import SchemaGenerator
from openapi_spec_validator import validate

from apps.kernel.presentation.problem import MEDIA_TYPE

METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    schema: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return schema


def operations(schema: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [
        (f"{method.upper()} {path}", operation)
        for path, item in schema["paths"].items()
        for method, operation in item.items()
        if method in METHODS
    ]


def test_the_schema_is_valid_openapi_3_1(schema: dict[str, Any]) -> None:
    assert schema["openapi"].startswith("3.1")
    validate(schema)


def test_every_error_is_a_problem_with_an_example(schema: dict[str, Any]) -> None:
    for name, operation in operations(schema):
        errors = {status: each for status, each in operation["responses"].items() if status >= "400"}
        assert errors, name
        for status, response in errors.items():
            content = response["content"][MEDIA_TYPE]
            assert content["schema"] == {"$ref": "#/components/schemas/Problem"}, (name, status)
            assert content["examples"], (name, status)
            for code, example in content["examples"].items():
                assert example["value"]["code"] == code
                assert str(example["value"]["status"]) == status


def test_every_writing_operation_takes_an_idempotency_key(schema: dict[str, Any]) -> None:
    for name, operation in operations(schema):
        headers = {each["name"] for each in operation.get("parameters", []) if each["in"] == "header"}
        assert ("Idempotency-Key" in headers) is not name.startswith("GET "), name
        if "Idempotency-Key" in headers:
            assert {"409", "422"} <= set(operation["responses"]), name


def test_signing_in_is_described(schema: dict[str, Any]) -> None:
    assert schema["components"]["securitySchemes"]["SessionToken"]["name"] == "X-Session-Token"
    paths = schema["paths"]
    assert paths["/api/v1/auth/session/"]["delete"]["security"] == [{"SessionToken": []}]
    assert "401" in paths["/api/v1/auth/session/"]["delete"]["responses"]
    assert "401" not in paths["/api/v1/auth/session/"]["post"]["responses"]
    examples = paths["/api/v1/auth/session/"]["post"]["responses"]["422"]["content"][MEDIA_TYPE]["examples"]
    assert {"sign_in_code_invalid", "invalid_email", "validation_error", "idempotency_key_reused"} <= set(
        examples
    )


def test_every_operation_has_a_summary_and_an_id(schema: dict[str, Any]) -> None:
    ids = [operation["operationId"] for _, operation in operations(schema)]
    assert len(ids) == len(set(ids))
    assert all(operation.get("summary") for _, operation in operations(schema))
