"""What the OpenAPI schema says about every operation: its problems, its headers, its limits."""

from collections import defaultdict
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, TypeVar

from django.utils.translation import gettext
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.utils import PolymorphicProxySerializer
from rest_framework.permissions import IsAuthenticated

from apps.kernel.domain.errors import DomainError
from apps.kernel.presentation.idempotency import (
    HEADER,
    KEY_MAX_LENGTH,
    REPLAYED_HEADER,
    SAFE_METHODS,
    IdempotencyInProgress,
    IdempotencyKeyInvalid,
    IdempotencyKeyReused,
    IdempotentMixin,
)
from apps.kernel.presentation.problem import CODES, DETAILS, MEDIA_TYPE, TITLES, build, status_of

_Handler = TypeVar("_Handler", bound=Callable[..., Any])

PROBLEM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": "An error as of RFC 9457.",
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string", "description": "The kind of error, for people."},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string", "description": "This very error, for people."},
        "code": {"type": "string", "description": "The kind of error, for programs; never changes."},
        "instance": {"type": "string", "format": "uri-reference"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "pointer": {
                        "type": "string",
                        "description": 'JSON pointer to the input to blame; "" is the whole of it.',
                    },
                    "detail": {"type": "string"},
                    "code": {"type": "string"},
                },
                "required": ["pointer", "detail", "code"],
            },
        },
        "params": {
            "type": "object",
            "additionalProperties": True,
            "description": "Data of the error, where it has some.",
        },
    },
    "required": ["type", "title", "status", "detail", "code", "instance", "errors"],
}

_PROBLEM = ResolvedComponent(
    name="Problem", type=ResolvedComponent.SCHEMA, schema=PROBLEM_SCHEMA, object="problem"
)

_HEADERS: dict[str, Any] = {
    "X-Request-ID": {
        "schema": {"type": "string"},
        "description": "The id of this call in our logs: the one that was sent, or a new one.",
    }
}
_LIMIT_HEADERS: dict[str, Any] = {
    "RateLimit": {
        "schema": {"type": "string"},
        "description": "Where calls are limited: how many are left (`r`), and for how many seconds (`t`).",
        "example": '"reads";r=119;t=42',
    },
    "RateLimit-Policy": {
        "schema": {"type": "string"},
        "description": "Where calls are limited: how many (`q`) in how many seconds (`w`).",
        "example": '"reads";q=120;w=60',
    },
}
_REPLAYED: dict[str, Any] = {
    "schema": {"type": "string", "enum": ["true"]},
    "description": "Present when the answer is that of an earlier call with this key.",
}
_TAG: dict[str, Any] = {
    "schema": {"type": "string"},
    "description": "Send it as `If-None-Match` to be told by 304 that nothing has changed.",
}
_NOT_MODIFIED: dict[str, Any] = {"description": "Nothing has changed since the ETag of If-None-Match."}


def problems(*errors: type[DomainError]) -> Callable[[_Handler], _Handler]:
    """Document the domain errors that a view's handler may answer with."""

    def mark(handler: _Handler) -> _Handler:
        handler.problems = errors  # type: ignore[attr-defined]  # functions carry attributes
        return handler

    return mark


class ApiSchema(AutoSchema):
    """Adds to each operation the problems it can answer with, and to a writing one ``Idempotency-Key``."""

    def get_operation(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        operation = super().get_operation(*args, **kwargs)
        if operation is None:
            return None
        if "requestBody" in operation and isinstance(
            self.get_request_serializer(), PolymorphicProxySerializer
        ):
            # Each of the forms has a type; a choice of them tells none.
            operation["requestBody"]["required"] = True
        self.registry.register_on_missing(_PROBLEM)
        found: dict[int, dict[str, str]] = defaultdict(dict)
        for status, code, detail in self._problems(operation):
            found[status].setdefault(code, detail)
        for status, details in sorted(found.items()):
            operation["responses"].setdefault(str(status), _response(status, details))
        headers = dict(_HEADERS)
        if self._is_idempotent():
            operation.setdefault("parameters", []).append(_key_parameter())
            headers[REPLAYED_HEADER] = _REPLAYED
        if getattr(self.view, "throttle_scope", None):
            headers |= _LIMIT_HEADERS
        if self.method == "GET":
            headers["ETag"] = _TAG
            operation["responses"]["304"] = _NOT_MODIFIED
        for status, response in operation["responses"].items():
            if status.startswith("2"):
                response.setdefault("headers", {}).update(headers)
        return operation

    def _is_idempotent(self) -> bool:
        return isinstance(self.view, IdempotentMixin) and self.method not in SAFE_METHODS

    def _problems(self, operation: dict[str, Any]) -> list[tuple[int, str, str]]:
        """(status, code, detail) of everything that may go wrong."""
        statuses = [406]
        token_is_read = bool(self.view.get_authenticators())
        if token_is_read:
            statuses.append(401)
        if any(parameter["in"] == "path" for parameter in operation.get("parameters", [])):
            statuses.append(404)
        if self.method not in SAFE_METHODS:
            statuses += [400, 413, 415]
        if getattr(self.view, "throttle_scope", None):
            statuses.append(429)
        found = [(each, CODES[each], str(DETAILS.get(each, TITLES[each]))) for each in statuses]
        if "requestBody" in operation or any(
            parameter["in"] == "query" for parameter in operation.get("parameters", [])
        ):
            found.append((422, "validation_error", gettext("Some fields need another look.")))
        errors = list(getattr(self._handler(), "problems", ()))
        for permission in self.view.get_permissions():
            errors += getattr(permission, "problems", ())
        if self._is_idempotent():
            errors += [IdempotencyInProgress, IdempotencyKeyInvalid, IdempotencyKeyReused]
        return found + [(status_of(each), each.code, gettext(each.message)) for each in errors]

    def _handler(self) -> Callable[..., Any] | None:
        name = getattr(self.view, "action", None) or self.method.lower()
        return getattr(self.view, name, None)

    def get_auth(self) -> list[dict[str, Any]]:
        """Guests may call what needs no sign-in, with or without a token."""
        auth = [each for each in super().get_auth() if each]
        needs_token = any(isinstance(each, IsAuthenticated) for each in self.view.get_permissions())
        return auth if needs_token or not auth else [*auth, {}]


def _response(status: int, details: dict[str, str]) -> dict[str, Any]:
    content: dict[str, Any] = {"schema": _PROBLEM.ref}
    content["examples"] = {
        code: {"value": build(status=status, code=code, detail=detail, path="/api/v1/")}
        for code, detail in details.items()
    }
    response: dict[str, Any] = {
        "description": str(TITLES.get(status) or HTTPStatus(status).phrase),
        "content": {MEDIA_TYPE: content},
    }
    if status in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}:
        response["headers"] = {
            "Retry-After": {"schema": {"type": "integer"}, "description": "Seconds to wait."}
        }
    return response


def _key_parameter() -> dict[str, Any]:
    return {
        "in": "header",
        "name": HEADER,
        "required": False,
        "schema": {"type": "string", "minLength": 1, "maxLength": KEY_MAX_LENGTH, "pattern": r"^[!-~]+$"},
        "description": (
            "A key of your choice, a UUID best, for sending the same call again safely: the same key and "
            "body get the same answer for 24 hours."
        ),
    }
