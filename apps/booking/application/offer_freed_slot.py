"""A freed time is offered to the first on the waitlist who can have it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.booking.application.make_offer import MakeOffer
from apps.booking.application.slot_claim import SlotClaim, dates_around
from apps.booking.application.waiting_client import WaitingClient
from apps.booking.domain.repositories import (
    AppointmentRepository,
    OfferingRepository,
    WaitlistOfferRepository,
    WaitlistRepository,
)
from apps.booking.domain.service import ServiceNotFound
from apps.booking.domain.slots import SlotTaken, SlotUnavailable
from apps.booking.domain.waitlist import WaitlistRequest
from apps.booking.domain.waitlist_offer import conclude, meaning_of
from apps.kernel.application.ports import UnitOfWork
from apps.kernel.domain.actor import SYSTEM
from apps.kernel.domain.clock import Clock


@dataclass(frozen=True)
class OfferFreedSlot:
    """One round: at most one offer. The next round begins when that offer frees its time again; a request is
    offered a time at most once, so that rounds come to an end and the time is then simply free.

    Requests are locked before the time is claimed, in the order of joining: rounds of one service wait for
    each other, and nobody who holds a time waits for a request."""

    unit_of_work: UnitOfWork
    offerings: OfferingRepository
    appointments: AppointmentRepository
    waitlist: WaitlistRepository
    offers: WaitlistOfferRepository
    claim: SlotClaim
    client_of: WaitingClient
    make: MakeOffer
    clock: Clock

    def __call__(self, *, service_id: UUID, start: datetime) -> UUID | None:
        """The id of the offer that was made; None where the time is not free, clients could not book it, or
        nobody waits for it whom a letter can reach."""
        try:
            with self.unit_of_work():
                return self._round(service_id, start, self.clock.now())
        except (SlotTaken, SlotUnavailable, ServiceNotFound):
            return None

    def _round(self, service_id: UUID, start: datetime, now: datetime) -> UUID | None:
        queue = [each for each in self.waitlist.waiting_for([service_id]) if each.waits_for(start)]
        if not queue:
            return None
        offering = self.offerings.by_id(service_id, **dates_around(start))
        offering.service.ensure_published()
        self.claim(offering=offering, start=start, now=now)
        for request in self._eligible(queue, offering.specialist.id, start):
            client_id = self.client_of.by_letter(request, now=now)
            if client_id is not None:
                offer = self.make(
                    request=request,
                    client_id=client_id,
                    offering=offering,
                    start=start,
                    meeting_format=None,
                    expires_at=min(now + offering.specialist.offer, start),
                    actor=SYSTEM,
                    now=now,
                )
                return offer.id
        return None

    def _eligible(
        self, queue: list[WaitlistRequest], specialist_id: UUID, start: datetime
    ) -> list[WaitlistRequest]:
        """Those without an open offer who have not been offered this time. Offers whose appointment has ended
        are settled on the way: what tells of their end may not have been heard yet."""
        ids = [each.id for each in queue]
        waiting = {each.id: each for each in queue}
        open_offers = self.offers.open_around(request_ids=ids, specialist_id=specialist_id, start=start)
        statuses = self.appointments.statuses([each.appointment_id for each in open_offers])
        busy = set()
        for offer in open_offers:
            request = waiting.get(offer.waitlist_request_id)
            if not offer.settle(meaning_of(statuses[offer.appointment_id])):
                busy.add(offer.waitlist_request_id)
                continue
            self.offers.save(offer)
            if request is not None:
                conclude(request, offer)
                self.waitlist.save(request)
        barred = busy | self.offers.offered_before(request_ids=ids, start=start)
        return [each for each in queue if each.id not in barred and each.is_open]
