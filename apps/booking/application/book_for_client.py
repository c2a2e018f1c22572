"""The specialist books for a client, known or new, under the same rules."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.booking.application.book_appointment import BookAppointment
from apps.booking.application.ports import Clients, GivenConsents
from apps.booking.application.views import AppointmentView
from apps.booking.domain.appointment import Origin
from apps.booking.domain.service import MeetingFormat
from apps.kernel.application.ports import UnitOfWork
from apps.kernel.domain.actor import Actor
from apps.kernel.domain.clock import Clock


@dataclass(frozen=True)
class BookForClient:
    unit_of_work: UnitOfWork
    clients: Clients
    book: BookAppointment
    clock: Clock

    def __call__(
        self,
        *,
        actor: Actor,
        client_id: UUID | None,
        name: str,
        email: str | None,
        phone: str | None,
        service_slug: str,
        start: datetime,
        meeting_format: MeetingFormat,
        time_zone: str,
        given: GivenConsents,
    ) -> AppointmentView:
        """``client_id`` names a known client; without it one is found by e-mail or phone, or created.
        Raises what BookAppointment raises, and what finding the client raises; then nobody is created."""
        with self.unit_of_work():
            if client_id is None:
                client_id = self.clients.ensure(
                    name=name, email=email, phone=phone, actor=actor, at=self.clock.now()
                )
            return self.book(
                actor=actor,
                client_id=client_id,
                service_slug=service_slug,
                start=start,
                meeting_format=meeting_format,
                time_zone=time_zone,
                given=given,
                origin=Origin(entry_point="admin"),
            )
