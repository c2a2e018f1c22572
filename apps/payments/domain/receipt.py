"""Receipts by 54-FZ: an advance receipt at payment, an offset receipt once the session took place."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from apps.kernel.domain.errors import NotFound, gettext_noop
from apps.kernel.domain.money import Money


class ReceiptKind(StrEnum):
    ADVANCE = "advance"
    OFFSET = "offset"


class ReceiptStatus(StrEnum):
    PENDING = "pending"
    SUCCEEDED = "succeeded"
    CANCELED = "canceled"


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


ADVANCE_VAT = {3: 5, 4: 6, 7: 9, 8: 10, 11: 12}
"""Of an advance VAT is reckoned out of the sum (10/110, 20/120 …, art. 164(4) of the Tax Code): the
provider numbers these rates apart from the plain ones."""


def advance_item(
    *, description: str, amount: Money, price: Money, vat_code: int, payment_subject: str
) -> ReceiptItem:
    """The line of the receipt at payment: the whole price or a part of it, before the session."""
    whole = amount == price
    return ReceiptItem(
        description=description,
        amount=amount,
        vat_code=ADVANCE_VAT.get(vat_code, vat_code),
        payment_subject=payment_subject,
        mode=SettlementMode.FULL_PREPAYMENT if whole else SettlementMode.PARTIAL_PREPAYMENT,
    )


def offset_item(*, description: str, amount: Money, vat_code: int, payment_subject: str) -> ReceiptItem:
    """The line of the receipt once the session took place: the service, settled by what was paid before."""
    return ReceiptItem(
        description=description,
        amount=amount,
        vat_code=vat_code,
        payment_subject=payment_subject,
        mode=SettlementMode.FULL_PAYMENT,
    )


def refund_items(items: tuple[ReceiptItem, ...], amount: Money) -> tuple[ReceiptItem, ...]:
    """The lines of a refund's receipt: those of the payment, up to ``amount``, in their order."""
    lines: list[ReceiptItem] = []
    left = amount
    for item in items:
        part = min(item.amount, left)
        if part:
            lines.append(replace(item, amount=part))
            left -= part
    return tuple(lines)


class ReceiptNotFound(NotFound):
    code = "receipt_not_found"
    message = gettext_noop("There is no such receipt.")


@dataclass(kw_only=True, eq=False)
class Receipt:
    """A receipt of a payment. The advance receipt travels with the payment; the offset receipt is a call of
    its own, with its ``idempotence_key`` stored before. A refund's receipt is the provider's own affair."""

    id: UUID
    payment_id: UUID
    kind: ReceiptKind
    status: ReceiptStatus
    amount: Money
    items: tuple[ReceiptItem, ...]
    provider_id: str | None
    idempotence_key: str
    created_at: datetime

    def settle(self, status: ReceiptStatus) -> bool:
        """What the provider says; False where nothing changes: late and repeated news are no error."""
        if self.status is not ReceiptStatus.PENDING or status is ReceiptStatus.PENDING:
            return False
        self.status = status
        return True
