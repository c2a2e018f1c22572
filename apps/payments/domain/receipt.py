"""Receipts by 54-FZ: an advance receipt at payment, an offset receipt once the session took place."""

from dataclasses import dataclass
from enum import StrEnum

from apps.kernel.domain.money import Money


class ReceiptKind(StrEnum):
    ADVANCE = "advance"
    OFFSET = "offset"
    REFUND = "refund"


class SettlementMode(StrEnum):
    """How an item is paid for (tag 1214 of the fiscal format)."""

    FULL_PREPAYMENT = "full_prepayment"
    PARTIAL_PREPAYMENT = "partial_prepayment"
    FULL_PAYMENT = "full_payment"


@dataclass(frozen=True, kw_only=True)
class ReceiptItem:
    """One line: ``vat_code`` 1–12 and ``payment_subject`` as the provider numbers and names them."""

    description: str
    amount: Money
    vat_code: int
    payment_subject: str
    mode: SettlementMode
