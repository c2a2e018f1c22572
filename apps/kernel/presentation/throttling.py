"""Rate limits by scope, told in the headers of draft-ietf-httpapi-ratelimit-headers."""

import math
import re
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from apps.kernel.infrastructure import rate_limit
from apps.kernel.infrastructure.keyed_hash import keyed_hash
from apps.kernel.presentation.request_context import client_ip

_RATE = re.compile(r"([1-9][0-9]*)/([1-9][0-9]*)?([smhd])")
_META_KEY = "api.rate_limit_headers"
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


@dataclass(frozen=True, kw_only=True)
class Rate:
    """``quota`` calls in every ``window`` seconds."""

    quota: int
    window: int


@lru_cache(maxsize=64)
def rate_from(text: str) -> Rate:
    """Read ``"20/m"`` or ``"5/10m"`` (s, m, h, d). Raises ImproperlyConfigured."""
    match = _RATE.fullmatch(text)
    if match is None:
        raise ImproperlyConfigured(f"a rate is written like 20/m or 5/10m, not {text!r}")
    return Rate(quota=int(match[1]), window=int(match[2] or 1) * _SECONDS[match[3]])


class ScopedThrottle(BaseThrottle):
    """Limits the views that have a ``throttle_scope`` by ``settings.API_RATE_LIMITS[scope]``.

    A scope without a rate is not limited. A call counts for the signed-in user, or for the guest's address,
    in a fixed window; it is counted outside of the call's own transaction, so refused calls count too.
    """

    def __init__(self) -> None:
        self._wait: float | None = None

    def allow_request(self, request: Request, view: Any) -> bool:
        scope = getattr(view, "throttle_scope", None)
        text = (getattr(settings, "API_RATE_LIMITS", None) or {}).get(scope)
        if not scope or not text:
            return True
        rate = rate_from(text)
        now = timezone.now()
        start = rate_limit.window_of(at=now, length=rate.window)
        hits = rate_limit.count(scope=scope, subject=_subject(request), window_start=start)
        left = (start + timedelta(seconds=rate.window) - now).total_seconds()
        self._wait = max(1, math.ceil(left))
        headers = {
            "RateLimit-Policy": f'"{scope}";q={rate.quota};w={rate.window}',
            "RateLimit": f'"{scope}";r={max(0, rate.quota - hits)};t={self._wait:.0f}',
        }
        request.META[_META_KEY] = headers  # the wrapped request, which the middleware sees, shares META
        return hits <= rate.quota

    def wait(self) -> float | None:
        return self._wait


def add_rate_limit_headers(request: HttpRequest, response: HttpResponse) -> None:
    """Tell the limit of a call that was counted."""
    for name, value in request.META.get(_META_KEY, {}).items():
        response[name] = value


def _subject(request: Request) -> str:
    if request.user is not None and request.user.is_authenticated:
        return keyed_hash("rate limit", "user", str(request.user.pk))
    return keyed_hash("rate limit", "guest", client_ip(request._request))  # noqa: SLF001  # see above
