"""Between rows and the domain: ``to_…`` reads a row, ``apply_…`` writes an entity onto the locked row."""

from datetime import timedelta
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from apps.booking.domain.appointment import Appointment, Origin
from apps.booking.domain.fiscal import PaymentSubject, VatCode
from apps.booking.domain.intake import IntakeForm, IntakeStatus
from apps.booking.domain.lifecycle import AppointmentStatus
from apps.booking.domain.outcome import Outcome, OutcomeRecord, ReasonCategory
from apps.booking.domain.schedule import DateOverride, OverrideKind, WeeklyHours
from apps.booking.domain.service import MeetingFormat, Service, ServiceFormat, ServiceStatus, ServiceTerms
from apps.booking.domain.slots import SlotGrid
from apps.booking.domain.specialist import Specialist
from apps.booking.domain.waitlist import PreferredContact, PreferredWindow, WaitlistRequest, WaitlistStatus
from apps.booking.domain.waitlist_offer import OfferStatus, WaitlistOffer
from apps.booking.infrastructure import models
from apps.kernel.domain.money import Money
from apps.kernel.domain.period import Period


def minutes(length: timedelta) -> int:
    return int(length.total_seconds()) // 60


def to_specialist(row: models.Specialist) -> Specialist:
    return Specialist(
        id=row.id,
        time_zone=row.time_zone,
        hold=timedelta(minutes=row.hold_minutes),
        accepted_hold=timedelta(minutes=row.accepted_hold_minutes),
        offer=timedelta(hours=row.offer_hours),
        answer_within=timedelta(hours=row.answer_within_hours),
        meeting_link=row.meeting_link,
    )


def to_terms(row: models.Service) -> ServiceTerms:
    """Raises InvalidServiceTerms when the row breaks a rule (a form that is not saved yet may)."""
    return ServiceTerms(
        slug=row.slug,
        name=row.name,
        duration=timedelta(minutes=row.duration_minutes),
        price=Money(row.price_minor),
        deposit=None if row.deposit_minor is None else Money(row.deposit_minor),
        cancel_free_hours=row.cancel_free_hours,
        cancel_partial_hours=row.cancel_partial_hours,
        reschedule_min_hours=row.reschedule_min_hours,
        max_reschedules=row.max_reschedules,
        buffer_before=timedelta(minutes=row.buffer_before_minutes),
        buffer_after=timedelta(minutes=row.buffer_after_minutes),
        vat_code=VatCode(row.vat_code),
        payment_subject=PaymentSubject(row.payment_subject),
    )


def to_service(row: models.Service, *, intake_questions: tuple[str, ...] = ()) -> Service:
    return Service(
        id=row.id,
        specialist_id=row.specialist_id,
        slug=row.slug,
        status=ServiceStatus(row.status),
        format=ServiceFormat(row.format),
        address=row.address,
        terms=to_terms(row),
        min_notice=timedelta(hours=row.min_notice_hours),
        horizon_days=row.horizon_days,
        step=timedelta(minutes=row.slot_step_minutes),
        grid=SlotGrid(row.slot_grid),
        daily_limit=row.daily_limit,
        requires_confirmation=row.requires_confirmation,
        intake_questions=intake_questions,
    )


def to_weekly_hours(row: models.WeeklyHours) -> WeeklyHours:
    return WeeklyHours(
        weekday=row.weekday,
        start_minute=row.start_minute,
        end_minute=row.end_minute,
        every_weeks=row.every_weeks,
        anchor=row.anchor,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
    )


def to_date_override(row: models.DateOverride) -> DateOverride:
    return DateOverride(
        date=row.date,
        kind=OverrideKind(row.kind),
        start_minute=row.start_minute,
        end_minute=row.end_minute,
    )


def terms_to_json(terms: ServiceTerms) -> dict[str, Any]:
    return {
        "slug": terms.slug,
        "name": terms.name,
        "duration_minutes": minutes(terms.duration),
        "price_minor": terms.price.minor,
        "deposit_minor": None if terms.deposit is None else terms.deposit.minor,
        "currency": terms.price.currency,
        "cancel_free_hours": terms.cancel_free_hours,
        "cancel_partial_hours": terms.cancel_partial_hours,
        "reschedule_min_hours": terms.reschedule_min_hours,
        "max_reschedules": terms.max_reschedules,
        "buffer_before_minutes": minutes(terms.buffer_before),
        "buffer_after_minutes": minutes(terms.buffer_after),
        "vat_code": terms.vat_code.value,
        "payment_subject": terms.payment_subject.value,
    }


def terms_from_json(data: dict[str, Any]) -> ServiceTerms:
    currency = data["currency"]
    deposit = data["deposit_minor"]
    return ServiceTerms(
        slug=data["slug"],
        name=data["name"],
        duration=timedelta(minutes=data["duration_minutes"]),
        price=Money(data["price_minor"], currency),
        deposit=None if deposit is None else Money(deposit, currency),
        cancel_free_hours=data["cancel_free_hours"],
        cancel_partial_hours=data["cancel_partial_hours"],
        reschedule_min_hours=data["reschedule_min_hours"],
        max_reschedules=data["max_reschedules"],
        buffer_before=timedelta(minutes=data["buffer_before_minutes"]),
        buffer_after=timedelta(minutes=data["buffer_after_minutes"]),
        vat_code=VatCode(data["vat_code"]),
        payment_subject=PaymentSubject(data["payment_subject"]),
    )


