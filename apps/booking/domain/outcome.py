"""How a session ended, as the specialist records it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from apps.kernel.domain.errors import DomainError, gettext_noop


class Outcome(StrEnum):
    ATTENDED = "attended"
    NO_SHOW = "no_show"
    CANCELED_BY_CLIENT = "canceled_by_client"
    CANCELED_BY_PROVIDER = "canceled_by_provider"
    RESCHEDULED = "rescheduled"


class ReasonCategory(StrEnum):
    """Why; a category only (P0). Words about it are notes (P2) and kept apart."""

    NONE = "none"
    HEALTH = "health"
    SCHEDULE = "schedule"
    FINANCES = "finances"
    TECHNICAL = "technical"
    CHANGED_MIND = "changed_mind"
    EMERGENCY = "emergency"
    OTHER = "other"


class OutcomeBeforeStart(DomainError):
    code = "outcome_before_start"
    message = gettext_noop("The outcome can be recorded only after the session has started.")


class OutcomeNotRecordable(DomainError):
    code = "outcome_not_recordable"
    message = gettext_noop("This outcome is recorded by moving the appointment, not by closing it.")


@dataclass(frozen=True, kw_only=True)
class OutcomeRecord:
    """The outcome of the session that was to start at ``session_start``; ``notes`` are P2."""

    outcome: Outcome
    reason: ReasonCategory
    session_start: datetime
    recorded_at: datetime
    recorded_by: UUID | None
    notes: str
