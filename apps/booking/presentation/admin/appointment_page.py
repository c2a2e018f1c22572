"""The page of one appointment: a story, not a form."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext

from apps.booking.domain.lifecycle import AppointmentStatus
from apps.booking.domain.waitlist_offer import ENTRY_POINT, OfferStatus
from apps.booking.infrastructure.queries.agenda import status_at
from apps.booking.infrastructure.queries.timeline import happenings, intake_state, outcomes
from apps.booking.infrastructure.queries.waitlist_offers import of_appointment, status_of
from apps.booking.models import Appointment
from apps.booking.presentation.admin.appointment_commands import SETTLE_FOLLOW_UP, possible
from apps.booking.presentation.admin.appointment_wording import (
    FORMAT_ICONS,
    FORMAT_NAMES,
    OUTCOME_NAMES,
    REASON_NAMES,
    STATUS_ICONS,
    STATUS_NAMES,
    entries,
    rules_of,
)
from apps.booking.presentation.admin.follow_ups import notices
from apps.booking.presentation.admin.private_texts import may_read_private_texts
from apps.kernel.presentation.admin.panels import panels_of
from apps.kernel.presentation.admin.wording import instant_text, length_text, money_text, span_text, zone_text

_S = AppointmentStatus


def story(row: Appointment, request: HttpRequest, *, now: datetime) -> dict[str, Any]:
    """The template's context; a constant number of statements."""
    zone, terms = row.specialist.time_zone, row.terms
    status = status_at(row.status, row.hold_expires_at, row.answer_due_at, now=now)
    may_change = request.user.has_perm("booking.change_appointment")
    offered = (
        possible(
            status=status,
            start=row.start,
            paid_minor=row.paid_minor,
            price_minor=terms["price_minor"],
            now=now,
        )
        if may_change
        else []
    )
    client = str(row.client)
    return {
        "title": client,
        "breadcrumbs": [
            (gettext("Appointments"), reverse("admin:booking_appointment_changelist") + "?tab=upcoming"),
            (f"{client}, {instant_text(row.start, zone, now=now, weekday=False)}", ""),
        ],
        "appointment": row,
        "client": client,
        "client_url": reverse("admin:identity_client_change", args=[row.client_id]),
        "contacts": [each for each in (row.client.email, row.client.phone) if each],
        "status": {"status": status.value, "name": _status_name(row, status), "icon": STATUS_ICONS[status]},
        "offer": _offer(row, now),
        "follow_ups": notices(row.pk),
        "settle": SETTLE_FOLLOW_UP if may_change else None,
        "settle_url": SETTLE_FOLLOW_UP.url(row.pk),
        "when": span_text(row.start, row.end, zone, now=now),
        "when_zone": zone_text(zone, row.start),
        "clients_when": _clients_when(row, now),
        "countdown": _countdown(row, status, now),
        "length": length_text(row.end - row.start),
        "format": {"icon": FORMAT_ICONS[row.meeting_format], "text": FORMAT_NAMES[row.meeting_format]},
        "commands": [{"command": each, "url": each.url(row.pk)} for each in offered],
        "money": _money(row),
        "rules": rules_of(terms, row.start, zone, moved=row.reschedule_count, now=now),
        "timeline": entries(happenings(row.pk), zone, terms["currency"], now=now),
        "intake": intake_state(row),
        "outcomes": [
            {
                "name": OUTCOME_NAMES[outcome.outcome],
                "reason": REASON_NAMES[outcome.reason] if outcome.reason != "none" else "",
                "when": instant_text(outcome.recorded_at, zone, now=now),
                "session": instant_text(outcome.session_start, zone, now=now),
                "who": outcome.who,
                "has_notes": outcome.has_notes,
            }
            for outcome in outcomes(row.pk)
        ],
        "may_read_private": may_read_private_texts(request, row),
        "origin": _origin(row),
        "panels": panels_of("appointment", row.pk, request),
    }


def _status_name(row: Appointment, status: AppointmentStatus) -> Any:
    """A kept time that costs nothing waits for the client's word."""
    if status is _S.PENDING_PAYMENT and not row.terms["price_minor"]:
        return gettext("awaits the client's word")
    return STATUS_NAMES[status]


