"""The page where a client switches reminders off, by the signed link of a letter."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.csp import CSP
from django.views.decorators.cache import never_cache
from django.views.decorators.csp import csp_override
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from apps.kernel.domain.actor import Actor
from apps.kernel.presentation.request_context import client_ip
from apps.messaging import wiring
from apps.messaging.domain.kinds import REMINDER_LETTERS
from apps.messaging.infrastructure.links import client_of

POLICY: dict[str, list[str]] = {
    "default-src": [CSP.NONE],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF],
    "font-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
    "base-uri": [CSP.NONE],
}


# The token is the right to act, and mail programs that unsubscribe by themselves (RFC 8058) send no other.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@csp_override(POLICY)
@never_cache
def reminders(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows the choice and changes nothing; POST switches off, or on again (``reminders=on``)."""
    client_id = client_of(token)
    person = None if client_id is None else wiring.people.find(client_id)
    if client_id is None or person is None:
        return _private(render(request, "messaging/unknown_link.html", {"language": "ru"}, status=404))
    if request.method == "POST":
        wanted = request.POST.get("reminders") == "on"
        wiring.choose_reminders(client_id=client_id, wanted=wanted, actor=_actor(request, client_id))
    with translation.override(person.language):
        off = wiring.opt_outs.of(client_id) >= REMINDER_LETTERS
        return _private(
            render(request, "messaging/reminders.html", {"off": off, "language": person.language})
        )


def _actor(request: HttpRequest, client_id: UUID) -> Actor:
    return Actor(
        user_id=client_id,
        role="client",
        ip=client_ip(request),
        user_agent=request.headers.get("User-Agent", ""),
    )


def _private(response: HttpResponse) -> HttpResponse:
    response["Referrer-Policy"] = "no-referrer"
    return response
