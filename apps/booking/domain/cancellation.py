"""What a canceled appointment gives back (product rules: whole, half, nothing)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from apps.kernel.domain.money import Money


class RefundRule(StrEnum):
    FULL = "full"
    HALF = "half"
    NONE = "none"


class CanceledBy(StrEnum):
    CLIENT = "client"
    SPECIALIST = "specialist"


@dataclass(frozen=True, kw_only=True)
class Cancellation:
    """The consequence of canceling at a given instant: ``refund + kept`` is always what was paid.

    ``free_until`` is the last instant before which the client loses nothing.
    """

    by: CanceledBy
    rule: RefundRule
    refund: Money
    kept: Money
    free_until: datetime


def cancellation(
    *, by: CanceledBy, paid: Money, start: datetime, free_hours: int, partial_hours: int, now: datetime
) -> Cancellation:
    """By the client: whole refund before ``free_hours`` to the start, half before ``partial_hours``, then
    none. By the specialist: whole, always. Half rounds up to the kopeck."""
    free_until = start - timedelta(hours=free_hours)
    if by is CanceledBy.SPECIALIST or now < free_until:
        rule, refund = RefundRule.FULL, paid
    elif now < start - timedelta(hours=partial_hours):
        rule, refund = RefundRule.HALF, paid.half()
    else:
        rule, refund = RefundRule.NONE, Money.zero(paid.currency)
    return Cancellation(by=by, rule=rule, refund=refund, kept=paid - refund, free_until=free_until)
