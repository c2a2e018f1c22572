"""Measuring requests, and telling what was measured to staff and to who holds the token."""

import time
from collections.abc import Callable
from hmac import compare_digest

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from apps.kernel.infrastructure import metrics

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class MetricsMiddleware:
    """Counts and times each request by method, template of its route and status: no address, no id."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        response = self._get_response(request)
        seconds = time.perf_counter() - began
        method = request.method if request.method in _METHODS else "other"
        metrics.REQUESTS.labels(method, _route(request), str(response.status_code)).observe(seconds)
        return response


@require_safe
@never_cache
def measured(request: HttpRequest) -> HttpResponse:
    """Everything that is measured, for ``Authorization: Bearer METRICS_TOKEN`` or a session of staff.

    401 for nobody or a wrong token, 403 for somebody who is no staff.
    """
    if not _knows_token(request):
        person = request.user
        if not person.is_authenticated:
            return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
        if not (person.is_active and person.is_staff):
            return HttpResponse(status=403)
    return HttpResponse(metrics.exposition(), content_type=CONTENT_TYPE_LATEST)


def _knows_token(request: HttpRequest) -> bool:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    wanted = settings.METRICS_TOKEN
    return (
        bool(wanted)
        and scheme.lower() == "bearer"
        and compare_digest(token.strip().encode(), wanted.encode())
    )


def _route(request: HttpRequest) -> str:
    match = request.resolver_match
    if match is not None:
        return f"/{match.route}"
    return settings.STATIC_URL if request.path.startswith(settings.STATIC_URL) else "unknown"
