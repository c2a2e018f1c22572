"""Offers of the waitlist, as they really are when they are read."""

from datetime import datetime
from uuid import UUID

from apps.booking.domain.waitlist_offer import OfferStatus, meaning_of
from apps.booking.infrastructure.models import WaitlistOffer
from apps.booking.infrastructure.queries.agenda import status_at


def of_appointment(appointment_id: UUID) -> WaitlistOffer | None:
    """The offer whose time an appointment keeps, with the appointment; one statement."""
    rows = WaitlistOffer.objects.select_related("appointment")
    return rows.filter(appointment_id=appointment_id).first()


def status_of(offer: WaitlistOffer, *, now: datetime) -> OfferStatus:
    """The status that the appointment gives to its offer, though no worker may have written it down yet."""
    if offer.status == OfferStatus.ACCEPTED:
        return OfferStatus.ACCEPTED
    kept = offer.appointment
    return meaning_of(status_at(kept.status, kept.hold_expires_at, kept.answer_due_at, now=now))
