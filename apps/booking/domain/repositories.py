"""What booking asks of its storage."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from apps.booking.domain.appointment import Appointment
from apps.booking.domain.follow_up import FollowUpReason
from apps.booking.domain.intake import IntakeForm
from apps.booking.domain.lifecycle import AppointmentStatus
from apps.booking.domain.schedule import Schedule
from apps.booking.domain.service import Service, ServiceTerms
from apps.booking.domain.slots import Occupied
from apps.booking.domain.specialist import Specialist
from apps.booking.domain.waitlist import WaitlistRequest
from apps.booking.domain.waitlist_offer import WaitlistOffer
from apps.kernel.domain.actor import Actor
from apps.kernel.domain.period import Period


@dataclass(frozen=True, kw_only=True)
class Offering:
    """A service with the one who gives it and their working time around the dates asked for."""

    service: Service
    specialist: Specialist
    schedule: Schedule

    def with_terms(self, terms: ServiceTerms) -> "Offering":
        """The same working time with the length and buffers of an appointment's snapshot."""
        return replace(self, service=replace(self.service, terms=terms))


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """An offering, and what takes its specialist's time: active appointments but those whose wait is over.

    Instants may be rounded outwards to whole seconds, and the id of another service than the offered one
    may be replaced: searches for slots look no closer."""

    offering: Offering
    occupied: list[Occupied]


@dataclass(frozen=True, kw_only=True)
class Occupancy:
    """Taken time: ``occupied`` by active appointments; ``overdue`` are holds and requests whose wait is over,
    so that their time is free although no worker has released it yet."""

    occupied: list[Occupied]
    overdue: dict[UUID, Occupied]


class OfferingRepository(Protocol):
    def by_slug(self, slug: str, *, first: date, last: date) -> Offering:
        """The service with the date overrides from ``first`` to ``last``. Raises ServiceNotFound."""
        ...

    def calendar(self, slug: str, *, first: date, last: date, taken_in: Period, now: datetime) -> Calendar:
        """The same by slug, with what takes time within ``taken_in``. Raises ServiceNotFound."""
        ...

    def by_id(self, service_id: UUID, *, first: date, last: date) -> Offering:
        """The same by id. Raises ServiceNotFound."""
        ...


class AppointmentRepository(Protocol):
    def get(self, appointment_id: UUID, *, client_id: UUID | None = None) -> Appointment:
        """The appointment, locked until the transaction ends; only the client's own where ``client_id`` is
        given. Raises AppointmentNotFound."""
        ...

    def add(self, appointment: Appointment, *, actor: Actor) -> None:
        """Raises SlotTaken when its time with buffers overlaps another active appointment."""
        ...

    def save(self, appointment: Appointment, *, actor: Actor) -> None:
        """Write the changes and the timeline. Raises SlotTaken."""
        ...

    def queue_for_time(self, *, specialist_id: UUID, blocked: Period, limited_day: date | None) -> None:
        """Wait for other writers of the same time; those of other times are not waited for.
        ``limited_day`` is given where a daily limit holds, and then its writers wait for each other."""
        ...

    def occupancy(
        self, *, specialist_id: UUID, window: Period, now: datetime, but: UUID | None = None
    ) -> Occupancy:
        """Taken time that touches ``window``, leaving out the appointment ``but``."""
        ...

    def overdue(self, *, now: datetime, limit: int) -> list[UUID]:
        """Ids of holds and requests whose wait is over, the oldest first."""
        ...

    def statuses(self, ids: list[UUID]) -> dict[UUID, AppointmentStatus]:
        """The states of appointments as they are written down; nothing is locked."""
        ...


class IntakeRepository(Protocol):
    def find(self, appointment_id: UUID) -> IntakeForm | None:
        """The form, locked until the transaction ends."""
        ...

    def save(self, form: IntakeForm) -> None: ...


class WaitlistRepository(Protocol):
    def get(self, request_id: UUID) -> WaitlistRequest:
        """The request, locked until the transaction ends. Raises WaitlistRequestNotFound."""
        ...

    def add(self, request: WaitlistRequest) -> None: ...

    def save(self, request: WaitlistRequest) -> None: ...

    def waiting_for(self, service_ids: list[UUID]) -> list[WaitlistRequest]:
        """Open requests for any of the services, the oldest first, locked until the transaction ends."""
        ...


class WaitlistOfferRepository(Protocol):
    def add(self, offer: WaitlistOffer) -> None:
        """Raises SlotAlreadyOffered, OfferStillOpen, SlotTaken (another open offer of this time)."""
        ...

    def save(self, offer: WaitlistOffer) -> None: ...

    def get(self, offer_id: UUID) -> WaitlistOffer:
        """A known offer, locked until the transaction ends; requests are locked before their offers."""
        ...

    def of_appointment(self, appointment_id: UUID) -> WaitlistOffer | None:
        """The offer whose time this appointment keeps; not locked."""
        ...

    def open_of(self, request_id: UUID) -> WaitlistOffer | None:
        """The offer of this request that is not settled yet, locked."""
        ...

    def open_around(
        self, *, request_ids: list[UUID], specialist_id: UUID, start: datetime
    ) -> list[WaitlistOffer]:
        """Offers not settled yet of these requests, and of this time to whomever, locked."""
        ...

    def offered_before(self, *, request_ids: list[UUID], start: datetime) -> set[UUID]:
        """Those of the requests that have been offered ``start`` at any time."""
        ...


class FollowUpRepository(Protocol):
    def open(self, *, client_id: UUID, reason: FollowUpReason, withdrawal_id: UUID, at: datetime) -> int:
        """A task for each appointment of the client that is open and ahead at ``at``; how many are new. One
        that has such a task open, or had one by this withdrawal, gets none."""
        ...

    def settle(self, *, appointment_id: UUID, by: Actor, at: datetime) -> int:
        """Close the open tasks of the appointment; how many there were."""
        ...
