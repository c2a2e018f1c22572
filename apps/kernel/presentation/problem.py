"""Errors as RFC 9457 ``application/problem+json``, whoever raises them."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied as DjangoPermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.encoding import escape_uri_path
from django.utils.translation import gettext, gettext_lazy
from rest_framework import exceptions
from rest_framework.response import Response

from apps.kernel.domain.errors import DomainError, NotFound
from apps.kernel.presentation.json_values import NOT_JSON, json_value
from apps.kernel.presentation.throttling import add_rate_limit_headers

MEDIA_TYPE = "application/problem+json"
API_PREFIX = "/api/"
MAX_BODY_BYTES = 64 * 1024
RETRY_AFTER = 30
"""Seconds after which to try again what a service outside did not answer (503), or what was too much (429)
where the error's ``retry_after`` does not say."""

STATUS_BY_CODE: dict[str, int] = {
    "clients_only": 403,
    "idempotency_in_progress": 409,
    "not_found": 404,
    "stale_version": 409,
}
"""The HTTP status of a domain error's code; codes that are not named here answer 422."""

TITLES = {
    400: gettext_lazy("The request cannot be read"),
    401: gettext_lazy("Sign in first"),
    403: gettext_lazy("This is not allowed"),
    404: gettext_lazy("Not found"),
    405: gettext_lazy("This address does not take this method"),
    406: gettext_lazy("This form of answer is not offered"),
    409: gettext_lazy("This conflicts with the present state"),
    410: gettext_lazy("This is no longer there"),
    413: gettext_lazy("The request is too large"),
    415: gettext_lazy("This form of request is not understood"),
    422: gettext_lazy("The request cannot be carried out"),
    429: gettext_lazy("Too many requests"),
    500: gettext_lazy("Something went wrong on our side"),
    503: gettext_lazy("The service is not available for the moment"),
}
DETAILS = {
    403: gettext_lazy("You have no access to this."),
    404: gettext_lazy("There is nothing at this address."),
    500: gettext_lazy("We have written the error down. Please try again a little later."),
}
CODES = {
    400: "malformed_request",
    401: "not_authenticated",
    403: "permission_denied",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    413: "body_too_large",
    415: "unsupported_media_type",
    429: "too_many_requests",
    500: "internal_error",
    503: "unavailable",
}


class BodyTooLarge(exceptions.APIException):
    """The body is over MAX_BODY_BYTES."""

    status_code = 413
    default_code = "body_too_large"
    default_detail = gettext_lazy("The body of a request may have at most 64 KiB.")


def register_statuses(statuses: Mapping[str, int]) -> None:
    """Let a context say which HTTP status its error codes answer with.

    Raises ValueError when a code already answers with another.
    """
    for code, status in statuses.items():
        if STATUS_BY_CODE.setdefault(code, status) != status:
            raise ValueError(f"the code {code} already answers {STATUS_BY_CODE[code]}")


def status_of(error: DomainError | type[DomainError]) -> int:
    """The HTTP status that a domain error answers with."""
    kind = error if isinstance(error, type) else type(error)
    default = 404 if issubclass(kind, NotFound) else 422
    return STATUS_BY_CODE.get(kind.code, default)


