"""Between rows and the domain: ``to_…`` reads a row, ``apply_…`` writes an entity onto one."""

from typing import Any

from apps.kernel.domain.money import Money
from apps.payments.domain.failure import FailureCategory
from apps.payments.domain.ledger import EntryKind, LedgerEntry
from apps.payments.domain.payment import Payment, PaymentKind, PaymentStatus
from apps.payments.domain.receipt import Receipt, ReceiptItem, ReceiptKind, ReceiptStatus, SettlementMode
from apps.payments.domain.refund import Refund, RefundReason, RefundStatus
from apps.payments.infrastructure import models


def items_to_json(items: tuple[ReceiptItem, ...]) -> list[dict[str, Any]]:
    return [
        {
            "description": item.description,
            "amount_minor": item.amount.minor,
            "vat_code": item.vat_code,
            "payment_subject": item.payment_subject,
            "mode": item.mode.value,
        }
        for item in items
    ]


def items_from_json(data: list[dict[str, Any]], currency: str) -> tuple[ReceiptItem, ...]:
    return tuple(
        ReceiptItem(
            description=each["description"],
            amount=Money(each["amount_minor"], currency),
            vat_code=each["vat_code"],
            payment_subject=each["payment_subject"],
            mode=SettlementMode(each["mode"]),
        )
        for each in data
    )


def to_payment(row: models.Payment, *, refunds: list[Refund]) -> Payment:
    return Payment(
        id=row.id,
        appointment_id=row.appointment_id,
        client_id=row.client_id,
        kind=PaymentKind(row.kind),
        amount=Money(row.amount_minor, row.currency),
        status=PaymentStatus(row.status),
        failure=FailureCategory(row.failure) if row.failure else None,
        failure_code=row.failure_code,
        provider_id=row.provider_id,
        idempotence_key=row.idempotence_key,
        description=row.description,
        items=items_from_json(row.items, row.currency),
        return_url=row.return_url,
        confirmation_url=row.confirmation_url,
        method=row.method,
        not_taken=row.not_taken,
        created_at=row.created_at,
        settled_at=row.settled_at,
        refunds=refunds,
    )


def apply_payment(entity: Payment, row: models.Payment) -> None:
    """Everything but the refunds, which are rows of their own."""
    row.id = entity.id
    row.appointment_id = entity.appointment_id
    row.client_id = entity.client_id
    row.kind = entity.kind.value
    row.amount_minor = entity.amount.minor
    row.currency = entity.amount.currency
    row.status = entity.status.value
    row.failure = entity.failure.value if entity.failure else ""
    row.failure_code = entity.failure_code[:64]
    row.provider_id = entity.provider_id
    row.idempotence_key = entity.idempotence_key
    row.description = entity.description
    row.items = items_to_json(entity.items)
    row.return_url = entity.return_url
    row.confirmation_url = entity.confirmation_url
    row.method = entity.method[:32]
    row.not_taken = entity.not_taken
    row.created_at = entity.created_at
    row.settled_at = entity.settled_at


def to_refund(row: models.Refund, *, currency: str) -> Refund:
    return Refund(
        id=row.id,
        amount=Money(row.amount_minor, currency),
        reason=RefundReason(row.reason),
        status=RefundStatus(row.status),
        provider_id=row.provider_id,
        idempotence_key=row.idempotence_key,
        failure_code=row.failure_code,
        requested_by=row.requested_by_id,
        requested_at=row.requested_at,
        settled_at=row.settled_at,
    )


def apply_refund(entity: Refund, row: models.Refund) -> None:
    """Everything but the payment that the refund belongs to."""
    row.id = entity.id
    row.amount_minor = entity.amount.minor
    row.reason = entity.reason.value
    row.status = entity.status.value
    row.provider_id = entity.provider_id
    row.idempotence_key = entity.idempotence_key
    row.failure_code = entity.failure_code[:64]
    row.requested_by_id = entity.requested_by
    row.requested_at = entity.requested_at
    row.settled_at = entity.settled_at


def to_receipt(row: models.Receipt, *, currency: str) -> Receipt:
    return Receipt(
        id=row.id,
        payment_id=row.payment_id,
        kind=ReceiptKind(row.kind),
        status=ReceiptStatus(row.status),
        amount=Money(row.amount_minor, currency),
        items=items_from_json(row.items, currency),
        provider_id=row.provider_id,
        idempotence_key=row.idempotence_key,
        created_at=row.created_at,
    )


def apply_receipt(entity: Receipt, row: models.Receipt) -> None:
    row.id = entity.id
    row.payment_id = entity.payment_id
    row.kind = entity.kind.value
    row.status = entity.status.value
    row.amount_minor = entity.amount.minor
    row.items = items_to_json(entity.items)
    row.provider_id = entity.provider_id
    row.idempotence_key = entity.idempotence_key
    row.created_at = entity.created_at


def to_entry(row: models.LedgerEntry) -> LedgerEntry:
    return LedgerEntry(
        appointment_id=row.appointment_id,
        kind=EntryKind(row.kind),
        source_id=row.source_id,
        amount=Money(row.amount_minor, row.currency),
        at=row.at,
    )


def apply_entry(entity: LedgerEntry, row: models.LedgerEntry) -> None:
    row.appointment_id = entity.appointment_id
    row.kind = entity.kind.value
    row.source_id = entity.source_id
    row.amount_minor = entity.amount.minor
    row.currency = entity.amount.currency
    row.at = entity.at
