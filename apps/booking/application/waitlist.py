"""Joining and leaving the waitlist, and working through it."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from apps.booking.application.appointment_command import CLIENT_ROLE
from apps.booking.application.make_offer import ReleaseOffer
from apps.booking.application.ports import PERSONAL_DATA, AuditLog, ConsentRequired, Consents, GivenConsents
from apps.booking.application.slot_claim import dates_around
from apps.booking.application.views import WaitlistView
from apps.booking.domain.cancellation import CanceledBy
from apps.booking.domain.events import SlotFreed
from apps.booking.domain.repositories import (
    OfferingRepository,
    WaitlistOfferRepository,
    WaitlistRepository,
)
from apps.booking.domain.waitlist import (
    PreferredContact,
    PreferredWindow,
    WaitlistRequest,
    WaitlistRequestNotFound,
    WaitlistStatus,
)
from apps.kernel.application.ports import EventBus, UnitOfWork
from apps.kernel.domain.actor import Actor
from apps.kernel.domain.clock import Clock
from apps.kernel.domain.ids import NewId


def hash_guest_token(token: str) -> str:
    """What is stored of a guest's token (256 random bits, so a plain SHA-256 is enough)."""
    return hashlib.sha256(token.encode()).hexdigest() if token else ""


@dataclass(frozen=True)
class JoinWaitlist:
    unit_of_work: UnitOfWork
    offerings: OfferingRepository
    waitlist: WaitlistRepository
    consents: Consents
    events: EventBus
    clock: Clock
    new_id: NewId
    new_token: Callable[[], str]

    def __call__(
        self,
        *,
        client_id: UUID | None,
        guest_token: str,
        service_slug: str,
        name: str,
        preferred_contact: PreferredContact,
        contact: str,
        window: PreferredWindow,
        time_zone: str,
        given: GivenConsents,
    ) -> WaitlistView:
        """A client's consent is kept in the register of consents, a guest's with the request itself.
        A guest gets a token (once) or brings the one from an earlier request.
        Raises ServiceNotFound, ConsentRequired, and what the consents raise for unknown documents."""
        now = self.clock.now()
        with self.unit_of_work():
            offering = self.offerings.by_slug(service_slug, **dates_around(now))
            offering.service.ensure_published()
            document = self.consents.in_force(purpose=PERSONAL_DATA, at=now)
            if client_id is not None:
                if given.documents:
                    self.consents.grant(client_id=client_id, given=given, at=now)
                missing = self.consents.missing(client_id=client_id, purpose=PERSONAL_DATA, at=now)
                if missing is not None:
                    raise ConsentRequired(missing)
                token = ""
            else:
                if (PERSONAL_DATA, document.version) not in given.documents:
                    raise ConsentRequired(document)
                token = guest_token or self.new_token()
            request = WaitlistRequest.join(
                id=self.new_id(),
                new_id=self.new_id,
                service_id=offering.service.id,
                client_id=client_id,
                guest_token_hash=hash_guest_token(token),
                name=name,
                preferred_contact=preferred_contact,
                contact=contact,
                window=window,
                time_zone=time_zone,
                consent_version=document.version,
                now=now,
            )
            self.waitlist.add(request)
            self.events.publish(request.pull_events())
        return WaitlistView.of(request, guest_token=token)


@dataclass(frozen=True)
class LeaveWaitlist:
    """The owner closes their request; for anybody else it does not exist. A time that is kept for it goes to
    the next."""

    unit_of_work: UnitOfWork
    waitlist: WaitlistRepository
    release: ReleaseOffer
    clock: Clock

    def __call__(self, *, request_id: UUID, client_id: UUID | None, guest_token: str) -> None:
        """Raises WaitlistRequestNotFound, WaitlistTransitionNotAllowed when it is closed already."""
        with self.unit_of_work():
            request = self.waitlist.get(request_id)
            mine = client_id is not None and request.client_id == client_id
            guests = bool(guest_token) and request.guest_token_hash == hash_guest_token(guest_token)
            if not mine and not guests:
                raise WaitlistRequestNotFound
            request.move_to(WaitlistStatus.CLOSED)
            self.waitlist.save(request)
            who = Actor(user_id=client_id or request.client_id, role=CLIENT_ROLE)
            self.release(request_id=request_id, by=CanceledBy.CLIENT, actor=who, now=self.clock.now())


@dataclass(frozen=True)
class MoveWaitlistRequest:
    """The practice notes how far a request has come. When it is done with, a time kept for it goes to the
    next."""

    unit_of_work: UnitOfWork
    waitlist: WaitlistRepository
    release: ReleaseOffer
    audit: AuditLog
    clock: Clock

    def __call__(self, *, actor: Actor, request_id: UUID, status: WaitlistStatus) -> None:
        """Raises WaitlistRequestNotFound, WaitlistTransitionNotAllowed."""
        with self.unit_of_work():
            request = self.waitlist.get(request_id)
            now, old = self.clock.now(), request.status
            request.move_to(status)
            self.waitlist.save(request)
            if not request.is_open:
                self.release(request_id=request_id, by=CanceledBy.SPECIALIST, actor=actor, now=now)
            self.audit.record(
                actor=actor,
                action="waitlist_request_moved",
                entity="waitlistrequest",
                entity_id=str(request_id),
                at=now,
                changes={"status": (old.value, status.value)},
            )


@dataclass(frozen=True)
class NoticeOpening:
    """When time is freed, requests that wait for such time are marked, so that the specialist sees them;
    those that have been offered this very time are not."""

    unit_of_work: UnitOfWork
    waitlist: WaitlistRepository
    offers: WaitlistOfferRepository

    def __call__(self, *, event: SlotFreed) -> int:
        """Returns how many requests wait for the freed time; hearing the event twice changes nothing more."""
        with self.unit_of_work():
            queue = self.waitlist.waiting_for([event.service_id])
            offered = self.offers.offered_before(
                request_ids=[request.id for request in queue], start=event.start
            )
            noticed = [
                request for request in queue if request.id not in offered and request.notice_opening(event)
            ]
            for request in noticed:
                self.waitlist.save(request)
        return len(noticed)
