"""Payments in the words of the workspace."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.kernel.domain.money import InvalidMoney, Money
from apps.kernel.presentation.admin.wording import NBSP, instant_text, money_text
from apps.payments.domain.payment import PaymentStatus
from apps.payments.domain.refund import RefundStatus
from apps.payments.infrastructure import labels

type Names = Mapping[str, str | Promise]

STATUS_NAMES: Names = dict(labels.PAYMENT_STATUSES)
KIND_NAMES: Names = dict(labels.PAYMENT_KINDS)
FAILURE_NAMES: Names = dict(labels.FAILURES)
REFUND_STATUS_NAMES: Names = dict(labels.REFUND_STATUSES)
REASON_NAMES: Names = dict(labels.REFUND_REASONS)
RECEIPT_NAMES: Names = dict(labels.RECEIPT_KINDS)
RECEIPT_STATUS_NAMES: Names = dict(labels.RECEIPT_STATUSES)
ENTRY_NAMES: Names = dict(labels.ENTRY_KINDS)
METHOD_NAMES: Names = {
    "bank_card": _("bank card"),
    "sbp": _("fast payment system"),
    "yoo_money": _("ЮMoney wallet"),
    "sberbank": _("SberPay"),
    "tinkoff_bank": _("T-Pay"),
    "mobile_balance": _("mobile phone's balance"),
    "cash": _("cash at a terminal"),
    "sber_loan": _("instalments of Sber"),
    "b2b_sberbank": _("Sber for business"),
    "electronic_certificate": _("electronic certificate"),
}
NOT_TAKEN_NAMES: Names = {
    "closed": _("the appointment was closed"),
    "too_late": _("the session had begun"),
    "slot_taken": _("the time was taken by somebody else"),
    "too_much": _("it is more than was due"),
    "too_little": _("it is less than what confirms the appointment"),
    "unknown": _("the appointment is not known"),
}
_CHIPS: Mapping[str, tuple[str, str]] = {
    PaymentStatus.INTENT: ("pending_payment", "hourglass_empty"),
    PaymentStatus.PENDING: ("pending_payment", "hourglass_top"),
    PaymentStatus.WAITING_FOR_CAPTURE: ("requested", "lock_clock"),
    PaymentStatus.SUCCEEDED: ("completed", "task_alt"),
    PaymentStatus.CANCELED: ("closed", "do_not_disturb_on"),
    PaymentStatus.FAILED: ("no_show", "error"),
}
_REFUND_CHIPS: Mapping[str, tuple[str, str]] = {
    RefundStatus.REQUESTED: ("pending_payment", "hourglass_empty"),
    RefundStatus.PENDING: ("pending_payment", "hourglass_top"),
    RefundStatus.SUCCEEDED: ("completed", "undo"),
    RefundStatus.FAILED: ("no_show", "error"),
}
_RECEIPT_CHIPS: Mapping[str, tuple[str, str]] = {
    "pending": ("pending_payment", "hourglass_top"),
    "succeeded": ("completed", "receipt_long"),
    "canceled": ("no_show", "error"),
}


def chip(tone: str, icon: str, name: object) -> SafeString:
    """A word in its colour, with its icon."""
    return format_html(
        '<span class="ws-status ws-status-{}">'
        '<span class="material-symbols-outlined" aria-hidden="true">{}</span>{}</span>',
        tone,
        icon,
        name,
    )


def status_chip(status: str) -> SafeString:
    return chip(*_CHIPS[status], STATUS_NAMES[status])


def refund_chip(status: str) -> SafeString:
    return chip(*_REFUND_CHIPS[status], REFUND_STATUS_NAMES[status])


def receipt_chip(status: str) -> SafeString:
    return chip(*_RECEIPT_CHIPS[status], RECEIPT_STATUS_NAMES[status])


def method_text(code: str) -> str:
    return str(METHOD_NAMES.get(code, code)) if code else "—"


def when(instant: datetime, *, now: datetime | None = None) -> str:
    """By the clock of the practice."""
    return instant_text(instant, settings.TIME_ZONE, now=now)


def side_text(text: str) -> str:
    """What one side says (``succeeded 4500.00 RUB``) in words."""
    if not text:
        return gettext("nothing")
    words = [_word(word) for word in text.split()]
    return " ".join(words).replace(" ₽", f"{NBSP}₽")


def _word(word: str) -> str:
    names: dict[str, Any] = {**REFUND_STATUS_NAMES, **STATUS_NAMES, "RUB": "₽"}
    if word in names:
        name = str(names[word])
        return name if word == "RUB" else f"{name},"
    try:
        return money_text(Money.from_decimal(word).minor).rpartition(NBSP)[0]
    except InvalidMoney:
        return word


def amount(minor: int, currency: str = "RUB") -> str:
    return money_text(minor, currency)
