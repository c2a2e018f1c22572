"""Alerts about money in plain words: what happened, and what to do."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.payments.domain.alert import AlertKind
from apps.payments.infrastructure.labels import ALERT_KINDS
from apps.payments.presentation.admin.wording import NOT_TAKEN_NAMES, side_text

KIND_NAMES: Mapping[str, str | Promise] = dict(ALERT_KINDS)
_K = AlertKind


@dataclass(frozen=True, kw_only=True)
class Wording:
    """``tone`` is a colour of the states, ``advice`` what the specialist can do."""

    icon: str
    tone: str
    text: str | Promise
    advice: str | Promise


_WORDS: Mapping[str, Wording] = {
    _K.FORGED_SENDER: Wording(
        icon="gpp_maybe",
        tone="requested",
        text=_("Somebody at the address %(reference)s posed as the payment service. Nothing was changed."),
        advice=_("Nothing has to be done. If it comes often, tell whoever looks after the server."),
    ),
    _K.MALFORMED_NOTIFICATION: Wording(
        icon="broken_image",
        tone="requested",
        text=_("A notification from %(reference)s could not be read. Nothing was changed."),
        advice=_("Nothing has to be done: payments are looked up at the payment service in any case."),
    ),
    _K.UNKNOWN_PAYMENT: Wording(
        icon="help",
        tone="no_show",
        text=_("Only one side knows the payment %(reference)s."),
        advice=_("Look it up in the payment service's own cabinet. Money of a stranger is given back there."),
    ),
    _K.AMOUNT_MISMATCH: Wording(
        icon="difference",
        tone="no_show",
        text=_("The amount at the payment service is another than ours. The payment was left as it is."),
        advice=_("Compare both amounts in the payment service's own cabinet before the session."),
    ),
    _K.SHOP_MISMATCH: Wording(
        icon="store",
        tone="no_show",
        text=_("The payment belongs to another shop. It was left as it is."),
        advice=_("Check the number of the shop in the settings of the server."),
    ),
    _K.STATUS_MISMATCH: Wording(
        icon="compare_arrows",
        tone="no_show",
        text=_("The payment service tells another state than we have written down."),
        advice=_("Open the payment and check it at the payment service."),
    ),
    _K.LATE_PAYMENT_TAKEN: Wording(
        icon="schedule",
        tone="confirmed",
        text=_("The client paid after the hold had ended. The time was still free, so they are booked."),
        advice=_("Nothing has to be done, it is only good to know."),
    ),
    _K.PAYMENT_RETURNED: Wording(
        icon="undo",
        tone="pending_payment",
        text=_("The money came, but the appointment could not take it. It is given back by itself."),
        advice=_("You may want to write to the client and offer another time."),
    ),
    _K.REFUND_FAILED: Wording(
        icon="error",
        tone="no_show",
        text=_("The payment service refused to give the money back."),
        advice=_("Open the payment and try again, or give the money back another way and record it."),
    ),
    _K.REFUND_MISMATCH: Wording(
        icon="compare_arrows",
        tone="no_show",
        text=_("The payment service and we know of different refunds."),
        advice=_("Compare the refunds with the payment service's own cabinet."),
    ),
    _K.RECEIPT_FAILED: Wording(
        icon="receipt_long",
        tone="no_show",
        text=_("The payment service could not register a receipt."),
        advice=_("Look the receipt up in the payment service's own cabinet, or make one by hand."),
    ),
}


LIE = "notification"
"""The detail of an alert about a notification that claimed what is not so."""


def words_of(kind: str) -> Wording:
    return _WORDS[kind]


def advice_of(alert: Any) -> str:
    """What the specialist can do."""
    return str(_WORDS[_K.FORGED_SENDER if LIE in alert.details else alert.kind].advice)


def text_of(alert: Any) -> str:
    """What happened, in a sentence or two."""
    if LIE in alert.details:
        return gettext("A notification said something else of the payment than is true. Nothing was changed.")
    text = str(_WORDS[alert.kind].text)
    return text % {"reference": alert.reference} if "%(" in text else text


def details_of(alert: Any) -> list[tuple[str, str]]:
    """What is known beside it, as pairs of a name and a value."""
    known = alert.details
    found = []
    if LIE in known:
        found.append((gettext("In the notification"), side_text(str(known[LIE]))))
    if "ours" in known:
        found.append((gettext("With us"), side_text(str(known["ours"]))))
    if "provider" in known:
        found.append((gettext("At the payment service"), side_text(str(known["provider"]))))
    if "status" in known:
        found.append((gettext("At the payment service"), side_text(str(known["status"]))))
    if "amount" in known:
        found.append((gettext("Amount"), side_text(f"{known['amount']} RUB")))
    if "reason" in known:
        reason = str(known["reason"])
        found.append((gettext("Why"), str(NOT_TAKEN_NAMES.get(reason) or _READING.get(reason, reason))))
    if known.get("code"):
        found.append((gettext("Code of the payment service"), str(known["code"])))
    return found


_READING: Mapping[str, str | Promise] = {
    "too_large": _("it is too large"),
    "malformed": _("it is not in the expected form"),
    "wrong_shape": _("parts of it are missing or wrong"),
}