def exception_handler(exc: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: the problem for ``exc``, or None for what is a defect of ours."""
    from rest_framework.views import set_rollback  # its module loads our parsers, which need this one

    path = context["request"].path
    headers: dict[str, str] = {}
    if isinstance(exc, DomainError):
        problem = _of_domain_error(exc, path)
        if problem["status"] == HTTPStatus.SERVICE_UNAVAILABLE:
            headers["Retry-After"] = str(RETRY_AFTER)
        elif problem["status"] == HTTPStatus.TOO_MANY_REQUESTS:
            headers["Retry-After"] = str(exc.params.get("retry_after", RETRY_AFTER))
    elif isinstance(exc, exceptions.ValidationError):
        errors = flat_errors(exc.get_full_details())
        detail = errors[0]["detail"] if len(errors) == 1 else gettext("Some fields need another look.")
        problem = build(status=422, code="validation_error", detail=detail, path=path, errors=errors)
    elif isinstance(exc, exceptions.APIException):
        headers = _headers_of(exc)
        problem = build(status=exc.status_code, code=_code_of(exc), detail=str(exc.detail), path=path)
    elif isinstance(exc, Http404):
        problem = build(status=404, code=CODES[404], detail=str(DETAILS[404]), path=path)
    elif isinstance(exc, DjangoPermissionDenied):
        problem = build(status=403, code=CODES[403], detail=str(DETAILS[403]), path=path)
    else:
        return None
    set_rollback()
    return Response(problem, status=problem["status"], headers=headers, content_type=MEDIA_TYPE)


def build(
    *,
    status: int,
    code: str,
    detail: str,
    path: str,
    errors: list[dict[str, str]] | None = None,
    params: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The members of a problem. ``errors`` name the fields to blame by JSON pointer (RFC 6901)."""
    problem: dict[str, Any] = {
        "type": f"urn:problem-type:{code}",
        "title": str(TITLES.get(status) or HTTPStatus(status).phrase),
        "status": status,
        "detail": detail,
        "code": code,
        "instance": escape_uri_path(path),
        "errors": errors or [],
    }
    if params:
        problem["params"] = dict(params)
    return problem


def flat_errors(details: Any, pointer: str = "") -> list[dict[str, str]]:
    """DRF's nested ``get_full_details()`` as a flat list with JSON pointers; "" is the whole body."""
    if isinstance(details, list):
        nested = [
            flat_errors(each, pointer if _is_leaf(each) else f"{pointer}/{index}")
            for index, each in enumerate(details)
        ]
        return [error for errors in nested for error in errors]
    if _is_leaf(details):
        return [{"pointer": pointer, "detail": str(details["message"]), "code": str(details["code"])}]
    found = []
    for name, each in details.items():
        token = str(name).replace("~", "~0").replace("/", "~1")
        found += flat_errors(each, pointer if name == "non_field_errors" else f"{pointer}/{token}")
    return found


class ProblemMiddleware:
    """Keeps every answer under ``/api/`` in the API's language: errors that Django itself makes (no such
    path, forbidden, defects) become problems, and bodies or addresses that nothing could serve stop here."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(API_PREFIX):
            return self._get_response(request)
        response = _refusal(request) or self._get_response(request)
        if response.status_code >= 400 and not response.get("Content-Type", "").startswith(MEDIA_TYPE):
            response = _replacement(request, response)
        add_rate_limit_headers(request, response)
        return response


def _refusal(request: HttpRequest) -> HttpResponse | None:
    if "\0" in request.path_info:
        return problem_response(request, status=404)
    query = request.META.get("QUERY_STRING", "")
    if "%00" in query or "\0" in query:
        return problem_response(
            request, status=422, code="null_character", detail=gettext("Null characters are not allowed.")
        )
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > MAX_BODY_BYTES:
        return problem_response(request, status=413, detail=str(BodyTooLarge.default_detail))
    return None


def _replacement(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    problem = problem_response(request, status=response.status_code)
    for name in ("Allow", "Retry-After", "WWW-Authenticate", "Vary"):
        if name in response:
            problem[name] = response[name]
    return problem


def problem_response(request: HttpRequest, *, status: int, code: str = "", detail: str = "") -> JsonResponse:
    """A problem outside of DRF's views; texts default to those of the status."""
    body = build(
        status=status,
        code=code or CODES.get(status, "error"),
        detail=detail or str(DETAILS.get(status, "")) or str(TITLES.get(status, "")),
        path=request.path,
    )
    return JsonResponse(
        body, status=status, content_type=MEDIA_TYPE, json_dumps_params={"ensure_ascii": False}
    )


def _of_domain_error(error: DomainError, path: str) -> dict[str, Any]:
    detail = gettext(error.message)
    if error.params:
        detail %= error.params
    plain = {name: json_value(value) for name, value in error.params.items()}
    errors = []
    if error.field:
        pointer = "/" + error.field.replace(".", "/")
        errors = [{"pointer": pointer, "detail": detail, "code": error.code}]
    params = {name: value for name, value in plain.items() if value is not NOT_JSON}
    problem = build(
        status=status_of(error), code=error.code, detail=detail, path=path, errors=errors, params=params
    )
    return problem | {name: params[name] for name in error.members if name in params}


def _code_of(exc: exceptions.APIException) -> str:
    if isinstance(exc, exceptions.ParseError | exceptions.Throttled | exceptions.NotAuthenticated):
        return CODES[exc.status_code]
    codes = exc.get_codes()
    return codes if isinstance(codes, str) else CODES.get(exc.status_code, "error")


def _headers_of(exc: exceptions.APIException) -> dict[str, str]:
    headers = {}
    if scheme := getattr(exc, "auth_header", None):
        headers["WWW-Authenticate"] = str(scheme)
    if (seconds := getattr(exc, "wait", None)) is not None:
        headers["Retry-After"] = str(int(seconds))
    return headers


def _is_leaf(details: Any) -> bool:
    return (
        isinstance(details, dict) and set(details) == {"message", "code"} and isinstance(details["code"], str)
    )
