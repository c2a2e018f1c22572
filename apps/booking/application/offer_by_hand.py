"""The specialist offers a time to somebody on the waitlist, and takes an offer back."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from apps.booking.application.make_offer import MakeOffer, ReleaseOffer
from apps.booking.application.ports import AuditLog, GivenConsents
from apps.booking.application.slot_claim import SlotClaim, dates_around
from apps.booking.application.waiting_client import WaitingClient
from apps.booking.domain.cancellation import CanceledBy
from apps.booking.domain.repositories import (
    OfferingRepository,
    WaitlistOfferRepository,
    WaitlistRepository,
)
from apps.booking.domain.service import MeetingFormat
from apps.booking.domain.waitlist import WaitlistTransitionNotAllowed
from apps.booking.domain.waitlist_offer import (
    NoOpenOffer,
    OfferStillOpen,
    SlotAlreadyOffered,
    WaitlistOffer,
)
from apps.kernel.application.ports import UnitOfWork
from apps.kernel.domain.actor import Actor
from apps.kernel.domain.clock import Clock


@dataclass(frozen=True)
class OfferByHand:
    """Under the same rules as a booking, to a request with any kind of contact."""

    unit_of_work: UnitOfWork
    offerings: OfferingRepository
    waitlist: WaitlistRepository
    offers: WaitlistOfferRepository
    claim: SlotClaim
    client_of: WaitingClient
    make: MakeOffer
    audit: AuditLog
    clock: Clock

    def __call__(
        self,
        *,
        actor: Actor,
        request_id: UUID,
        start: datetime,
        meeting_format: MeetingFormat | None,
        keep_for: timedelta | None,
        email: str | None,
        phone: str | None,
        given: GivenConsents,
    ) -> WaitlistOffer:
        """``keep_for`` is how long the time is kept (the specialist's setting by default), never past its
        start. ``email`` and ``phone`` are a guest's who left only a Telegram name.

        Raises WaitlistRequestNotFound, WaitlistTransitionNotAllowed (it is closed), OfferStillOpen,
        SlotAlreadyOffered, SlotUnavailable, SlotTaken, ServiceNotFound, WrongMeetingFormat, ConsentRequired,
        ContactRequired, and what ensuring the client raises."""
        now = self.clock.now()
        with self.unit_of_work():
            request = self.waitlist.get(request_id)
            if not request.is_open:
                raise WaitlistTransitionNotAllowed
            if self.offers.open_of(request_id) is not None:
                raise OfferStillOpen
            if self.offers.offered_before(request_ids=[request_id], start=start):
                raise SlotAlreadyOffered(field="start")
            offering = self.offerings.by_id(request.service_id, **dates_around(start))
            offering.service.ensure_published()
            self.claim(offering=offering, start=start, now=now)
            client_id = self.client_of(request, actor=actor, now=now, email=email, phone=phone, given=given)
            offer = self.make(
                request=request,
                client_id=client_id,
                offering=offering,
                start=start,
                meeting_format=meeting_format,
                expires_at=min(now + (keep_for or offering.specialist.offer), start),
                actor=actor,
                now=now,
            )
            self.audit.record(
                actor=actor,
                action="waitlist_offer_made",
                entity="waitlistrequest",
                entity_id=str(request_id),
                at=now,
                changes={
                    "start": (None, start.isoformat()),
                    "expires_at": (None, offer.expires_at.isoformat()),
                },
            )
        return offer


@dataclass(frozen=True)
class WithdrawOffer:
    """The hold ends and the time is offered to the next."""

    unit_of_work: UnitOfWork
    waitlist: WaitlistRepository
    release: ReleaseOffer
    audit: AuditLog
    clock: Clock

    def __call__(self, *, actor: Actor, request_id: UUID) -> None:
        """Raises WaitlistRequestNotFound, NoOpenOffer."""
        now = self.clock.now()
        with self.unit_of_work():
            request = self.waitlist.get(request_id)
            if not self.release(request_id=request_id, by=CanceledBy.SPECIALIST, actor=actor, now=now):
                raise NoOpenOffer
            request.miss_offer()
            self.waitlist.save(request)
            self.audit.record(
                actor=actor,
                action="waitlist_offer_withdrawn",
                entity="waitlistrequest",
                entity_id=str(request_id),
                at=now,
            )
