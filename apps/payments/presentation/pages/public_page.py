"""What every page behind a signed link has in common: what the browser may load, keep and tell."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.csp import CSP
from django.views.decorators.csp import csp_override

from apps.booking import facade as booking
from apps.identity import facade as identity
from apps.payments import wiring
from apps.payments.infrastructure.pay_links import appointment_of

type Page = Callable[[HttpRequest, str, UUID], HttpResponse]


def policy() -> dict[str, list[str]]:
    """Our own style and script only. A form may lead on to the provider's page, whose host the provider
    chooses with every payment; in development that is the sandbox."""
    provider = urlsplit(settings.YOOKASSA_API_URL)
    plain = [f"{provider.scheme}://{provider.netloc}"] if provider.scheme == "http" else []
    return {
        "default-src": [CSP.NONE],
        "style-src": [CSP.SELF],
        "script-src": [CSP.SELF],
        "img-src": [CSP.SELF],
        "frame-ancestors": [CSP.NONE],
        "base-uri": [CSP.NONE],
        "form-action": [CSP.SELF, "https:", *plain],
    }


def public_page(page: Page) -> Callable[..., HttpResponse]:
    """Give ``page`` the appointment that the token was made for, in its client's language.

    A token that we have not made leads to a friendly 404. Nothing is indexed or kept by caches. Other sites
    are not told the address: the referrer goes to this site alone, which the check of forms asks for.
    """

    @wraps(page)
    def answer(request: HttpRequest, token: str) -> HttpResponse:
        appointment_id = appointment_of(token)
        found = appointment_id and booking.appointment(appointment_id, at=wiring.clock.now())
        if not appointment_id or not found:
            response = shown(request, "payments/unknown_link.html", {}, status=404)
        else:
            client = identity.client(found.client_id)
            with translation.override(client.language if client else settings.LANGUAGE_CODE):
                response = page(request, token, appointment_id)
                response.headers["Content-Language"] = translation.get_language() or settings.LANGUAGE_CODE
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        response.headers["Cache-Control"] = "private, no-store"
        response.headers["Referrer-Policy"] = "same-origin"
        return response

    return lambda request, token: csp_override(policy())(answer)(request, token=token)


def shown(
    request: HttpRequest, template: str, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    """The page of ``template`` in the language that is active now."""
    return render(request, template, {**context, "language": translation.get_language()}, status=status)
