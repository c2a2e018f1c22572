"""A client, or the specialist for a client, books a time."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.booking.application.ports import PERSONAL_DATA, ConsentRequired, Consents, GivenConsents
from apps.booking.application.slot_claim import SlotClaim, dates_around
from apps.booking.application.views import AppointmentView
from apps.booking.domain.appointment import Appointment, Origin
from apps.booking.domain.repositories import AppointmentRepository, OfferingRepository
from apps.booking.domain.service import MeetingFormat
from apps.kernel.application.ports import EventBus, UnitOfWork
from apps.kernel.domain.actor import Actor
from apps.kernel.domain.clock import Clock
from apps.kernel.domain.ids import NewId


@dataclass(frozen=True)
class BookAppointment:
    unit_of_work: UnitOfWork
    offerings: OfferingRepository
    appointments: AppointmentRepository
    claim: SlotClaim
    consents: Consents
    events: EventBus
    clock: Clock
    new_id: NewId

    def __call__(
        self,
        *,
        actor: Actor,
        client_id: UUID,
        service_slug: str,
        start: datetime,
        meeting_format: MeetingFormat,
        time_zone: str,
        given: GivenConsents,
        origin: Origin,
    ) -> AppointmentView:
        """Book ``start`` of a published service.

        Raises ServiceNotFound, WrongMeetingFormat, ConsentRequired, SlotUnavailable (with a reason),
        SlotTaken, and what the consents raise for unknown documents."""
        now = self.clock.now()
        with self.unit_of_work():
            offering = self.offerings.by_slug(service_slug, **dates_around(start))
            offering.service.ensure_published()
            offering.service.ensure_held_as(meeting_format)
            self._ensure_consent(client_id, given, now)
            self.claim(offering=offering, start=start, now=now)
            appointment = Appointment.book(
                id=self.new_id(),
                new_id=self.new_id,
                client_id=client_id,
                service=offering.service,
                specialist=offering.specialist,
                start=start,
                meeting_format=meeting_format,
                time_zone=time_zone,
                origin=origin,
                now=now,
            )
            self.appointments.add(appointment, actor=actor)
            self.events.publish(appointment.pull_events())
        return AppointmentView.of(appointment, now=now)

    def _ensure_consent(self, client_id: UUID, given: GivenConsents, now: datetime) -> None:
        if given.documents:
            self.consents.grant(client_id=client_id, given=given, at=now)
        if PERSONAL_DATA in dict(given.documents):
            return
        document = self.consents.missing(client_id=client_id, purpose=PERSONAL_DATA, at=now)
        if document is not None:
            raise ConsentRequired(document)
