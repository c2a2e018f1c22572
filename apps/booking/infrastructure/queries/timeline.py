"""What happened to one appointment, and who did it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Case, Value, When

from apps.booking.domain.intake import IntakeStatus
from apps.booking.infrastructure.models import Appointment, IntakeForm, OutcomeRecord, TimelineEntry


@dataclass(frozen=True, kw_only=True)
class Happening:
    """One event of the timeline; ``data`` is P0. ``actor`` is a name (P1), empty for the system."""

    event: str
    at: datetime
    actor: str
    actor_role: str
    data: dict[str, Any]


def happenings(appointment_id: UUID) -> list[Happening]:
    """The timeline, oldest first, in one statement."""
    rows = TimelineEntry.objects.filter(appointment_id=appointment_id).order_by("at", "id")
    return [
        Happening(
            event=row.event,
            at=row.at,
            actor="" if row.actor is None else str(row.actor),
            actor_role=row.actor_role,
            data=row.data,
        )
        for row in rows.select_related("actor")
    ]


@dataclass(frozen=True, kw_only=True)
class IntakeState:
    """Whether the client has filled in the form; no answers."""

    expected: bool
    status: IntakeStatus | None
    updated_at: datetime | None
    questions: int


def intake_state(appointment: Appointment) -> IntakeState:
    """One statement, plus one where nothing has been filled in yet."""
    found = (
        IntakeForm.objects.filter(pk=appointment.pk).values_list("status", "updated_at", "questions").first()
    )
    if found is not None:
        status, updated_at, questions = found
        return IntakeState(
            expected=True, status=IntakeStatus(status), updated_at=updated_at, questions=len(questions)
        )
    asked = appointment.service.intake_template
    return IntakeState(
        expected=asked is not None,
        status=None,
        updated_at=None,
        questions=len(asked.questions) if asked else 0,
    )


@dataclass(frozen=True, kw_only=True)
class RecordedOutcome:
    """``has_notes`` tells whether there are notes; they (P2) are not read here. ``who`` is a name (P1)."""

    outcome: str
    reason: str
    session_start: datetime
    recorded_at: datetime
    who: str
    has_notes: bool


def outcomes(appointment_id: UUID) -> list[RecordedOutcome]:
    """How the session ended and where it was moved from, oldest first, in one statement."""
    columns = ("outcome", "reason", "session_start", "recorded_at")
    has_notes = Case(When(notes="", then=Value(value=False)), default=Value(value=True))
    rows = OutcomeRecord.objects.filter(appointment_id=appointment_id).order_by("recorded_at")
    return [
        RecordedOutcome(
            **{name: row[name] for name in columns},
            who=row["recorded_by__display_name"] or "",
            has_notes=row["has_notes"],
        )
        for row in rows.annotate(has_notes=has_notes).values(
            *columns, "recorded_by__display_name", "has_notes"
        )
    ]
