"""Money given back: part of the payment that it comes from."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from apps.kernel.domain.errors import DomainError, NotFound, gettext_noop
from apps.kernel.domain.money import Money


class RefundStatus(StrEnum):
    """``requested``: decided here; ``pending``: the provider knows; ``failed``: it refused, money stays."""

    REQUESTED = "requested"
    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


_S = RefundStatus
ALLOWED: dict[RefundStatus, frozenset[RefundStatus]] = {
    _S.REQUESTED: frozenset({_S.PENDING, _S.SUCCEEDED, _S.FAILED}),
    _S.PENDING: frozenset({_S.SUCCEEDED, _S.FAILED}),
    _S.SUCCEEDED: frozenset(),
    _S.FAILED: frozenset(),
}


class RefundReason(StrEnum):
    """``rule``: what canceling gives back; ``not_taken``: money that the appointment could not take;
    the others are chosen by the specialist."""

    RULE = "rule"
    NOT_TAKEN = "not_taken"
    GOODWILL = "goodwill"
    MISTAKE = "mistake"
    SESSION_NOT_HELD = "session_not_held"
    OTHER = "other"


BY_HAND = (
    RefundReason.GOODWILL,
    RefundReason.SESSION_NOT_HELD,
    RefundReason.MISTAKE,
    RefundReason.OTHER,
)


class RefundNotFound(NotFound):
    code = "refund_not_found"
    message = gettext_noop("There is no such refund.")


class RefundNotPossible(DomainError):
    code = "refund_not_possible"
    message = gettext_noop("Only money that has arrived can be given back.")


class RefundAboveRest(DomainError):
    """``rest`` (roubles, text) is in ``params``."""

    code = "refund_above_rest"
    message = gettext_noop("At most %(rest)s roubles can still be given back.")


class RefundAmountInvalid(DomainError):
    code = "refund_amount_invalid"
    message = gettext_noop("Enter an amount of more than zero.")


@dataclass(kw_only=True, eq=False)
class Refund:
    """``idempotence_key`` is stored before the first call and sent again with every repeat.
    ``failure_code`` is the provider's reason (P0). ``requested_by`` is None where a rule decided."""

    id: UUID
    amount: Money
    reason: RefundReason
    status: RefundStatus
    provider_id: str | None
    idempotence_key: str
    failure_code: str
    requested_by: UUID | None
    requested_at: datetime
    settled_at: datetime | None

    @property
    def counts(self) -> bool:
        """Whether its money is given back or on the way."""
        return self.status is not RefundStatus.FAILED

    def move(self, status: RefundStatus, *, now: datetime) -> bool:
        """Go on; False where nothing changes: late and repeated news are no error."""
        if status not in ALLOWED[self.status]:
            return False
        self.status = status
        if not ALLOWED[status]:
            self.settled_at = now
        return True
