"""The ledger of an appointment: every movement of its money, once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from apps.kernel.domain.errors import DomainError, gettext_noop
from apps.kernel.domain.money import Money


class EntryKind(StrEnum):
    PAYMENT = "payment"
    REFUND = "refund"
    OUTSIDE_PAYMENT = "outside_payment"
    OUTSIDE_REFUND = "outside_refund"


IN = frozenset({EntryKind.PAYMENT, EntryKind.OUTSIDE_PAYMENT})


class OutsideRefundAboveRest(DomainError):
    """``rest`` (roubles, text) is in ``params``."""

    code = "outside_refund_above_rest"
    message = gettext_noop("At most %(rest)s roubles came outside the system and are still kept.")


@dataclass(frozen=True, kw_only=True)
class LedgerEntry:
    """A movement; the amount is positive, the kind gives the direction. ``source_id`` is the payment, refund
    or event behind it: with the kind it is unique, so that nothing is entered twice."""

    appointment_id: UUID
    kind: EntryKind
    source_id: UUID
    amount: Money
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Balance:
    """``kept`` is always ``paid - refunded``."""

    paid: Money
    refunded: Money
    kept: Money
    kept_outside: Money


def balance(entries: Iterable[LedgerEntry], *, currency: str) -> Balance:
    """Sum the movements up."""
    paid = refunded = outside = Money.zero(currency)
    for entry in entries:
        if entry.kind in IN:
            paid += entry.amount
        else:
            refunded += entry.amount
        if entry.kind is EntryKind.OUTSIDE_PAYMENT:
            outside += entry.amount
        elif entry.kind is EntryKind.OUTSIDE_REFUND:
            outside -= entry.amount
    return Balance(paid=paid, refunded=refunded, kept=paid - refunded, kept_outside=outside)
