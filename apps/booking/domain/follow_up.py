"""What the specialist has to see to about an appointment after its client withdrew a consent."""

from enum import StrEnum

from apps.kernel.domain.errors import DomainError, gettext_noop


class FollowUpReason(StrEnum):
    PERSONAL_DATA_WITHDRAWN = "personal_data_withdrawn"
    HEALTH_DATA_WITHDRAWN = "health_data_withdrawn"


class NothingToFollowUp(DomainError):
    code = "nothing_to_follow_up"
    message = gettext_noop("Somebody has seen to this already.")


_REASONS = {
    "personal_data": FollowUpReason.PERSONAL_DATA_WITHDRAWN,
    "health_data": FollowUpReason.HEALTH_DATA_WITHDRAWN,
}


def reason_of(purpose: str) -> FollowUpReason | None:
    """Why the withdrawal of a consent to ``purpose`` concerns open appointments; None where it does not."""
    return _REASONS.get(purpose)
