"""The page of one payment: a story, not a form."""

from datetime import datetime
from operator import itemgetter
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext

from apps.payments.domain.payment import OPEN
from apps.payments.domain.refund import RefundStatus
from apps.payments.infrastructure.queries.desk import still_refundable
from apps.payments.presentation.admin import wording
from apps.payments.presentation.admin.alert_wording import details_of, text_of, words_of


def story(payment: Any, request: HttpRequest, *, now: datetime) -> dict[str, Any]:
    """The template's context, of a payment with everything that belongs to it."""
    client, sum_text = str(payment.client), wording.amount(payment.amount_minor, payment.currency)
    may_view_client = request.user.has_perm("identity.view_client")
    return {
        "title": gettext("Payment of %(amount)s") % {"amount": sum_text},
        "breadcrumbs": [
            (gettext("Payments"), reverse("admin:payments_payment_changelist")),
            (f"{client}, {sum_text}", ""),
        ],
        "payment": payment,
        "sum": sum_text,
        "status": wording.status_chip(payment.status),
        "kind": wording.KIND_NAMES[payment.kind],
        "client": client,
        "client_url": reverse("admin:identity_client_change", args=[payment.client_id])
        if may_view_client
        else "",
        "appointment_url": reverse("admin:booking_appointment_change", args=[payment.appointment_id]),
        "method": wording.method_text(payment.method),
        "started": wording.when(payment.created_at, now=now),
        "notice": _notice(payment),
        "commands": _commands(payment, request),
        "money": _money(payment),
        "timeline": sorted(_timeline(payment, now), key=itemgetter("at"))[::-1],
        "refunds": [_refund(each, payment, now) for each in payment.to_refunds],
        "receipts": [
            {
                "name": wording.RECEIPT_NAMES[each.kind],
                "status": wording.receipt_chip(each.status),
                "amount": wording.amount(each.amount_minor, payment.currency),
                "when": wording.when(each.created_at, now=now),
            }
            for each in payment.to_receipts
        ],
        "alerts": [
            {
                "icon": words_of(each.kind).icon,
                "is_bad": words_of(each.kind).tone == "no_show",
                "text": text_of(each),
                "details": details_of(each),
                "settled": each.settled_at is not None,
                "when": wording.when(each.last_at, now=now),
                "url": reverse("admin:payments_paymentalert_change", args=[each.pk]),
            }
            for each in payment.to_alerts
        ],
    }


def _notice(payment: Any) -> str:
    if payment.not_taken:
        reason = wording.NOT_TAKEN_NAMES.get(payment.not_taken, payment.not_taken)
        return gettext("The money is given back by itself: %(reason)s.") % {"reason": reason}
    if payment.failure:
        return gettext("Nothing was paid: %(reason)s.") % {"reason": wording.FAILURE_NAMES[payment.failure]}
    return ""


def _commands(payment: Any, request: HttpRequest) -> list[dict[str, Any]]:
    if not request.user.has_perm("payments.change_payment"):
        return []
    found = []
    if still_refundable(payment):
        found.append(_command("refund", gettext("Give money back…"), "undo", payment))
    if payment.status in OPEN or payment.provider_id:
        found.append(_command("look_up", gettext("Check at ЮKassa"), "sync", payment))
    return found


def _command(name: str, title: str, icon: str, payment: Any) -> dict[str, Any]:
    return {
        "command": {"title": title, "icon": icon},
        "url": reverse(f"admin:payments_payment_{name}", args=[payment.pk]),
    }


def _money(payment: Any) -> list[tuple[str, str, str]]:
    """Rows of (name, amount, tone)."""
    under_way = sum(
        each.amount_minor
        for each in payment.to_refunds
        if each.status in {RefundStatus.REQUESTED, RefundStatus.PENDING}
    )
    rows = [(gettext("Amount"), wording.amount(payment.amount_minor, payment.currency), "")]
    if payment.status != "succeeded":
        return rows
    rows.append((gettext("Given back"), wording.amount(payment.refunded_minor, payment.currency), ""))
    if under_way:
        rows.append((gettext("On its way back"), wording.amount(under_way, payment.currency), ""))
    kept = payment.amount_minor - payment.refunded_minor - under_way
    rows.append((gettext("Kept"), wording.amount(kept, payment.currency), "strong"))
    return rows


def _timeline(payment: Any, now: datetime) -> list[dict[str, Any]]:
    found = [_entry(payment.created_at, "shopping_cart_checkout", "pending_payment", gettext("Started"), now)]
    if payment.settled_at is not None:
        ends = {
            "succeeded": ("task_alt", "completed", gettext("The money has arrived")),
            "canceled": ("do_not_disturb_on", "closed", gettext("Given up")),
            "failed": ("error", "no_show", gettext("Did not go through")),
        }
        icon, tone, title = ends[payment.status]
        detail = str(wording.FAILURE_NAMES[payment.failure]) if payment.failure else ""
        if payment.failure_code:
            detail = f"{detail} ({payment.failure_code})"
        if payment.status == "succeeded":
            detail = wording.method_text(payment.method)
        found.append(_entry(payment.settled_at, icon, tone, title, now, detail))
    for each in payment.to_refunds:
        sum_text = wording.amount(each.amount_minor, payment.currency)
        who = str(each.requested_by) if each.requested_by else gettext("by itself")
        asked = gettext("A refund of %(amount)s was decided") % {"amount": sum_text}
        found.append(
            _entry(
                each.requested_at,
                "undo",
                "requested",
                asked,
                now,
                f"{wording.REASON_NAMES[each.reason]}, {who}",
            )
        )
        if each.settled_at is not None:
            done = each.status == RefundStatus.SUCCEEDED
            title = (
                gettext("%(amount)s given back") if done else gettext("The refund of %(amount)s was refused")
            )
            found.append(
                _entry(
                    each.settled_at,
                    "check_circle" if done else "error",
                    "completed" if done else "no_show",
                    title % {"amount": sum_text},
                    now,
                    each.failure_code,
                )
            )
    return found


def _entry(at: datetime, icon: str, tone: str, title: str, now: datetime, detail: str = "") -> dict[str, Any]:
    return {
        "at": at,
        "icon": icon,
        "tone": tone,
        "title": title,
        "detail": detail,
        "when": wording.when(at, now=now),
    }


def _refund(refund: Any, payment: Any, now: datetime) -> dict[str, Any]:
    return {
        "amount": wording.amount(refund.amount_minor, payment.currency),
        "status": wording.refund_chip(refund.status),
        "reason": wording.REASON_NAMES[refund.reason],
        "who": str(refund.requested_by) if refund.requested_by else gettext("by itself"),
        "when": wording.when(refund.requested_at, now=now),
        "code": refund.failure_code,
    }
