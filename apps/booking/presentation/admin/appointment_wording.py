"""Appointments in the words of the workspace: states, money, rules, and what happened."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from apps.booking.domain.lifecycle import AppointmentStatus
from apps.booking.infrastructure import labels
from apps.booking.infrastructure.queries.timeline import Happening
from apps.kernel.presentation.admin.wording import instant_text, money_text

_S = AppointmentStatus
STATUS_NAMES: Mapping[str, str | Promise] = dict(labels.APPOINTMENT_STATUSES)
FORMAT_NAMES: Mapping[str, str | Promise] = dict(labels.MEETING_FORMATS)
OUTCOME_NAMES: Mapping[str, str | Promise] = dict(labels.OUTCOMES)
REASON_NAMES: Mapping[str, str | Promise] = dict(labels.REASONS)
FORMAT_ICONS = {"online": "videocam", "offline": "location_on"}
STATUS_ICONS = {
    _S.REQUESTED: "notification_important",
    _S.PENDING_PAYMENT: "hourglass_top",
    _S.CONFIRMED: "event_available",
    _S.COMPLETED: "task_alt",
    _S.NO_SHOW: "person_off",
    _S.DECLINED: "do_not_disturb_on",
    _S.EXPIRED: "timer_off",
    _S.CANCELED: "event_busy",
}
ROLE_NAMES: Mapping[str, str | Promise] = {
    "owner": _("specialist"),
    "assistant": _("assistant"),
    "editor": _("editor"),
    "client": _("client"),
    "system": _("by itself"),
}
_BY: Mapping[str, str | Promise] = {
    "client": _("at the client's wish"),
    "specialist": _("by the specialist"),
    "system": _("nobody answered in time"),
}
_RULES: Mapping[str, str | Promise] = {
    "full": _("the whole sum is given back"),
    "half": _("half is given back"),
    "none": _("nothing is given back"),
}


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line of the timeline. ``tone`` names a colour of the palette."""

    icon: str
    tone: str
    title: str
    detail: str
    when: str
    who: str


def paid_text(paid_minor: int, price_minor: int, currency: str) -> str:
    """``free``, ``4 500 ₽``, or ``1 000 of 4 500 ₽``."""
    if not price_minor:
        return gettext("free")
    if paid_minor == price_minor:
        return money_text(price_minor, currency)
    amounts = {"paid": money_text(paid_minor, currency), "price": money_text(price_minor, currency)}
    return gettext("%(paid)s of %(price)s") % amounts


def rules_of(
    terms: Mapping[str, Any], start: datetime, time_zone: str, *, moved: int, now: datetime
) -> list[str]:
    """The rules of the snapshot as sentences, with the instants they mean for this appointment."""
    rules = []
    free_until = start - timedelta(hours=terms["cancel_free_hours"])
    partial_until = start - timedelta(hours=terms["cancel_partial_hours"])
    if terms["price_minor"]:
        rules.append(
            gettext("Free cancellation until %(when)s.") % {"when": _when(free_until, time_zone, now)}
        )
        if partial_until > free_until:
            rules.append(
                gettext("Half is given back until %(when)s, nothing later.")
                % {"when": _when(partial_until, time_zone, now)}
            )
        else:
            rules.append(gettext("Nothing is given back later."))
        rules.append(gettext("If the specialist cancels, the whole sum is given back."))
    if terms["max_reschedules"]:
        last = start - timedelta(hours=terms["reschedule_min_hours"])
        left = max(terms["max_reschedules"] - moved, 0)
        times = ngettext("%(count)d more time", "%(count)d more times", left) % {"count": left}
        rules.append(
            gettext("The client may move it until %(when)s, %(times)s.")
            % {"when": _when(last, time_zone, now), "times": times}
            if left
            else gettext("The client has used up all moves.")
        )
    else:
        rules.append(gettext("The client may not move it."))
    return rules


def entries(happened: list[Happening], time_zone: str, currency: str, *, now: datetime) -> list[Entry]:
    """The timeline, newest first."""
    return [_entry(each, time_zone, currency, now) for each in reversed(happened)]


def by_text(by: str) -> str:
    return str(_BY.get(by, by))


