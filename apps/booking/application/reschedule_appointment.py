"""Moving an appointment; it keeps its old time if the new one fails."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.booking.application.appointment_command import AppointmentCommand
from apps.booking.application.slot_claim import SlotClaim, dates_around
from apps.booking.application.views import AppointmentView
from apps.booking.domain.appointment import Appointment
from apps.booking.domain.cancellation import CanceledBy
from apps.booking.domain.repositories import OfferingRepository
from apps.kernel.domain.actor import Actor


@dataclass(frozen=True)
class RescheduleAppointment(AppointmentCommand):
    offerings: OfferingRepository
    claim: SlotClaim

    def __call__(
        self,
        *,
        appointment_id: UUID,
        actor: Actor,
        by: CanceledBy,
        start: datetime,
        expected_version: int | None = None,
    ) -> AppointmentView:
        """The new time obeys the service's present schedule and the length and buffers of the snapshot.
        Raises AppointmentNotFound, TransitionNotAllowed, AlreadyStarted, TooLateToReschedule,
        RescheduleLimitReached, SameTime, SlotUnavailable, SlotTaken, StaleVersion."""

        def move(appointment: Appointment, now: datetime) -> None:
            appointment.ensure_movable_to(start=start, by=by, now=now)
            offering = self.offerings.by_id(appointment.service_id, **dates_around(start))
            self.claim(
                offering=offering.with_terms(appointment.terms), start=start, now=now, but=appointment.id
            )
            appointment.reschedule(start=start, by=by, actor_id=actor.user_id, new_id=self.new_id, now=now)

        return self.change(
            appointment_id=appointment_id, actor=actor, expected_version=expected_version, change=move
        )
