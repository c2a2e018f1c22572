"""``/pay/<token>/``: an appointment by its signed link – what is due, paying, answering an offer."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from apps.booking import facade as booking
from apps.kernel.domain.errors import DomainError
from apps.payments import wiring
from apps.payments.domain.payment import PaymentKind, PaymentServiceUnavailable
from apps.payments.infrastructure.pay_links import return_page
from apps.payments.presentation.pages.public_page import public_page, shown
from apps.payments.presentation.pages.standing import session

TEMPLATE = "payments/pay.html"


@require_http_methods(["GET", "HEAD", "POST"])
@public_page
def pay(request: HttpRequest, token: str, appointment_id: UUID) -> HttpResponse:
    """GET shows and changes nothing; POST pays (``kind``), accepts or declines an offer, by ``action``."""
    if request.method != "POST":
        return _page(request, token, appointment_id)
    try:
        return _carried_out(request, token, appointment_id)
    except DomainError as error:
        status = 503 if isinstance(error, PaymentServiceUnavailable) else 409
        notice = gettext(error.message) % error.params if error.params else gettext(error.message)
        return _page(request, token, appointment_id, status=status, notice=notice)


def _carried_out(request: HttpRequest, token: str, appointment_id: UUID) -> HttpResponse:
    action = request.POST.get("action", "")
    if action == "pay":
        payment = wiring.start_payment(
            appointment_id=appointment_id,
            client_id=None,
            kind=_kind(request.POST.get("kind", "")),
            return_url=settings.PUBLIC_URL + return_page(appointment_id),
        )
        return _see_other(payment.confirmation_url or return_page(appointment_id))
    if action == "accept":
        booking.accept_offer(appointment_id, at=wiring.clock.now())
    elif action == "decline":
        booking.decline_offer(appointment_id, at=wiring.clock.now())
    return _see_other(reverse("pay", kwargs={"token": token}))


def _kind(sent: str) -> PaymentKind:
    return PaymentKind(sent) if sent in set(PaymentKind) else PaymentKind.FULL


def _see_other(url: str) -> HttpResponse:
    return HttpResponseRedirect(url, status=303)


def _page(
    request: HttpRequest, token: str, appointment_id: UUID, *, status: int = 200, notice: str = ""
) -> HttpResponse:
    context: dict[str, Any] = {
        "session": session(appointment_id, at=wiring.clock.now()),
        "notice": notice,
        "token": token,
    }
    return shown(request, TEMPLATE, context, status=status)