def to_appointment(row: models.Appointment, *, outcomes: list[OutcomeRecord] | None = None) -> Appointment:
    terms = terms_from_json(row.terms)
    return Appointment(
        id=row.id,
        specialist_id=row.specialist_id,
        client_id=row.client_id,
        service_id=row.service_id,
        terms=terms,
        status=AppointmentStatus(row.status),
        period=Period(row.start, row.end),
        meeting_format=MeetingFormat(row.meeting_format),
        meeting_link=row.meeting_link,
        address=row.address,
        time_zone=row.time_zone,
        origin=Origin(
            entry_point=row.entry_point, topic=row.topic, deep_link_id=row.deep_link_id, utm=row.utm
        ),
        paid=Money(row.paid_minor, terms.price.currency),
        refund=Money(row.refund_minor, terms.price.currency),
        hold_length=timedelta(minutes=row.hold_length_minutes),
        hold_expires_at=row.hold_expires_at,
        hold_extended=row.hold_extended,
        answer_due_at=row.answer_due_at,
        reschedule_count=row.reschedule_count,
        outcomes=outcomes or [],
        created_at=row.created_at,
        version=row.version,
    )


def apply_appointment(entity: Appointment, row: models.Appointment) -> None:
    blocked = entity.blocked
    row.id = entity.id
    row.specialist_id = entity.specialist_id
    row.client_id = entity.client_id
    row.service_id = entity.service_id
    row.terms = terms_to_json(entity.terms)
    row.status = entity.status.value
    row.start = entity.period.start
    row.end = entity.period.end
    row.buffer_before_minutes = minutes(entity.terms.buffer_before)
    row.buffer_after_minutes = minutes(entity.terms.buffer_after)
    row.blocked = DateTimeTZRange(blocked.start, blocked.end, "[)")
    row.meeting_format = entity.meeting_format.value
    row.meeting_link = entity.meeting_link
    row.address = entity.address
    row.time_zone = entity.time_zone
    row.entry_point = entity.origin.entry_point
    row.topic = entity.origin.topic
    row.deep_link_id = entity.origin.deep_link_id
    row.utm = dict(entity.origin.utm)
    row.paid_minor = entity.paid.minor
    row.refund_minor = entity.refund.minor
    row.hold_length_minutes = minutes(entity.hold_length)
    row.hold_expires_at = entity.hold_expires_at
    row.hold_extended = entity.hold_extended
    row.answer_due_at = entity.answer_due_at
    row.reschedule_count = entity.reschedule_count
    row.created_at = entity.created_at
    row.version = entity.version


def to_outcome(row: models.OutcomeRecord) -> OutcomeRecord:
    return OutcomeRecord(
        outcome=Outcome(row.outcome),
        reason=ReasonCategory(row.reason),
        session_start=row.session_start,
        recorded_at=row.recorded_at,
        recorded_by=row.recorded_by_id,
        notes=row.notes,
    )


def apply_outcome(entity: OutcomeRecord, row: models.OutcomeRecord) -> None:
    row.outcome = entity.outcome.value
    row.reason = entity.reason.value
    row.session_start = entity.session_start
    row.recorded_at = entity.recorded_at
    row.recorded_by_id = entity.recorded_by
    row.notes = entity.notes


def to_intake(row: models.IntakeForm) -> IntakeForm:
    return IntakeForm(
        appointment_id=row.appointment_id,
        client_id=row.client_id,
        questions=tuple(row.questions),
        answers=tuple(row.answers),
        status=IntakeStatus(row.status),
        updated_at=row.updated_at,
        submitted_at=row.submitted_at,
    )


def apply_intake(entity: IntakeForm, row: models.IntakeForm) -> None:
    row.appointment_id = entity.appointment_id
    row.client_id = entity.client_id
    row.questions = list(entity.questions)
    row.answers = list(entity.answers)
    row.status = entity.status.value
    row.updated_at = entity.updated_at
    row.submitted_at = entity.submitted_at


def to_waitlist_request(row: models.WaitlistRequest) -> WaitlistRequest:
    return WaitlistRequest(
        id=row.id,
        service_id=row.service_id,
        client_id=row.client_id,
        guest_token_hash=row.guest_token_hash,
        name=row.name,
        preferred_contact=PreferredContact(row.preferred_contact),
        contact=row.contact,
        window=PreferredWindow(row.window),
        time_zone=row.time_zone,
        status=WaitlistStatus(row.status),
        consent_version=row.consent_version,
        created_at=row.created_at,
        opening_start=row.opening_start,
    )


def apply_waitlist_request(entity: WaitlistRequest, row: models.WaitlistRequest) -> None:
    row.id = entity.id
    row.service_id = entity.service_id
    row.client_id = entity.client_id
    row.guest_token_hash = entity.guest_token_hash
    row.name = entity.name
    row.preferred_contact = entity.preferred_contact.value
    row.contact = entity.contact
    row.window = entity.window.value
    row.time_zone = entity.time_zone
    row.status = entity.status.value
    row.consent_version = entity.consent_version
    row.created_at = entity.created_at
    row.opening_start = entity.opening_start


def to_waitlist_offer(row: models.WaitlistOffer) -> WaitlistOffer:
    return WaitlistOffer(
        id=row.id,
        waitlist_request_id=row.waitlist_request_id,
        appointment_id=row.appointment_id,
        specialist_id=row.specialist_id,
        start=row.start,
        offered_at=row.offered_at,
        offered_by=row.offered_by_id,
        expires_at=row.expires_at,
        status=OfferStatus(row.status),
    )


def apply_waitlist_offer(entity: WaitlistOffer, row: models.WaitlistOffer) -> None:
    row.id = entity.id
    row.waitlist_request_id = entity.waitlist_request_id
    row.appointment_id = entity.appointment_id
    row.specialist_id = entity.specialist_id
    row.start = entity.start
    row.offered_at = entity.offered_at
    row.offered_by_id = entity.offered_by
    row.expires_at = entity.expires_at
    row.status = entity.status.value
