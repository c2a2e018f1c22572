"""What payments add to the pages of appointments and clients."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.booking import facade as booking
from apps.kernel.presentation.admin.panels import Panel, add_panel
from apps.payments.domain.ledger import IN
from apps.payments.infrastructure.pay_links import pay_link
from apps.payments.infrastructure.queries.desk import balance_of, entries_of, listed
from apps.payments.models import Payment
from apps.payments.presentation.admin import wording

LATEST = 5


def register() -> None:
    """Put the panels on the pages; once, when the workspace starts."""
    add_panel(
        Panel(
            page="appointment",
            title=_("Ledger"),
            template="payments/ledger_panel.html",
            permission="payments.view_ledgerentry",
            context=appointment_ledger,
        )
    )
    add_panel(
        Panel(
            page="client",
            title=_("Payments"),
            template="payments/client_panel.html",
            permission="payments.view_payment",
            context=client_payments,
        )
    )


def appointment_ledger(appointment_id: UUID, request: HttpRequest) -> Mapping[str, Any] | None:
    """Due, paid, refunded and kept, with every movement; None for a session that costs nothing. Three
    statements."""
    now = timezone.now()
    appointment = booking.appointment(appointment_id, at=now)
    if appointment is None or not appointment.price:
        return None
    entries = entries_of(appointment_id)
    sums = balance_of(entries)
    payments = listed(Payment.objects.filter(appointment_id=appointment_id)).order_by("-created_at", "-id")
    may_move = request.user.has_perm("payments.change_payment")
    return {
        "sums": [
            (gettext("Due"), wording.amount(appointment.amount_due.minor), "strong"),
            (gettext("Paid"), wording.amount(sums.paid.minor), ""),
            (gettext("Given back"), wording.amount(sums.refunded.minor), ""),
            (gettext("Kept"), wording.amount(sums.kept.minor), "strong"),
        ],
        "entries": [
            {
                "name": wording.ENTRY_NAMES[each.kind.value],
                "amount": wording.amount(each.amount.minor if each.kind in IN else -each.amount.minor),
                "when": wording.when(each.at, now=now),
                "came": each.kind in IN,
            }
            for each in reversed(entries)
        ],
        "payments": [_payment(each, now) for each in payments],
        "pay_link": pay_link(appointment_id) if appointment.amount_due else "",
        "outside_refund_url": reverse("admin:payments_payment_outside_refund", args=[appointment_id])
        if may_move and sums.kept_outside
        else "",
    }


def client_payments(client_id: UUID, request: HttpRequest) -> Mapping[str, Any] | None:
    """The latest payments of a client; None where there are none. One statement."""
    now = timezone.now()
    rows = listed(Payment.objects.filter(client_id=client_id)).order_by("-created_at", "-id")
    found = [_payment(each, now) for each in rows[: LATEST + 1]]
    if not found:
        return None
    everything = reverse("admin:payments_payment_changelist", query={"client__id__exact": client_id})
    return {"payments": found[:LATEST], "all_url": everything if len(found) > LATEST else ""}


def _payment(row: Any, now: Any) -> dict[str, Any]:
    return {
        "url": reverse("admin:payments_payment_change", args=[row.pk]),
        "what": row.description,
        "amount": wording.amount(row.amount_minor, row.currency),
        "kind": wording.KIND_NAMES[row.kind],
        "status": wording.status_chip(row.status),
        "when": wording.when(row.created_at, now=now),
        "given_back": wording.amount(row.refunded_minor, row.currency) if row.refunded_minor else "",
    }
