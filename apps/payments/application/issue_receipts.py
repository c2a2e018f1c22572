"""The offset receipt (54-FZ) once the session took place."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.kernel.application.ports import TemporaryFailure, UnitOfWork
from apps.kernel.domain.clock import Clock
from apps.kernel.domain.ids import NewId
from apps.payments.application.execute_refund import KEY_LIFETIME
from apps.payments.application.ports import (
    Appointments,
    Payers,
    PaymentProvider,
    ProviderFailure,
    ReceiptOrder,
    Refused,
)
from apps.payments.domain.alert import AlertKind
from apps.payments.domain.payment import Payment, PaymentStatus
from apps.payments.domain.receipt import (
    Receipt,
    ReceiptItem,
    ReceiptKind,
    ReceiptStatus,
    SettlementMode,
    offset_item,
)
from apps.payments.domain.repositories import AlertBook, PaymentRepository, ReceiptRepository

TOOK_PLACE = "completed"


@dataclass(frozen=True)
class PlanOffsetReceipts:
    """Stores one offset receipt for each payment of the session that is still kept, in whole or in part."""

    unit_of_work: UnitOfWork
    payments: PaymentRepository
    receipts: ReceiptRepository
    appointments: Appointments
    clock: Clock
    new_id: NewId

    def __call__(self, *, appointment_id: UUID) -> list[UUID]:
        """Ids of the receipts that wait to be sent, planned before or not; none before the session took
        place. Raises AppointmentNotFound."""
        now = self.clock.now()
        appointment = self.appointments.get(appointment_id, at=now)
        if appointment.status != TOOK_PLACE:
            return []
        with self.unit_of_work():
            waiting: list[UUID] = []
            for payment in self.payments.of_appointment(appointment_id):
                if not _is_advance(payment):
                    continue
                item = offset_item(
                    description=payment.items[0].description,
                    amount=payment.refundable,
                    vat_code=appointment.vat_code,
                    payment_subject=appointment.payment_subject,
                )
                self.receipts.add(self._receipt(payment, (item,), now))
                waiting += [
                    each.id
                    for each in self.receipts.of_payment(payment.id)
                    if each.kind is ReceiptKind.OFFSET and each.status is ReceiptStatus.PENDING
                ]
        return waiting

    def _receipt(self, payment: Payment, items: tuple[ReceiptItem, ...], now: datetime) -> Receipt:
        return Receipt(
            id=self.new_id(),
            payment_id=payment.id,
            kind=ReceiptKind.OFFSET,
            status=ReceiptStatus.PENDING,
            amount=payment.refundable,
            items=items,
            provider_id=None,
            idempotence_key=str(self.new_id()),
            created_at=now,
        )


@dataclass(frozen=True)
class SendReceipt:
    unit_of_work: UnitOfWork
    payments: PaymentRepository
    receipts: ReceiptRepository
    payers: Payers
    provider: PaymentProvider
    alerts: AlertBook
    clock: Clock

    def __call__(self, *, receipt_id: UUID) -> ReceiptStatus:
        """Send the receipt with its stored key, or read it where the provider has it.

        One that could not be sent while its key held is left to a person: a repeat could be a second one.
        Raises ReceiptNotFound, and TemporaryFailure until it is registered."""
        with self.unit_of_work():
            receipt = self.receipts.get(receipt_id)
            payment = self.payments.get(receipt.payment_id)
        if receipt.status is not ReceiptStatus.PENDING:
            return receipt.status
        if receipt.provider_id is None and self.clock.now() - receipt.created_at > KEY_LIFETIME:
            return self._record(receipt_id, None, ReceiptStatus.CANCELED, "key_expired")
        try:
            if receipt.provider_id is not None:
                found = self.provider.receipt(receipt.provider_id)
            else:
                found = self.provider.create_receipt(self._order(receipt, payment))
        except Refused as refusal:
            return self._record(receipt_id, None, ReceiptStatus.CANCELED, refusal.code)
        except ProviderFailure as failure:
            raise TemporaryFailure(failure.code) from failure
        status = self._record(receipt_id, found.id, ReceiptStatus(found.status.value), "")
        if status is ReceiptStatus.PENDING:
            raise TemporaryFailure("receipt_pending")
        return status

    def _order(self, receipt: Receipt, payment: Payment) -> ReceiptOrder:
        return ReceiptOrder(
            payment_id=payment.provider_id or "",
            items=receipt.items,
            settled=receipt.amount,
            customer=self.payers.customer(payment.client_id),
            idempotence_key=receipt.idempotence_key,
        )

    def _record(
        self, receipt_id: UUID, provider_id: str | None, status: ReceiptStatus, code: str
    ) -> ReceiptStatus:
        with self.unit_of_work():
            receipt = self.receipts.get(receipt_id)
            receipt.provider_id = receipt.provider_id or provider_id
            changed = receipt.settle(status)
            self.receipts.save(receipt)
            if changed and status is ReceiptStatus.CANCELED:
                self.alerts.note(
                    kind=AlertKind.RECEIPT_FAILED,
                    reference=str(receipt.id),
                    at=self.clock.now(),
                    payment_id=receipt.payment_id,
                    details={"code": code, "receipt": receipt.kind.value},
                )
            return receipt.status


def _is_advance(payment: Payment) -> bool:
    """Whether money is kept that was paid before the session and for it."""
    kept = payment.status is PaymentStatus.SUCCEEDED and payment.refundable and not payment.not_taken
    return bool(kept) and payment.items[0].mode is not SettlementMode.FULL_PAYMENT
