"""Receipts in PostgreSQL."""

from uuid import UUID

from django.db import IntegrityError, transaction

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
        known = models.Receipt.objects.filter(payment_id=row.payment_id, kind=row.kind)
        if known.exists():
            return False
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:
            if known.exists():
                return False
            raise
        return True

    def save(self, receipt: Receipt) -> None:
        row = models.Receipt()
        apply_receipt(receipt, row)
        row.save(force_update=True)
