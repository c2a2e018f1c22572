"""The gate of the workspace: a password alone opens nothing, and a session left alone ends."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext

from apps.identity.presentation.staff_visit import touch, visit_of

OPEN = ("login/", "logout/", "jsi18n/", "second-factor/", "invitation/")
"""What somebody may open who has given a password only, below the admin's prefix."""


class StaffGateMiddleware:
    """Every request of a session whose second factor was not passed is led to it, or meets a guest's answer.

    Under the admin's prefix a page leads to the step, htmx is told to go there, and a program gets 401.
    Anywhere else such a session is nobody's.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(reverse("admin:index")):
            signed_in: Any = request.user
            request.user = SimpleLazyObject(lambda: _whoever_passed(request, signed_in))  # type: ignore[assignment]
            return self._get_response(request)
        if not request.user.is_authenticated:
            return self._get_response(request)
        now = timezone.now()
        visit = visit_of(request)
        ended = visit.ended(now) if visit else "unknown"
        if visit is None or ended:
            request.session.flush()
            request.user = AnonymousUser()
            if _is_open(request):
                return self._get_response(request)
            return _sent_to(request, reverse("admin:login"), ended=str(ended))
        touch(request, visit, at=now)
        if visit.factor_at is None and not _is_open(request):
            return _sent_to(request, reverse("admin:second_factor"))
        return self._get_response(request)


def safe_next(request: HttpRequest, given: str | None) -> str:
    """``given`` if it leads into the workspace of this host, else the overview."""
    index = reverse("admin:index")
    if (
        given
        and given.startswith(index)
        and url_has_allowed_host_and_scheme(given, allowed_hosts=None, require_https=request.is_secure())
    ):
        return given
    return index


def way_back(request: HttpRequest) -> str:
    """The page of the workspace that a request comes from or asks for."""
    if current := request.headers.get("HX-Current-URL"):
        parts = urlsplit(current)
        return safe_next(request, f"{parts.path}?{parts.query}" if parts.query else parts.path)
    return request.get_full_path() if request.method in {"GET", "HEAD"} else reverse("admin:index")


def _whoever_passed(request: HttpRequest, user: Any) -> Any:
    if not user.is_authenticated:
        return user
    visit = visit_of(request)
    if visit is None or visit.factor_at is None or visit.ended(timezone.now()):
        return AnonymousUser()
    return user


def _is_open(request: HttpRequest) -> bool:
    return request.path.removeprefix(reverse("admin:index")).startswith(OPEN)


def _sent_to(request: HttpRequest, step: str, **query: str) -> HttpResponse:
    address = f"{step}?{urlencode({'next': way_back(request), **query})}"
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(headers={"HX-Redirect": address})
    wants_data = "application/json" in request.headers.get("Accept", "")
    if wants_data or request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate":
        code = "session_ended" if query else "second_factor_required"
        detail = gettext("Open the workspace anew and sign in.")
        return JsonResponse({"code": code, "detail": detail, "location": address}, status=401)
    return HttpResponseRedirect(address)
