"""The client answers an offer of the waitlist: takes a free session, or lets the time go."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.booking.application.appointment_command import AppointmentCommand
from apps.booking.application.ports import PERSONAL_DATA, ConsentRequired, Consents
from apps.booking.application.views import AppointmentView
from apps.booking.domain.appointment import Appointment
from apps.booking.domain.cancellation import CanceledBy
from apps.booking.domain.lifecycle import AppointmentStatus, TransitionNotAllowed
from apps.booking.domain.outcome import ReasonCategory
from apps.kernel.domain.actor import Actor


@dataclass(frozen=True)
class AcceptOffer(AppointmentCommand):
    """By the client, or by staff at the client's word."""

    consents: Consents

    def __call__(
        self,
        *,
        appointment_id: UUID,
        actor: Actor,
        expected_version: int | None = None,
        at: datetime | None = None,
    ) -> AppointmentView:
        """Confirm a kept session that costs nothing. Raises AppointmentNotFound, TransitionNotAllowed,
        HoldExpired, PaymentDue, ConsentRequired, StaleVersion."""

        def accept(appointment: Appointment, now: datetime) -> None:
            appointment.accept_offer(new_id=self.new_id, now=now)
            document = self.consents.missing(client_id=appointment.client_id, purpose=PERSONAL_DATA, at=now)
            if document is not None:
                raise ConsentRequired(document)

        return self.change(
            appointment_id=appointment_id,
            actor=actor,
            expected_version=expected_version,
            change=accept,
            at=at,
        )


class DeclineOffer(AppointmentCommand):
    """Lets a kept time go; an appointment that is confirmed is canceled on purpose only."""

    def __call__(self, *, appointment_id: UUID, actor: Actor, at: datetime | None = None) -> AppointmentView:
        """Raises AppointmentNotFound, TransitionNotAllowed, AlreadyCanceled, HoldExpired."""

        def decline(appointment: Appointment, now: datetime) -> None:
            status, canceled = appointment.status, AppointmentStatus.CANCELED
            if status not in {AppointmentStatus.PENDING_PAYMENT, canceled}:
                raise TransitionNotAllowed(status=status.value, target=canceled.value)
            appointment.cancel(
                by=CanceledBy.CLIENT,
                reason=ReasonCategory.NONE,
                actor_id=actor.user_id,
                new_id=self.new_id,
                now=now,
            )

        return self.change(
            appointment_id=appointment_id, actor=actor, expected_version=None, change=decline, at=at
        )
