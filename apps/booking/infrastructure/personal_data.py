"""What booking keeps about a person, for archives and erasure.

The specialist's own notes of a session are left out on purpose: see docs/adr/0015-exports.md.
"""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.booking.infrastructure import erasure, labels
from apps.booking.infrastructure.models import (
    Appointment,
    IntakeForm,
    OutcomeRecord,
    TimelineEntry,
    WaitlistOffer,
    WaitlistRequest,
)
from apps.kernel.application.personal_data import Json, PersonalData, Record, register
from apps.kernel.domain.errors import gettext_noop
from apps.kernel.infrastructure.records import codes, in_pages, instant, money

_TERMS = ("duration_minutes", "cancel_free_hours", "cancel_partial_hours", "reschedule_min_hours")


def register_sections() -> None:
    for section in (APPOINTMENTS, INTAKE, WAITLIST):
        register(section)


def _appointments(person_id: UUID) -> Iterator[Record]:
    rows = (
        Appointment.objects.filter(client=person_id)
        .select_related("specialist")
        .prefetch_related(
            Prefetch("timeline", queryset=TimelineEntry.objects.order_by("at", "id")),
            Prefetch("outcomes", queryset=OutcomeRecord.objects.defer("notes").order_by("recorded_at", "id")),
        )
    )
    for row in in_pages(rows, "created_at", "id"):
        yield {
            "id": str(row.pk),
            "service": row.terms["name"],
            "specialist": row.specialist.display_name,
            "status": row.status,
            "start": instant(row.start),
            "end": instant(row.end),
            "time_zone": row.time_zone,
            "meeting_format": row.meeting_format,
            "meeting_link": row.meeting_link,
            "address": row.address,
            "terms": _terms(row.terms),
            "paid": money(row.paid_minor, row.terms["currency"]),
            "refund": money(row.refund_minor, row.terms["currency"]),
            "reschedule_count": row.reschedule_count,
            "topic": row.topic,
            "entry_point": row.entry_point,
            "deep_link_id": row.deep_link_id,
            "utm": row.utm,
            "created_at": instant(row.created_at),
            "outcomes": [_outcome(each) for each in row.outcomes.all()],
            "timeline": [_happening(each) for each in row.timeline.all()],
        }


def _terms(terms: dict[str, Any]) -> Json:
    deposit = terms["deposit_minor"]
    return {
        "price": money(terms["price_minor"], terms["currency"]),
        "deposit": None if deposit is None else money(deposit, terms["currency"]),
        **{name: terms[name] for name in _TERMS},
    }


def _outcome(row: OutcomeRecord) -> Json:
    return {
        "outcome": row.outcome,
        "reason": row.reason,
        "session_start": instant(row.session_start),
        "recorded_at": instant(row.recorded_at),
    }


def _happening(row: TimelineEntry) -> Json:
    """Who did it is told by role: the names of those who work for the practice are theirs."""
    return {"at": instant(row.at), "event": row.event, "who": row.actor_role, "data": row.data}


def _intake(person_id: UUID) -> Iterator[Record]:
    for row in in_pages(IntakeForm.objects.filter(client=person_id), "pk"):
        yield {
            "appointment_id": str(row.pk),
            "status": row.status,
            "answers": [
                {"question": question, "answer": answer}
                for question, answer in zip(row.questions, row.answers, strict=False)
            ],
            "updated_at": instant(row.updated_at),
            "submitted_at": instant(row.submitted_at),
        }


def _waitlist(person_id: UUID) -> Iterator[Record]:
    rows = (
        WaitlistRequest.objects.filter(client=person_id)
        .select_related("service")
        .prefetch_related(Prefetch("offers", queryset=WaitlistOffer.objects.order_by("offered_at", "id")))
    )
    for row in in_pages(rows, "created_at", "id"):
        yield {
            "id": str(row.pk),
            "service": row.service.name,
            "name": row.name,
            "preferred_contact": row.preferred_contact,
            "contact": row.contact,
            "window": row.window,
            "time_zone": row.time_zone,
            "status": row.status,
            "consent_version": row.consent_version,
            "created_at": instant(row.created_at),
            "offers": [_offer(each) for each in row.offers.all()],
        }


