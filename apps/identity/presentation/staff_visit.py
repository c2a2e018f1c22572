"""What a session of the workspace knows of itself: since when, seen when, second factor passed when."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import rotate_token

from apps.identity.infrastructure.staff_session_store import VISIT
from apps.identity.presentation.devices import device_text
from apps.kernel.presentation.request_context import client_ip

SEEN_STEP = 60
"""Seconds: how coarse ``seen`` is. A request writes it at most this often, so an idle session may end this
much early."""


class Ended(StrEnum):
    """Why a session is over."""

    IDLE = "idle"
    AGE = "age"


@dataclass(frozen=True)
class Visit:
    """Instants in seconds since 1970; ``factor_at`` is None until the second factor was passed."""

    began: float
    seen: float
    factor_at: float | None

    def ended(self, at: datetime) -> Ended | None:
        now = at.timestamp()
        if now - self.began >= settings.STAFF_SESSION_HOURS * 3600:
            return Ended.AGE
        return Ended.IDLE if now - self.seen >= settings.STAFF_IDLE_MINUTES * 60 else None

    def is_fresh(self, at: datetime) -> bool:
        """Whether the second factor was passed less than STEP_UP_MINUTES ago."""
        return self.factor_at is not None and at.timestamp() - self.factor_at < settings.STEP_UP_MINUTES * 60


def begin(request: HttpRequest, *, at: datetime) -> None:
    """A password was right: the second factor, if it was passed before, counts no more."""
    now = at.timestamp()
    request.session[VISIT] = {
        "began": now,
        "seen": now,
        "ip": client_ip(request),
        "device": device_text(request.headers.get("User-Agent", "")),
    }


def visit_of(request: HttpRequest) -> Visit | None:
    kept: dict[str, Any] = request.session.get(VISIT) or {}
    if "began" not in kept:
        return None
    return Visit(began=kept["began"], seen=kept["seen"], factor_at=kept.get("factor_at"))


def touch(request: HttpRequest, visit: Visit, *, at: datetime) -> None:
    """Note that somebody is there, at most once in SEEN_STEP."""
    if at.timestamp() - visit.seen >= SEEN_STEP:
        request.session[VISIT] = {**request.session[VISIT], "seen": at.timestamp()}


def pass_second_factor(request: HttpRequest, *, at: datetime, begins: bool) -> None:
    """The second factor was right: from here on the session is another one to whoever knew its key before.

    Where it ``begins`` the tokens of forms change too; at a step-up the page that asked keeps its own.
    """
    request.session[VISIT] = {**(request.session.get(VISIT) or {}), "factor_at": at.timestamp()}
    request.session.cycle_key()
    if begins:
        rotate_token(request)
