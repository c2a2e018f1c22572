"""What became of an offered appointment is taken over into the offer and the request."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.booking.application.make_offer import ReleaseOffer
from apps.booking.application.offer_freed_slot import OfferFreedSlot
from apps.booking.domain.cancellation import CanceledBy
from apps.booking.domain.repositories import (
    AppointmentRepository,
    WaitlistOfferRepository,
    WaitlistRepository,
)
from apps.booking.domain.waitlist import WaitlistRequest
from apps.booking.domain.waitlist_offer import OfferStatus, conclude, meaning_of
from apps.kernel.application.ports import UnitOfWork
from apps.kernel.domain.actor import SYSTEM
from apps.kernel.domain.clock import Clock


@dataclass(frozen=True)
class SettleOffer:
    """Heard after an appointment was confirmed, canceled or has expired; most were never offered."""

    unit_of_work: UnitOfWork
    appointments: AppointmentRepository
    waitlist: WaitlistRepository
    offers: WaitlistOfferRepository
    release: ReleaseOffer
    offer_freed_slot: OfferFreedSlot
    clock: Clock

    def __call__(self, *, appointment_id: UUID, confirmed: bool = False) -> None:
        """``confirmed``: it was heard that the client has got the appointment, whatever came after. Hearing
        the same again, late or in another order changes nothing more.

        Who has missed an offer is offered the other time that was freed meanwhile, if it is still free."""
        with self.unit_of_work():
            found = self.offers.of_appointment(appointment_id)
            if found is None:
                return
            request = self.waitlist.get(found.waitlist_request_id)
            offer = self.offers.get(found.id)
            status = meaning_of(self.appointments.statuses([appointment_id])[appointment_id])
            if offer.settle(OfferStatus.ACCEPTED if confirmed else status):
                self.offers.save(offer)
            still_open = self.offers.open_of(request.id)
            if still_open is None or offer.status is OfferStatus.ACCEPTED:
                conclude(request, offer)
                self.waitlist.save(request)
            if not request.is_open and still_open is not None:
                self.release(
                    request_id=request.id, by=CanceledBy.SPECIALIST, actor=SYSTEM, now=self.clock.now()
                )
        if still_open is None:
            self._offer_what_was_freed_meanwhile(request, but=offer.start)

    def _offer_what_was_freed_meanwhile(self, request: WaitlistRequest, *, but: datetime) -> None:
        freed = request.opening_start
        if request.is_open and freed is not None and freed != but and freed > self.clock.now():
            self.offer_freed_slot(service_id=request.service_id, start=freed)
