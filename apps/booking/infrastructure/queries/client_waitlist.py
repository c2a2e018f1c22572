"""The waitlist requests of a client or of a guest."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Prefetch, Q, QuerySet

from apps.booking.application.waitlist import hash_guest_token
from apps.booking.domain.waitlist_offer import OfferStatus
from apps.booking.infrastructure.models import WaitlistOffer, WaitlistRequest
from apps.booking.infrastructure.queries.waitlist_offers import status_of


@dataclass(frozen=True, kw_only=True)
class OwnOffer:
    """The latest offer of a request as its owner sees it when it is read."""

    appointment_id: UUID
    start: datetime
    expires_at: datetime
    status: OfferStatus


@dataclass(frozen=True, kw_only=True)
class OwnRequest:
    id: UUID
    service_slug: str
    preferred_contact: str
    window: str
    status: str
    created_at: datetime
    offer: OwnOffer | None


def own_requests(*, client_id: UUID | None, guest_token: str) -> QuerySet[WaitlistRequest, WaitlistRequest]:
    """Requests of the client, and those made as a guest under ``guest_token``, for a paginator; :func:`seen`
    makes the owner's view of a row. Two statements."""
    mine = Q(pk__in=[])
    if client_id is not None:
        mine |= Q(client_id=client_id)
    if guest_token:
        mine |= Q(guest_token_hash=hash_guest_token(guest_token))
    offers = WaitlistOffer.objects.select_related("appointment").order_by("-offered_at", "-id")
    return (
        WaitlistRequest.objects.filter(mine)
        .annotate(service_slug=F("service__slug"))
        .prefetch_related(Prefetch("offers", queryset=offers, to_attr="latest_offers"))
    )


def seen(row: Any, *, now: datetime) -> OwnRequest:
    """A row of :func:`own_requests` as its owner sees it."""
    offers: list[WaitlistOffer] = row.latest_offers
    return OwnRequest(
        id=row.id,
        service_slug=row.service_slug,
        preferred_contact=row.preferred_contact,
        window=row.window,
        status=row.status,
        created_at=row.created_at,
        offer=_offer(offers[0], now) if offers else None,
    )


def _offer(offer: WaitlistOffer, now: datetime) -> OwnOffer:
    return OwnOffer(
        appointment_id=offer.appointment_id,
        start=offer.start,
        expires_at=offer.expires_at,
        status=status_of(offer, now=now),
    )
