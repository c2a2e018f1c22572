"""``/pay/<token>/return/``: where the provider's page leads back to."""

from enum import StrEnum
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from apps.payments import wiring
from apps.payments.application.views import PaymentView
from apps.payments.domain.payment import OPEN, PaymentStatus
from apps.payments.infrastructure.labels import FAILURES
from apps.payments.infrastructure.later import settle_soon
from apps.payments.infrastructure.queries.client_payments import not_taken, payments_of
from apps.payments.presentation.pages.public_page import public_page, shown
from apps.payments.presentation.pages.standing import session

TRIES = 10
SECONDS = 3
"""How often the page asks again by itself, and after how long."""


class Outcome(StrEnum):
    CHECKING = "checking"
    UNKNOWN_YET = "unknown_yet"
    PAID = "paid"
    GIVEN_BACK = "given_back"
    FAILED = "failed"
    NOTHING = "nothing"


@require_safe
@public_page
def returned(request: HttpRequest, token: str, appointment_id: UUID) -> HttpResponse:
    """Says how the latest payment went; while that is open, a job asks the provider and the page comes again.

    The payment itself is never changed here: whoever opens the link only makes us look sooner.
    """
    payment = _latest(payments_of(appointment_id))
    tries = _tries(request)
    if payment is not None and payment.status in OPEN and tries <= TRIES:
        settle_soon(payment.id)
    outcome = _outcome(payment, tries)
    return shown(
        request,
        "payments/returned.html",
        {
            "session": session(appointment_id, at=wiring.clock.now()),
            "outcome": outcome.value,
            "failure": dict(FAILURES).get(payment.failure, "") if payment else "",
            "again": f"{SECONDS}; url=?try={tries + 1}" if outcome is Outcome.CHECKING else "",
            "token": token,
        },
    )


def _latest(payments: list[PaymentView]) -> PaymentView | None:
    return max(payments, key=lambda each: each.settled_at or each.created_at, default=None)


def _outcome(payment: PaymentView | None, tries: int) -> Outcome:
    if payment is None:
        return Outcome.NOTHING
    if payment.status in OPEN:
        return Outcome.CHECKING if tries < TRIES else Outcome.UNKNOWN_YET
    if payment.status is not PaymentStatus.SUCCEEDED:
        return Outcome.FAILED
    return Outcome.GIVEN_BACK if not_taken(payment.id) else Outcome.PAID


def _tries(request: HttpRequest) -> int:
    text = request.GET.get("try", "")
    return min(int(text), TRIES + 1) if text.isascii() and text.isdecimal() and len(text) < 4 else 0