def rule_text(rule: str) -> str:
    return str(_RULES.get(rule, rule))


def _when(instant: datetime, time_zone: str, now: datetime) -> str:
    return instant_text(instant, time_zone, now=now, weekday=False, relative=False)


def _entry(each: Happening, time_zone: str, currency: str, now: datetime) -> Entry:
    icon, tone, title, detail = _EVENTS.get(each.event, ("circle", "quiet", each.event, _no_detail))
    role = str(ROLE_NAMES.get(each.actor_role, each.actor_role))
    who = f"{each.actor}, {role}" if each.actor else role
    return Entry(
        icon=icon,
        tone=tone,
        title=str(title),
        detail=detail(each.data, time_zone, currency, now),
        when=instant_text(each.at, time_zone, now=now),
        who=who,
    )


type _Detail = Callable[[Mapping[str, Any], str, str, datetime], str]


def _no_detail(data: Mapping[str, Any], time_zone: str, currency: str, now: datetime) -> str:
    return ""


def _until(key: str, text: str | Promise) -> _Detail:
    def detail(data: Mapping[str, Any], time_zone: str, currency: str, now: datetime) -> str:
        instant = parse_datetime(str(data.get(key, "")))
        return str(text) % {"when": _when(instant, time_zone, now)} if instant else ""

    return detail


def _declined(data: Mapping[str, Any], time_zone: str, currency: str, now: datetime) -> str:
    return by_text(str(data.get("by", "")))


def _paid(data: Mapping[str, Any], time_zone: str, currency: str, now: datetime) -> str:
    methods = dict(labels.PAYMENT_METHODS)
    amount = money_text(int(data["amount_minor"]), str(data.get("currency", currency)))
    return f"{amount}, {methods.get(data.get('method', ''), '')}"


def _received(data: Mapping[str, Any], time_zone: str, currency: str, now: datetime) -> str:
    amount = money_text(int(data["amount_minor"]), str(data.get("currency", currency)))
    if not data.get("late"):
        return amount
    late = gettext("after the hold had ended: the time was still free, so the appointment got it back")
    return f"{amount}, {late}"


def _canceled(data: Mapping[str, Any], time_zone: str, currency: str, now: datetime) -> str:
    refund = money_text(int(data.get("refund_minor", 0)), str(data.get("currency", currency)))
    back = gettext("to give back: %(amount)s") % {"amount": refund}
    return f"{by_text(str(data.get('by', '')))}; {back}"


_EVENTS: Mapping[str, tuple[str, str, str | Promise, _Detail]] = {
    "AppointmentRequested": (
        "notification_important",
        "requested",
        _("The client asks for this time"),
        _until("answer_due_at", _("an answer is due until %(when)s")),
    ),
    "AppointmentHeld": (
        "hourglass_top",
        "pending_payment",
        _("The time is kept for payment"),
        _until("hold_expires_at", _("until %(when)s")),
    ),
    "HoldExtended": (
        "more_time",
        "pending_payment",
        _("The client has asked for more time to pay"),
        _until("hold_expires_at", _("until %(when)s")),
    ),
    "OutsidePaymentRecorded": ("payments", "completed", _("A payment was recorded"), _paid),
    "PaymentReceived": ("credit_score", "completed", _("A payment arrived through ЮKassa"), _received),
    "AppointmentConfirmed": ("event_available", "confirmed", _("Confirmed"), _no_detail),
    "AppointmentDeclined": ("do_not_disturb_on", "declined", _("The request was declined"), _declined),
    "AppointmentRescheduled": (
        "event_repeat",
        "confirmed",
        _("Moved to another time"),
        _until("old_start", _("it was to be %(when)s")),
    ),
    "AppointmentCanceled": ("event_busy", "canceled", _("Canceled"), _canceled),
    "AppointmentExpired": (
        "timer_off",
        "expired",
        _("Nobody paid in time, the time is free again"),
        _no_detail,
    ),
    "AppointmentCompleted": ("task_alt", "completed", _("The session took place"), _no_detail),
    "ClientDidNotShow": ("person_off", "no_show", _("The client did not come"), _no_detail),
}
