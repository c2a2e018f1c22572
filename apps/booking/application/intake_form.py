"""The client fills in the intake form; staff read it, and every reading is recorded."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.booking.application.ports import HEALTH_DATA, AuditLog, ConsentRequired, Consents
from apps.booking.application.slot_claim import dates_around
from apps.booking.application.views import IntakeView
from apps.booking.domain.appointment import Appointment
from apps.booking.domain.intake import IntakeClosed, IntakeForm, NoIntakeForm
from apps.booking.domain.repositories import AppointmentRepository, IntakeRepository, OfferingRepository
from apps.kernel.application.ports import EventBus, UnitOfWork
from apps.kernel.domain.actor import Actor
from apps.kernel.domain.clock import Clock
from apps.kernel.domain.ids import NewId
from apps.kernel.domain.readings import READING, ReadingReason, reading


@dataclass(frozen=True)
class OpenIntake:
    """The form of the client's own appointment; a blank one until it is first saved."""

    unit_of_work: UnitOfWork
    appointments: AppointmentRepository
    offerings: OfferingRepository
    forms: IntakeRepository
    consents: Consents
    clock: Clock

    def __call__(self, *, appointment_id: UUID, client_id: UUID) -> IntakeView:
        """Raises AppointmentNotFound, NoIntakeForm."""
        with self.unit_of_work():
            return IntakeView.of(self.form(appointment_id=appointment_id, client_id=client_id))

    def form(self, *, appointment_id: UUID, client_id: UUID, to_write: bool = False) -> IntakeForm:
        """Inside a unit of work. To write answers, which tell of health (152-FZ, art. 10), takes a consent to
        that: raises ConsentRequired as well, and IntakeClosed when it is too late."""
        appointment = self.appointments.get(appointment_id, client_id=client_id)
        now = self.clock.now()
        if to_write and (not appointment.is_active or now >= appointment.period.start):
            raise IntakeClosed
        form = self.forms.find(appointment_id) or self._blank(appointment, now)
        if to_write:
            missing = self.consents.missing(client_id=client_id, purpose=HEALTH_DATA, at=now)
            if missing is not None:
                raise ConsentRequired(missing)
        return form

    def _blank(self, appointment: Appointment, now: datetime) -> IntakeForm:
        offering = self.offerings.by_id(appointment.service_id, **dates_around(appointment.period.start))
        return IntakeForm.blank(
            appointment_id=appointment.id,
            client_id=appointment.client_id,
            questions=offering.service.intake_questions,
            now=now,
        )


@dataclass(frozen=True)
class FillIntake:
    unit_of_work: UnitOfWork
    intake: OpenIntake
    forms: IntakeRepository
    clock: Clock

    def __call__(self, *, appointment_id: UUID, client_id: UUID, answers: tuple[str, ...]) -> IntakeView:
        """Keep a draft. Raises AppointmentNotFound, NoIntakeForm, IntakeClosed, IntakeAlreadySubmitted,
        WrongIntakeAnswers, ConsentRequired."""
        with self.unit_of_work():
            form = self.intake.form(appointment_id=appointment_id, client_id=client_id, to_write=True)
            form.fill(answers=answers, now=self.clock.now())
            self.forms.save(form)
        return IntakeView.of(form)


@dataclass(frozen=True)
class SubmitIntake:
    unit_of_work: UnitOfWork
    intake: OpenIntake
    forms: IntakeRepository
    events: EventBus
    clock: Clock
    new_id: NewId

    def __call__(self, *, appointment_id: UUID, client_id: UUID) -> IntakeView:
        """Make the draft final.

        Raises AppointmentNotFound, NoIntakeForm, IntakeClosed, IntakeAlreadySubmitted, IntakeIncomplete,
        ConsentRequired."""
        with self.unit_of_work():
            form = self.intake.form(appointment_id=appointment_id, client_id=client_id, to_write=True)
            form.submit(new_id=self.new_id, now=self.clock.now())
            self.forms.save(form)
            self.events.publish(form.pull_events())
        return IntakeView.of(form)


@dataclass(frozen=True)
class ReadIntake:
    """Staff read answers (P2): the audit record is written before anything is shown, in one transaction."""

    unit_of_work: UnitOfWork
    forms: IntakeRepository
    audit: AuditLog
    clock: Clock

    def __call__(self, *, appointment_id: UUID, reason: ReadingReason, actor: Actor) -> IntakeView:
        """Raises NoIntakeForm."""
        with self.unit_of_work():
            form = self.forms.find(appointment_id)
            if form is None:
                raise NoIntakeForm
            self.audit.record(
                actor=actor,
                action=READING,
                entity="intake_form",
                entity_id=str(appointment_id),
                at=self.clock.now(),
                changes=reading(reason=reason, client_id=form.client_id),
            )
        return IntakeView.of(form)