def _offer(row: Appointment, now: datetime) -> dict[str, str] | None:
    """That the time is or was kept for somebody on the waitlist."""
    offer = of_appointment(row.pk) if row.entry_point == ENTRY_POINT else None
    if offer is None:
        return None
    zone = row.specialist.time_zone
    until = instant_text(offer.expires_at, zone, now=now, weekday=False, relative=False)
    texts = {
        OfferStatus.OFFERED: gettext("Offered to the waitlist: the client answers until %(when)s."),
        OfferStatus.ACCEPTED: gettext("Offered to the waitlist, and the client took it."),
        OfferStatus.DECLINED: gettext("Offered to the waitlist; it did not come about."),
        OfferStatus.EXPIRED: gettext("Offered to the waitlist until %(when)s; there was no answer."),
    }
    return {
        "text": texts[status_of(offer, now=now)] % {"when": until},
        "url": reverse("admin:booking_waitlistrequest_change", args=[offer.waitlist_request_id]),
    }


def _clients_when(row: Appointment, now: datetime) -> str:
    """The same time by the client's clock, where it differs from the specialist's."""
    ours, theirs = (
        row.start.astimezone(ZoneInfo(row.specialist.time_zone)),
        row.start.astimezone(ZoneInfo(row.time_zone)),
    )
    if ours.utcoffset() == theirs.utcoffset():
        return ""
    hours = f"{theirs:%H:%M}–{row.end.astimezone(theirs.tzinfo):%H:%M}"
    if ours.date() != theirs.date():
        hours = f"{date_format(theirs.date(), 'j E')}, {hours}"
    return gettext("for the client: %(when)s (%(zone)s)") % {
        "when": hours,
        "zone": zone_text(row.time_zone, row.start),
    }


def _countdown(row: Appointment, status: AppointmentStatus, now: datetime) -> str:
    if status is _S.REQUESTED and row.answer_due_at:
        return gettext("Answer within %(left)s, else it is declined by itself.") % {
            "left": length_text(row.answer_due_at - now)
        }
    if status is _S.PENDING_PAYMENT and row.hold_expires_at:
        return gettext("The time is kept for another %(left)s.") % {
            "left": length_text(row.hold_expires_at - now)
        }
    if status is _S.CONFIRMED and row.start > now:
        return gettext("Begins in %(left)s.") % {"left": length_text(row.start - now)}
    if status is _S.CONFIRMED and row.end > now:
        return gettext("It is going on now.")
    if status is _S.CONFIRMED:
        return gettext("The session is over: record its outcome.")
    return ""


def _money(row: Appointment) -> list[tuple[str, str, str]]:
    """Rows of (name, amount, tone)."""
    terms = row.terms
    currency, price = terms["currency"], terms["price_minor"]
    if not price:
        return [(gettext("Price"), gettext("free"), "")]
    rows = [(gettext("Price"), money_text(price, currency), "")]
    if terms["deposit_minor"]:
        rows.append((gettext("Deposit"), money_text(terms["deposit_minor"], currency), ""))
    rows.append((gettext("Paid"), money_text(row.paid_minor, currency), ""))
    if row.refund_minor:
        rows.append((gettext("To give back"), money_text(row.refund_minor, currency), "strong"))
    due = _due(row)
    if due:
        rows.append((gettext("Left to pay"), money_text(due, currency), "strong"))
    return rows


def _due(row: Appointment) -> int:
    terms = row.terms
    if row.status in {_S.REQUESTED, _S.PENDING_PAYMENT}:
        return terms["deposit_minor"] or terms["price_minor"]
    owing = row.status in {_S.CONFIRMED, _S.COMPLETED}
    return terms["price_minor"] - row.paid_minor if owing else 0


def _entry_point(code: str) -> str:
    known = {"admin": gettext("the workspace"), ENTRY_POINT: gettext("the waitlist")}
    return known.get(code, code)


def _origin(row: Appointment) -> list[tuple[str, str]]:
    found = [
        (gettext("Entry point"), _entry_point(row.entry_point)),
        (gettext("Topic"), row.topic),
        *((f"utm_{name.removeprefix('utm_')}", value) for name, value in sorted(row.utm.items())),
    ]
    return [(name, value) for name, value in found if value]
