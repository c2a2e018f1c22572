"""Keeping a time for somebody on the waitlist, and letting it go again."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.booking.domain.appointment import Appointment, Origin
from apps.booking.domain.cancellation import CanceledBy
from apps.booking.domain.lifecycle import AppointmentStatus
from apps.booking.domain.outcome import ReasonCategory
from apps.booking.domain.repositories import (
    AppointmentRepository,
    Offering,
    WaitlistOfferRepository,
    WaitlistRepository,
)
from apps.booking.domain.service import MeetingFormat, ServiceFormat
from apps.booking.domain.waitlist import WaitlistRequest
from apps.booking.domain.waitlist_offer import ENTRY_POINT, OfferStatus, WaitlistOffer
from apps.kernel.application.ports import EventBus
from apps.kernel.domain.actor import Actor
from apps.kernel.domain.ids import NewId


@dataclass(frozen=True)
class MakeOffer:
    """Holds a claimed time for a request inside the caller's transaction."""

    appointments: AppointmentRepository
    waitlist: WaitlistRepository
    offers: WaitlistOfferRepository
    events: EventBus
    new_id: NewId

    def __call__(
        self,
        *,
        request: WaitlistRequest,
        client_id: UUID,
        offering: Offering,
        start: datetime,
        meeting_format: MeetingFormat | None,
        expires_at: datetime,
        actor: Actor,
        now: datetime,
    ) -> WaitlistOffer:
        """``request`` is locked and ``start`` claimed. Without ``meeting_format`` the session is online where
        the service can be. Raises SlotTaken, SlotAlreadyOffered, OfferStillOpen,
        WaitlistTransitionNotAllowed, WrongMeetingFormat."""
        if meeting_format is None:
            offline = offering.service.format is ServiceFormat.OFFLINE
            meeting_format = MeetingFormat.OFFLINE if offline else MeetingFormat.ONLINE
        offering.service.ensure_held_as(meeting_format)
        request.be_offered(client_id=client_id)
        appointment = Appointment.book(
            id=self.new_id(),
            new_id=self.new_id,
            client_id=client_id,
            service=offering.service,
            specialist=offering.specialist,
            start=start,
            meeting_format=meeting_format,
            time_zone=request.time_zone,
            origin=Origin(entry_point=ENTRY_POINT),
            now=now,
            offered_until=expires_at,
        )
        offer = WaitlistOffer.make(
            id=self.new_id(),
            new_id=self.new_id,
            waitlist_request_id=request.id,
            appointment=appointment,
            offered_by=actor.user_id,
            expires_at=expires_at,
            now=now,
        )
        self.appointments.add(appointment, actor=actor)
        self.offers.add(offer)
        self.waitlist.save(request)
        self.events.publish(appointment.pull_events())
        self.events.publish(offer.pull_events())
        return offer


@dataclass(frozen=True)
class ReleaseOffer:
    """Lets the time of a request's open offer go, inside the caller's transaction: the request is done with.

    An appointment that is confirmed already is left alone."""

    appointments: AppointmentRepository
    offers: WaitlistOfferRepository
    events: EventBus
    new_id: NewId

    def __call__(self, *, request_id: UUID, by: CanceledBy, actor: Actor, now: datetime) -> bool:
        """Whether a hold was released. The request is locked by the caller."""
        offer = self.offers.open_of(request_id)
        if offer is None:
            return False
        appointment = self.appointments.get(offer.appointment_id)
        held = appointment.status is AppointmentStatus.PENDING_PAYMENT and not appointment.is_overdue(now)
        if not held:
            return False
        appointment.cancel(
            by=by, reason=ReasonCategory.NONE, actor_id=actor.user_id, new_id=self.new_id, now=now
        )
        offer.settle(OfferStatus.DECLINED)
        self.offers.save(offer)
        self.appointments.save(appointment, actor=actor)
        self.events.publish(appointment.pull_events())
        return True
