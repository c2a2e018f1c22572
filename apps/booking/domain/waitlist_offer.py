"""A time kept for somebody on the waitlist, and what became of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Self
from uuid import UUID

from apps.booking.domain.appointment import Appointment
from apps.booking.domain.events import WaitlistOffered
from apps.booking.domain.lifecycle import AppointmentStatus
from apps.booking.domain.waitlist import WaitlistRequest
from apps.kernel.domain.aggregate import Aggregate
from apps.kernel.domain.errors import DomainError, gettext_noop
from apps.kernel.domain.ids import NewId

ENTRY_POINT = "waitlist"
"""Where an offered appointment says it came from."""


class OfferStatus(StrEnum):
    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"


_O = OfferStatus
ALLOWED: dict[OfferStatus, frozenset[OfferStatus]] = {
    _O.OFFERED: frozenset({_O.ACCEPTED, _O.DECLINED, _O.EXPIRED}),
    # Money may confirm an appointment after its hold has ended, and what is heard of a confirmation may come
    # after what is heard of a later cancellation: whoever has got the appointment has accepted.
    _O.EXPIRED: frozenset({_O.ACCEPTED}),
    _O.DECLINED: frozenset({_O.ACCEPTED}),
    _O.ACCEPTED: frozenset(),
}

_S = AppointmentStatus
_MEANING = {
    _S.REQUESTED: _O.OFFERED,
    _S.PENDING_PAYMENT: _O.OFFERED,
    _S.CONFIRMED: _O.ACCEPTED,
    _S.COMPLETED: _O.ACCEPTED,
    _S.NO_SHOW: _O.ACCEPTED,
    _S.DECLINED: _O.DECLINED,
    _S.CANCELED: _O.DECLINED,
    _S.EXPIRED: _O.EXPIRED,
}


class OfferStillOpen(DomainError):
    code = "offer_still_open"
    message = gettext_noop("A time is already kept for this person: wait for the answer or withdraw it.")


class SlotAlreadyOffered(DomainError):
    code = "slot_already_offered"
    message = gettext_noop("This time has been offered to this person before.")


class NoOpenOffer(DomainError):
    code = "no_open_offer"
    message = gettext_noop("No time is offered to this person just now.")


def meaning_of(status: AppointmentStatus) -> OfferStatus:
    """What the state of an offered appointment says about the offer."""
    return _MEANING[status]


@dataclass(kw_only=True, eq=False)
class WaitlistOffer(Aggregate):
    """An ordinary appointment keeps the time; ``expires_at`` is when its hold ends. ``offered_by`` is the
    member of staff who offered by hand, None where the waitlist did it by itself."""

    id: UUID
    waitlist_request_id: UUID
    appointment_id: UUID
    specialist_id: UUID
    start: datetime
    offered_at: datetime
    offered_by: UUID | None
    expires_at: datetime
    status: OfferStatus

    @classmethod
    def make(
        cls,
        *,
        id: UUID,
        new_id: NewId,
        waitlist_request_id: UUID,
        appointment: Appointment,
        offered_by: UUID | None,
        expires_at: datetime,
        now: datetime,
    ) -> Self:
        """``appointment`` is the hold that was made for it."""
        offer = cls(
            id=id,
            waitlist_request_id=waitlist_request_id,
            appointment_id=appointment.id,
            specialist_id=appointment.specialist_id,
            start=appointment.period.start,
            offered_at=now,
            offered_by=offered_by,
            expires_at=expires_at,
            status=OfferStatus.OFFERED,
        )
        offer.record(
            WaitlistOffered(
                event_id=new_id(),
                occurred_at=now,
                offer_id=id,
                waitlist_request_id=waitlist_request_id,
                appointment_id=appointment.id,
                client_id=appointment.client_id,
                expires_at=expires_at,
            )
        )
        return offer

    @property
    def is_open(self) -> bool:
        return self.status is OfferStatus.OFFERED

    def settle(self, status: OfferStatus) -> bool:
        """Note how it ended; what is known already or comes too late changes nothing. Whether it changed."""
        if status not in ALLOWED[self.status]:
            return False
        self.status = status
        return True


def conclude(request: WaitlistRequest, offer: WaitlistOffer) -> None:
    """Take the end of ``offer`` over into its request: they have got the place, or wait again."""
    if offer.status is OfferStatus.ACCEPTED:
        request.get_place()
    elif not offer.is_open:
        request.miss_offer()
