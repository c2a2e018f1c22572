"""Every way a call can go wrong, as one of the three failures of the port.

The SDK reads the status from an exception that often has none, so that a refused connection surfaces as an
AttributeError and an HTML page as a JSONDecodeError: what happened stands deeper in the chain of causes.
"""

import re
import ssl
from collections.abc import Iterator

from requests import Response
from requests import exceptions as http
from urllib3 import exceptions as transport

from apps.payments.application.ports import OutcomeUnknown, ProviderFailure, Refused, TryAgain

_NEVER_SENT = (
    http.ConnectTimeout,
    http.InvalidSchema,
    http.InvalidURL,
    http.MissingSchema,
    ssl.SSLCertVerificationError,
    transport.ConnectTimeoutError,
    transport.NewConnectionError,
    transport.ProxyError,
)
_CODE = re.compile(r"[a-z0-9_]{1,64}")
_TOO_MANY = 429


def failure_of(error: BaseException, *, writing: bool) -> ProviderFailure:
    """What ``error``, raised by a call of the SDK, means for a call that was ``writing`` or only reading."""
    causes = list(_causes(error))
    if any(isinstance(each, _NEVER_SENT) for each in causes):
        return TryAgain("unreachable")
    for each in causes:
        response = getattr(each, "response", None)
        if isinstance(response, Response):
            return _refusal(response) or unclear(
                _error_code(response) or f"http_{response.status_code}", writing=writing
            )
    return unclear(_kind(causes), writing=writing)


def unclear(code: str, *, writing: bool) -> ProviderFailure:
    """Nobody knows whether the provider acted; a reading can simply be repeated."""
    return OutcomeUnknown(code) if writing else TryAgain(code)


def _refusal(response: Response) -> ProviderFailure | None:
    if response.status_code == _TOO_MANY:
        return TryAgain("too_many_requests")
    if 400 <= response.status_code < 500 and (code := _error_code(response)):
        return Refused(code)
    # A page of some proxy on the way: not the provider's word.
    return None


def _error_code(response: Response) -> str:
    """The code of the provider's error object; "" where the body is none."""
    try:
        body = response.json()
    except (ValueError, RecursionError):
        return ""
    code = body.get("code") if isinstance(body, dict) else None
    return code if isinstance(code, str) and _CODE.fullmatch(code) else ""


def _kind(causes: list[BaseException]) -> str:
    kinds = (
        (ValueError, "unexpected_answer"),
        ((TimeoutError, http.Timeout), "no_answer"),
        (OSError, "connection_lost"),
    )
    for types, code in kinds:
        if any(isinstance(each, types) for each in causes):
            return code
    return "unexpected_error"


def _causes(error: BaseException) -> Iterator[BaseException]:
    """``error`` and everything it came from, the urllib3 way (``reason``, first argument) included."""
    seen: set[int] = set()
    waiting: list[object] = [error]
    while waiting:
        each = waiting.pop(0)
        if not isinstance(each, BaseException) or id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        waiting += [each.__cause__, each.__context__, getattr(each, "reason", None), *each.args[:1]]
