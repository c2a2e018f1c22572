"""Second factors in requests of the workspace: for the step after the password and the kernel's step-up."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from allauth.mfa.webauthn.internal.auth import begin_authentication
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from apps.identity import wiring
from apps.identity.application.second_factor import Answer
from apps.identity.domain.second_factor import Method
from apps.identity.infrastructure.authenticators import enrolled
from apps.identity.presentation.staff_gate import safe_next
from apps.identity.presentation.staff_visit import pass_second_factor, visit_of
from apps.kernel.domain.errors import DomainError
from apps.kernel.presentation.admin.acting import actor_of
from apps.kernel.presentation.admin.refusals import sentence

SIGN_IN, STEP_UP = "sign_in", "step_up"
MOST_TYPED = 40


class StaffSecondFactor:
    """SecondFactor (the kernel's protocol) over the authenticators of who is signed in."""

    def is_fresh(self, request: HttpRequest) -> bool:
        visit = visit_of(request) if hasattr(request, "session") else None
        return visit is not None and visit.is_fresh(timezone.now())

    def passkey_options(self, request: HttpRequest) -> Mapping[str, Any] | None:
        user: Any = request.user
        if not any(each.method is Method.PASSKEY for each in enrolled(user.pk)):
            return None
        return plain(begin_authentication(user))

    def refusal(self, request: HttpRequest, answer: str) -> str | None:
        return check(request, answer, purpose=STEP_UP)

    def page_url(self, request: HttpRequest) -> str:
        query = urlencode({"next": safe_next(request, request.get_full_path())})
        return f"{reverse('admin:second_factor_confirm')}?{query}"


def check(request: HttpRequest, answer: str, *, purpose: str) -> str | None:
    """Check a code or a passkey's answer; None when it was right, which the session then knows."""
    parsed = _parsed(answer)
    if not parsed:
        return gettext("Enter a code.")
    user: Any = request.user
    at = timezone.now()
    try:
        wiring.pass_second_factor()(
            user_id=user.pk, answer=parsed, purpose=purpose, actor=actor_of(request), at=at
        )
    except DomainError as error:
        return sentence(error)
    pass_second_factor(request, at=at, begins=purpose == SIGN_IN)
    return None


def plain(options: Mapping[str, Any]) -> dict[str, Any]:
    """WebAuthn's options as JSON knows them."""
    cleaned: dict[str, Any] = json.loads(json.dumps(options, default=dict))
    return cleaned


def passkey_answer(text: str) -> Mapping[str, Any] | None:
    """What a browser sends of a passkey; None when it is no such thing."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _parsed(answer: str) -> Answer:
    text = answer.replace("\0", "").strip()
    if text.startswith("{"):
        return passkey_answer(text) or {}
    return text[:MOST_TYPED]
