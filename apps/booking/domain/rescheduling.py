"""When a client may move an appointment, and how often."""

from datetime import datetime, timedelta

from apps.booking.domain.service import ServiceTerms
from apps.kernel.domain.errors import DomainError, gettext_noop


class TooLateToReschedule(DomainError):
    code = "too_late_to_reschedule"
    message = gettext_noop("The session can be moved no later than %(hours)d hours before its start.")


class RescheduleLimitReached(DomainError):
    code = "reschedule_limit_reached"
    message = gettext_noop("The session has already been moved as many times as the rules allow.")


class SameTime(DomainError):
    code = "same_time"
    message = gettext_noop("The appointment is already at this time.")


def ensure_client_may_move(*, terms: ServiceTerms, start: datetime, moved: int, now: datetime) -> None:
    """``moved`` counts earlier moves by the client. The last allowed instant is inclusive.
    Raises TooLateToReschedule, RescheduleLimitReached."""
    if now > start - timedelta(hours=terms.reschedule_min_hours):
        raise TooLateToReschedule(hours=terms.reschedule_min_hours)
    if moved >= terms.max_reschedules:
        raise RescheduleLimitReached