def _offer(row: WaitlistOffer) -> Json:
    return {
        "start": instant(row.start),
        "offered_at": instant(row.offered_at),
        "expires_at": instant(row.expires_at),
        "state": row.status,
    }


APPOINTMENTS = PersonalData(
    section="appointments",
    title=gettext_noop("Appointments: terms, money, what happened"),
    count=lambda person_id: Appointment.objects.filter(client=person_id).count(),
    export=_appointments,
    erase=erasure.erase_appointments,
    kept=erasure.kept_appointments,
    obstacles=erasure.obstacles,
    words={
        "service": _("service"),
        "specialist": _("specialist"),
        "status": _("status"),
        "start": _("start"),
        "end": _("end"),
        "time_zone": _("time zone"),
        "meeting_format": _("format"),
        "meeting_link": _("meeting link"),
        "address": _("address"),
        "terms": _("terms at booking time"),
        "price": _("price"),
        "deposit": pgettext_lazy("payment kind", "deposit"),
        "duration_minutes": _("duration, minutes"),
        "cancel_free_hours": _("free to cancel, hours before"),
        "cancel_partial_hours": _("half is given back, hours before"),
        "reschedule_min_hours": _("can be moved, hours before"),
        "paid": _("paid in all"),
        "refund": _("given back by the rule"),
        "reschedule_count": _("moves by the client"),
        "topic": _("topic"),
        "entry_point": _("entry point"),
        "deep_link_id": _("deep link"),
        "created_at": _("booked at"),
        "outcomes": _("outcomes"),
        "outcome": _("outcome"),
        "reason": _("reason"),
        "session_start": _("session start"),
        "recorded_at": _("recorded at"),
        "timeline": _("timeline"),
        "at": _("when"),
        "event": _("what happened"),
        "who": _("by whom"),
        "data": _("details"),
        **codes("status", labels.APPOINTMENT_STATUSES),
        **codes("meeting_format", labels.MEETING_FORMATS),
        **codes("outcome", labels.OUTCOMES),
        **codes("reason", labels.REASONS),
        **codes("event", labels.TIMELINE_EVENTS),
        **codes("who", labels.TIMELINE_ROLES),
    },
)
INTAKE = PersonalData(
    section="intake_forms",
    title=gettext_noop("Intake forms with your answers"),
    count=lambda person_id: IntakeForm.objects.filter(client=person_id).count(),
    export=_intake,
    erase=erasure.erase_intake,
    words={
        "appointment_id": _("appointment"),
        "status": _("status"),
        "answers": _("answers"),
        "question": _("question"),
        "answer": _("answer"),
        "updated_at": _("updated at"),
        "submitted_at": _("submitted at"),
        **codes("status", labels.INTAKE_STATUSES),
    },
)
WAITLIST = PersonalData(
    section="waitlist",
    title=gettext_noop("Waitlist requests and offers"),
    count=lambda person_id: WaitlistRequest.objects.filter(client=person_id).count(),
    export=_waitlist,
    erase=erasure.erase_waitlist,
    words={
        "service": _("service"),
        "name": _("name"),
        "preferred_contact": _("preferred contact"),
        "contact": _("contact"),
        "window": _("preferred window"),
        "time_zone": _("time zone"),
        "status": _("status"),
        "consent_version": _("consent"),
        "created_at": _("joined at"),
        "offers": _("offers of times"),
        "start": _("start"),
        "offered_at": _("offered at"),
        "expires_at": _("kept until"),
        "state": _("status"),
        **codes("preferred_contact", labels.CONTACTS),
        **codes("window", labels.WINDOWS),
        **codes("status", labels.WAITLIST_STATUSES),
        **codes("state", labels.OFFER_STATUSES),
    },
)
