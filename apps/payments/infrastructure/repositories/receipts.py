"""Receipts in PostgreSQL."""

from uuid import UUID

from apps.payments.domain.receipt import Receipt, ReceiptNotFound
from apps.payments.infrastructure import models
from apps.payments.infrastructure.mappers import apply_receipt, to_receipt


class PostgresReceipts:
    def get(self, receipt_id: UUID) -> Receipt:
        rows = models.Receipt.objects.select_for_update(of=("self",)).select_related("payment")
        row = rows.filter(id=receipt_id).first()
        if row is None:
            raise ReceiptNotFound
        return to_receipt(row, currency=row.payment.currency)

    def of_payment(self, payment_id: UUID) -> list[Receipt]:
        rows = models.Receipt.objects.select_related("payment").filter(payment_id=payment_id)
        return [to_receipt(row, currency=row.payment.currency) for row in rows]

    def add(self, receipt: Receipt) -> bool:
        row = models.Receipt()
        apply_receipt(receipt, row)
        models.Receipt.objects.bulk_create([row], ignore_conflicts=True)
        return models.Receipt.objects.filter(id=row.id).exists()

    def save(self, receipt: Receipt) -> None:
        row = models.Receipt()
        apply_receipt(receipt, row)
        row.save(force_update=True)
