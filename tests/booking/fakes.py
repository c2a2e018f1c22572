"""Hand-written stand-ins of booking's ports, in memory, as strict as the real ones where it matters."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from apps.booking.application.ports import ClientContacts, ConsentDocument, GivenConsents
from apps.booking.domain.appointment import Appointment, AppointmentNotFound
from apps.booking.domain.intake import IntakeForm
from apps.booking.domain.lifecycle import AppointmentStatus
from apps.booking.domain.repositories import Calendar, Occupancy, Offering
from apps.booking.domain.service import ServiceNotFound
from apps.booking.domain.slots import Occupied, SlotTaken
from apps.booking.domain.waitlist import OPEN, WaitlistRequest, WaitlistRequestNotFound
from apps.booking.domain.waitlist_offer import OfferStillOpen, SlotAlreadyOffered, WaitlistOffer
from apps.kernel.domain.actor import Actor
from apps.kernel.domain.errors import DomainError, StaleVersion
from apps.kernel.domain.events import DomainEvent
from apps.kernel.domain.period import Period


@dataclass
class MovableClock:
    """Shows ``instant`` until it is moved."""

    instant: datetime

    def now(self) -> datetime:
        return self.instant

    def pass_(self, time: timedelta) -> None:
        self.instant += time


@dataclass
class FakeUnitOfWork:
    """Takes every store back to what it held before when its block fails; counts what it committed."""

    stores: list["Store"]
    committed: int = 0
    _depth: int = 0

    def __call__(self) -> Any:
        return self._block()

    @contextmanager
    def _block(self) -> Iterator[None]:
        before = [deepcopy(store.rows) for store in self.stores]
        self._depth += 1
        try:
            yield
            self.committed += self._depth == 1
        except BaseException:
            for store, rows in zip(self.stores, before, strict=True):
                store.rows = rows
            raise
        finally:
            self._depth -= 1


@dataclass
class Store:
    """What a fake keeps; ``rows`` is all of it, so that a unit of work can take it back."""

    rows: Any


class FakeOfferings:
    """Offerings by slug and id; remembers the dates that it was asked for."""

    def __init__(self, *offerings: Offering, appointments: "FakeAppointments") -> None:
        self.offerings = list(offerings)
        self.appointments = appointments
        self.asked: list[tuple[date, date]] = []

    def by_slug(self, slug: str, *, first: date, last: date) -> Offering:
        return self._one(lambda service: service.slug == slug, first, last)

    def by_id(self, service_id: UUID, *, first: date, last: date) -> Offering:
        return self._one(lambda service: service.id == service_id, first, last)

    def calendar(self, slug: str, *, first: date, last: date, taken_in: Period, now: datetime) -> Calendar:
        offering = self.by_slug(slug, first=first, last=last)
        taken = self.appointments.occupancy(
            specialist_id=offering.specialist.id, window=taken_in, now=now
        ).occupied
        return Calendar(offering=offering, occupied=taken)

    def _one(self, fits: Any, first: date, last: date) -> Offering:
        self.asked.append((first, last))
        for offering in self.offerings:
            if fits(offering.service):
                return offering
        raise ServiceNotFound(field="service")


class FakeAppointments(Store):
    """Refuses overlaps like the exclusion constraint does; ``timeline`` lists what was done and by whom."""

    def __init__(self) -> None:
        super().__init__({"appointments": {}, "timeline": []})
        self.queued: list[tuple[UUID, Period, date | None]] = []
        self.someone_was_faster: Appointment | None = None

    @property
    def timeline(self) -> list[tuple[str, str]]:
        return self.rows["timeline"]

    def all(self) -> list[Appointment]:
        return list(self.rows["appointments"].values())

    def get(self, appointment_id: UUID, *, client_id: UUID | None = None) -> Appointment:
        kept = self.rows["appointments"].get(appointment_id)
        if kept is None or client_id not in (None, kept.client_id):
            raise AppointmentNotFound
        return deepcopy(kept)

    def add(self, appointment: Appointment, *, actor: Actor) -> None:
        if self.someone_was_faster is not None:
            self.rows["appointments"][self.someone_was_faster.id] = self.someone_was_faster
        self._keep(appointment, actor)

    def save(self, appointment: Appointment, *, actor: Actor) -> None:
        if self.rows["appointments"][appointment.id].version != appointment.version:
            raise StaleVersion
        appointment.version += 1
        self._keep(appointment, actor)

    def queue_for_time(self, *, specialist_id: UUID, blocked: Period, limited_day: date | None) -> None:
        self.queued.append((specialist_id, blocked, limited_day))

    def occupancy(
        self, *, specialist_id: UUID, window: Period, now: datetime, but: UUID | None = None
    ) -> Occupancy:
        occupied, overdue = [], {}
        for each in self.all():
            if each.id == but or each.specialist_id != specialist_id or not each.is_active:
                continue
            if not each.blocked.overlaps(window):
                continue
            time = Occupied(
                service_id=each.service_id,
                start=each.period.start,
                blocked_start=each.blocked.start,
                blocked_end=each.blocked.end,
            )
            if each.is_overdue(now):
                overdue[each.id] = time
            else:
                occupied.append(time)
        return Occupancy(occupied=occupied, overdue=overdue)

    def overdue(self, *, now: datetime, limit: int) -> list[UUID]:
        late = sorted((each for each in self.all() if each.is_overdue(now)), key=lambda each: each.created_at)
        return [each.id for each in late[:limit]]

    def statuses(self, ids: list[UUID]) -> dict[UUID, AppointmentStatus]:
        return {each.id: each.status for each in self.all() if each.id in ids}

    def _keep(self, appointment: Appointment, actor: Actor) -> None:
        for other in self.all():
            if (
                other.id != appointment.id
                and other.specialist_id == appointment.specialist_id
                and other.is_active
                and appointment.is_active
                and other.blocked.overlaps(appointment.blocked)
            ):
                raise SlotTaken(field="start")
        self.timeline.extend((event.name(), actor.role) for event in appointment.pending_events)
        kept = deepcopy(appointment)
        kept.pull_events()
        self.rows["appointments"][appointment.id] = kept


class FakeForms(Store):
    def __init__(self) -> None:
        super().__init__({})

    def find(self, appointment_id: UUID) -> IntakeForm | None:
        return deepcopy(self.rows.get(appointment_id))

    def save(self, form: IntakeForm) -> None:
        self.rows[form.appointment_id] = deepcopy(form)


class FakeWaitlist(Store):
    def __init__(self) -> None:
        super().__init__({})

    def get(self, request_id: UUID) -> WaitlistRequest:
        if request_id not in self.rows:
            raise WaitlistRequestNotFound
        return deepcopy(self.rows[request_id])

    def add(self, request: WaitlistRequest) -> None:
        self.rows[request.id] = deepcopy(request)

    save = add

    def waiting_for(self, service_ids: list[UUID]) -> list[WaitlistRequest]:
        waiting = [
            each for each in self.rows.values() if each.service_id in service_ids and each.status in OPEN
        ]
        return [deepcopy(each) for each in sorted(waiting, key=lambda each: each.created_at)]


class FakeOffers(Store):
    """As strict as the partial unique constraints."""

    def __init__(self) -> None:
        super().__init__({})

    def all(self) -> list[WaitlistOffer]:
        return [deepcopy(each) for each in self.rows.values()]

    def add(self, offer: WaitlistOffer) -> None:
        for other in self.rows.values():
            mine = other.waitlist_request_id == offer.waitlist_request_id
            if mine and other.start == offer.start:
                raise SlotAlreadyOffered(field="start")
            if mine and other.is_open:
                raise OfferStillOpen(field="start")
            same_time = (other.specialist_id, other.start) == (offer.specialist_id, offer.start)
            if same_time and other.is_open:
                raise SlotTaken(field="start")
        kept = deepcopy(offer)
        kept.pull_events()
        self.rows[offer.id] = kept

    def save(self, offer: WaitlistOffer) -> None:
        self.rows[offer.id] = deepcopy(offer)

    def get(self, offer_id: UUID) -> WaitlistOffer:
        return deepcopy(self.rows[offer_id])

    def of_appointment(self, appointment_id: UUID) -> WaitlistOffer | None:
        return next((each for each in self.all() if each.appointment_id == appointment_id), None)

    def open_of(self, request_id: UUID) -> WaitlistOffer | None:
        mine = [each for each in self.all() if each.waitlist_request_id == request_id and each.is_open]
        return mine[0] if mine else None

    def open_around(
        self, *, request_ids: list[UUID], specialist_id: UUID, start: datetime
    ) -> list[WaitlistOffer]:
        return [
            each
            for each in self.all()
            if each.is_open
            and (
                each.waitlist_request_id in request_ids
                or (each.specialist_id, each.start) == (specialist_id, start)
            )
        ]

    def offered_before(self, *, request_ids: list[UUID], start: datetime) -> set[UUID]:
        asked = set(request_ids)
        return {each.waitlist_request_id for each in self.all() if each.start == start} & asked


class FakeContacts:
    """``known`` are the contacts of accounts by kind."""

    def __init__(self) -> None:
        self.known: dict[UUID, dict[str, str]] = {}

    def of(self, *, client_id: UUID) -> ClientContacts:
        return ClientContacts(name="", by_kind=self.known.get(client_id, {}))

    def normal_email(self, text: str) -> str:
        return text

    def normal_phone(self, text: str) -> str:
        return text


class UnknownDocument(DomainError):
    code = "unknown_document"


class FakeConsents(Store):
    """One document in force per purpose; ``rows`` are the (client, purpose) that have agreed."""

    DOCUMENT = ConsentDocument(
        purpose="personal_data", version="1.0", title="Согласие", text="Я согласен.", sha256="0" * 64
    )

    def __init__(self) -> None:
        super().__init__(set())
        self.given: list[tuple[UUID, str, dict[str, str], datetime]] = []

    def missing(self, *, client_id: UUID, purpose: str, at: datetime) -> ConsentDocument | None:
        return None if (client_id, purpose) in self.rows else self.DOCUMENT

    def grant(self, *, client_id: UUID, given: GivenConsents, at: datetime) -> None:
        for purpose, version in given.documents:
            if version != self.DOCUMENT.version:
                raise UnknownDocument
            self.rows.add((client_id, purpose))
            self.given.append((client_id, given.channel, dict(given.evidence), at))

    def in_force(self, *, purpose: str, at: datetime) -> ConsentDocument:
        return self.DOCUMENT


class FakeClients(Store):
    """Clients by e-mail."""

    def __init__(self) -> None:
        super().__init__({})

    def ensure(self, *, name: str, email: str | None, phone: str | None, actor: Actor, at: datetime) -> UUID:
        return self.rows.setdefault(email or phone, UUID(int=500 + len(self.rows)))


class FakeAuditLog(Store):
    def __init__(self) -> None:
        super().__init__([])

    def record(
        self,
        *,
        actor: Actor,
        action: str,
        entity: str,
        entity_id: str,
        at: datetime,
        changes: Mapping[str, tuple[object, object]] | None = None,
    ) -> None:
        self.rows.append((actor.role, action, entity, entity_id, at))


@dataclass
class RecordingBus(Store):
    """Keeps what was published, as long as its transaction does."""

    rows: list[DomainEvent] = field(default_factory=list)

    def publish(self, events: Iterable[DomainEvent]) -> None:
        self.rows.extend(events)

    def names(self) -> list[str]:
        return [event.name() for event in self.rows]
