"""The page of one waitlist request: who waits for what, what is offered now, what was offered before."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.booking.domain.waitlist import OPEN, PreferredContact, WaitlistStatus
from apps.booking.domain.waitlist_offer import OfferStatus
from apps.booking.infrastructure.queries.waitlist_list import PastOffer, offers_of, place_in_queue
from apps.booking.models import WaitlistRequest
from apps.booking.presentation.admin.waitlist_commands import possible
from apps.kernel.presentation.admin.wording import instant_text, length_text, zone_text

_W, _O = WaitlistStatus, OfferStatus
TONES = {
    _W.NEW: "requested",
    _W.OFFERED: "pending_payment",
    _W.CONTACTED: "pending_payment",
    _W.BOOKED: "confirmed",
    _W.CLOSED: "closed",
}
ICONS = {
    _W.NEW: "hourglass_top",
    _W.OFFERED: "event_upcoming",
    _W.CONTACTED: "call",
    _W.BOOKED: "event_available",
    _W.CLOSED: "close",
}
_OFFERS: Mapping[OfferStatus, tuple[str, str, Any]] = {
    _O.OFFERED: ("event_upcoming", "pending_payment", _("awaits an answer")),
    _O.ACCEPTED: ("event_available", "confirmed", _("accepted")),
    _O.DECLINED: ("event_busy", "closed", _("declined")),
    _O.EXPIRED: ("timer_off", "closed", _("unanswered")),
}
SCHEMES = {PreferredContact.EMAIL: "mailto:", PreferredContact.PHONE: "tel:"}


def story(row: WaitlistRequest, request: HttpRequest, *, now: datetime) -> dict[str, Any]:
    """The template's context; a constant number of statements."""
    zone, status = row.service.specialist.time_zone, WaitlistStatus(row.status)
    offers = offers_of(row.pk, now=now)
    kept = next((each for each in offers if each.status is _O.OFFERED), None)
    may_move = request.user.has_perm("booking.change_waitlistrequest")
    who = row.name or (str(row.client) if row.client else gettext("a guest, without an account"))
    freed = row.opening_start if row.opening_start and row.opening_start > now else None
    return {
        "title": gettext("Waitlist request"),
        "breadcrumbs": [
            (gettext("Waitlist"), reverse("admin:booking_waitlistrequest_changelist")),
            (who, ""),
        ],
        "waiting": row,
        "who": who,
        "status": {"status": TONES[status], "name": row.get_status_display(), "icon": ICONS[status]},
        "place": gettext("No. %(place)d in the queue") % {"place": place_in_queue(row)}
        if status in OPEN
        else "",
        "since": instant_text(row.created_at, zone, now=now, weekday=False),
        "for_long": length_text(now - row.created_at) if status in OPEN else "",
        "freed": instant_text(freed, zone, now=now) if freed and status in OPEN and not kept else "",
        "contact": _contact(row),
        "client_url": reverse("admin:identity_client_change", args=[row.client_id]) if row.client_id else "",
        "zone": zone_text(row.time_zone, now),
        "reachable": row.client_id is not None or row.preferred_contact == PreferredContact.EMAIL,
        "kept": _line(kept, zone, now) if kept else None,
        "offers": [_line(each, zone, now) for each in offers if each is not kept],
        "commands": [
            {"command": each, "url": each.url(row.pk)}
            for each in (possible(status, time_is_kept=kept is not None) if may_move else [])
        ],
    }


def _contact(row: WaitlistRequest) -> dict[str, str]:
    scheme = SCHEMES.get(PreferredContact(row.preferred_contact))
    return {
        "way": str(row.get_preferred_contact_display()),
        "text": row.contact,
        "url": f"{scheme}{row.contact}" if scheme else "",
    }


def _line(offer: PastOffer, zone: str, now: datetime) -> dict[str, Any]:
    icon, tone, name = _OFFERS[offer.status]
    if offer.status is _O.DECLINED and offer.withdrawn:
        icon, name = "undo", gettext("withdrawn")
    return {
        "icon": icon,
        "tone": tone,
        "name": name,
        "when": instant_text(offer.start, zone, now=now),
        "offered": instant_text(offer.offered_at, zone, now=now),
        "until": instant_text(offer.expires_at, zone, now=now),
        "deadline": offer.expires_at,
        "left": length_text(offer.expires_at - now) if offer.expires_at > now else "",
        "by": offer.by,
        "url": reverse("admin:booking_appointment_change", args=[offer.appointment_id]),
    }
