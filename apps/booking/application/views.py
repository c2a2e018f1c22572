"""What use cases hand out: plain frozen data."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Self
from uuid import UUID

from apps.booking.domain.appointment import Appointment
from apps.booking.domain.intake import IntakeForm
from apps.booking.domain.lifecycle import AppointmentStatus
from apps.booking.domain.service import MeetingFormat, ServiceTerms
from apps.booking.domain.waitlist import WaitlistRequest
from apps.kernel.domain.money import Money


@dataclass(frozen=True, kw_only=True)
class AppointmentView:
    """An appointment as its client sees it when it was read: an overdue hold is shown as expired, an
    overdue request as declined, though no worker has written it down yet."""

    id: UUID
    status: AppointmentStatus
    start: datetime
    end: datetime
    time_zone: str
    meeting_format: MeetingFormat
    meeting_link: str
    address: str
    service: ServiceTerms
    amount_due: Money
    paid: Money
    refund: Money
    hold_expires_at: datetime | None
    hold_extended: bool
    answer_due_at: datetime | None
    reschedule_count: int
    topic: str
    entry_point: str
    deep_link_id: str
    utm: Mapping[str, str]
    created_at: datetime

    @classmethod
    def of(cls, appointment: Appointment, *, now: datetime) -> Self:
        status, amount_due = appointment.status, appointment.amount_due
        if appointment.is_overdue(now):
            requested = status is AppointmentStatus.REQUESTED
            status = AppointmentStatus.DECLINED if requested else AppointmentStatus.EXPIRED
            amount_due = Money.zero(amount_due.currency)
        confirmed = status is AppointmentStatus.CONFIRMED
        return cls(
            id=appointment.id,
            status=status,
            start=appointment.period.start,
            end=appointment.period.end,
            time_zone=appointment.time_zone,
            meeting_format=appointment.meeting_format,
            meeting_link=appointment.meeting_link if confirmed else "",
            address=appointment.address,
            service=appointment.terms,
            amount_due=amount_due,
            paid=appointment.paid,
            refund=appointment.refund,
            hold_expires_at=appointment.hold_expires_at,
            hold_extended=appointment.hold_extended,
            answer_due_at=appointment.answer_due_at,
            reschedule_count=appointment.reschedule_count,
            topic=appointment.origin.topic,
            entry_point=appointment.origin.entry_point,
            deep_link_id=appointment.origin.deep_link_id,
            utm=appointment.origin.utm,
            created_at=appointment.created_at,
        )


@dataclass(frozen=True, kw_only=True)
class IntakeView:
    """Questions and answers in the same order; answers are P2."""

    appointment_id: UUID
    status: str
    questions: tuple[str, ...]
    answers: tuple[str, ...]
    updated_at: datetime
    submitted_at: datetime | None

    @classmethod
    def of(cls, form: IntakeForm) -> Self:
        return cls(
            appointment_id=form.appointment_id,
            status=form.status.value,
            questions=form.questions,
            answers=form.answers,
            updated_at=form.updated_at,
            submitted_at=form.submitted_at,
        )


@dataclass(frozen=True, kw_only=True)
class WaitlistView:
    """A waitlist request as its owner sees it; ``guest_token`` is told once, when a guest joins."""

    id: UUID
    service_id: UUID
    preferred_contact: str
    window: str
    status: str
    created_at: datetime
    guest_token: str = ""

    @classmethod
    def of(cls, request: WaitlistRequest, *, guest_token: str = "") -> Self:
        return cls(
            id=request.id,
            service_id=request.service_id,
            preferred_contact=request.preferred_contact.value,
            window=request.window.value,
            status=request.status.value,
            created_at=request.created_at,
            guest_token=guest_token,
        )
