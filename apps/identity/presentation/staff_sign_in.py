"""Writes down who signs in to the workspace, who fails to, and who leaves."""

from typing import Any

from axes.signals import user_locked_out
from django.conf import settings
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import ngettext

from apps.identity import wiring
from apps.identity.infrastructure.tried_names import of_attempt
from apps.identity.presentation.staff_visit import begin
from apps.kernel.domain.actor import Actor
from apps.kernel.presentation.request_context import client_ip

_UNKNOWN = "guest"


def locked_out_page(request: HttpRequest, response: Any = None, credentials: Any = None) -> HttpResponse:
    """What axes shows to whoever has guessed too often."""
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds()) // 60
    title = ngettext(
        "Too many tries. Please wait %(count)s minute and try again.",
        "Too many tries. Please wait %(count)s minutes and try again.",
        minutes,
    ) % {"count": minutes}
    page = render(request, "error.html", {"title": title, "status": 429}, status=429)
    page["Retry-After"] = str(minutes * 60)
    return page


def connect() -> None:
    """Listen to Django's and axes' signals; called once at start-up."""
    user_logged_in.connect(_signed_in, dispatch_uid="identity.signed_in")
    user_login_failed.connect(_failed, dispatch_uid="identity.sign_in_failed")
    user_logged_out.connect(_signed_out, dispatch_uid="identity.signed_out")
    user_locked_out.connect(_locked_out, dispatch_uid="identity.locked_out")


def _signed_in(request: HttpRequest, user: Any, **kwargs: Any) -> None:
    if hasattr(request, "session"):
        begin(request, at=timezone.now())
    _record("staff_signed_in", request, user)


def _signed_out(request: HttpRequest, user: Any, **kwargs: Any) -> None:
    if user is not None:
        _record("staff_signed_out", request, user)


def _failed(credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any) -> None:
    if request is not None:
        _record("staff_sign_in_failed", request, None, tried=of_attempt(request, credentials))


def _locked_out(request: HttpRequest, username: str | None = None, **kwargs: Any) -> None:
    _record("staff_sign_in_locked", request, None, tried=username or "")


def _record(action: str, request: HttpRequest, user: Any, *, tried: str = "") -> None:
    """``tried`` is the keyed hash of what was given as the e-mail, see ``tried_names``."""
    actor = Actor(
        user_id=getattr(user, "pk", None),
        role=getattr(user, "role", _UNKNOWN),
        ip=client_ip(request),
        user_agent=request.headers.get("User-Agent", ""),
    )
    wiring.audit_log().record(
        actor=actor,
        action=action,
        entity="user",
        entity_id=str(actor.user_id or tried[:16]),
        at=timezone.now(),
    )
