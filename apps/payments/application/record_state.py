"""Writing down what the provider says of a payment: the only way to a new state."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.kernel.application.ports import EventBus, UnitOfWork
from apps.kernel.domain.ids import NewId
from apps.payments.application.ports import Appointments, ProviderPayment, ProviderStatus
from apps.payments.domain.alert import AlertKind
from apps.payments.domain.failure import category_of
from apps.payments.domain.ledger import EntryKind, LedgerEntry
from apps.payments.domain.payment import Payment, PaymentStatus
from apps.payments.domain.receipt import ReceiptKind, ReceiptStatus
from apps.payments.domain.refund import RefundReason
from apps.payments.domain.repositories import (
    AlertBook,
    LedgerRepository,
    PaymentRepository,
    ReceiptRepository,
)


@dataclass(frozen=True)
class RecordState:
    """One transaction: the payment, its ledger entry, the appointment and what all of them tell."""

    unit_of_work: UnitOfWork
    payments: PaymentRepository
    receipts: ReceiptRepository
    ledger: LedgerRepository
    alerts: AlertBook
    appointments: Appointments
    events: EventBus
    new_id: NewId
    shop_id: str

    def __call__(self, *, payment_id: UUID, found: ProviderPayment, at: datetime) -> PaymentStatus:
        """Repeated, late and stale news change nothing; what contradicts our own record is noted as an alert
        and changes nothing either. Returns the state afterwards. Raises PaymentNotFound."""
        with self.unit_of_work():
            payment = self.payments.get(payment_id)
            if self._contradicts(payment, found, at):
                return payment.status
            payment.known_as(found.id, confirmation_url=found.confirmation_url, method=found.method)
            self._move(payment, found, at)
            self.payments.save(payment)
            self._note_advance_receipt(payment, found, at)
            self.events.publish(payment.pull_events())
            return payment.status

    def _move(self, payment: Payment, found: ProviderPayment, at: datetime) -> None:
        if found.status is ProviderStatus.PENDING:
            payment.await_payer()
        elif found.status is ProviderStatus.WAITING_FOR_CAPTURE:
            payment.authorise()
        elif found.status is ProviderStatus.SUCCEEDED:
            if payment.succeed(now=at):
                self._credit(payment, at)
            elif payment.status is not PaymentStatus.SUCCEEDED:
                self._alert(AlertKind.STATUS_MISMATCH, payment, at, provider=found.status.value)
        elif payment.status is PaymentStatus.SUCCEEDED:
            self._alert(AlertKind.STATUS_MISMATCH, payment, at, provider=found.status.value)
        else:
            payment.fail(category_of(found.reason), code=found.reason, new_id=self.new_id, now=at)

    def _credit(self, payment: Payment, at: datetime) -> None:
        """Enter the money and hand it to the appointment; what it does not take goes back by itself."""
        self.ledger.enter(
            LedgerEntry(
                appointment_id=payment.appointment_id,
                kind=EntryKind.PAYMENT,
                source_id=payment.id,
                amount=payment.amount,
                at=at,
            )
        )
        taken = self.appointments.receive(
            appointment_id=payment.appointment_id, payment_id=payment.id, amount=payment.amount, at=at
        )
        payment.told_success(not_taken=taken.reason, new_id=self.new_id, now=at)
        if taken.reason:
            payment.request_refund(
                amount=payment.amount,
                reason=RefundReason.NOT_TAKEN,
                requested_by=None,
                new_id=self.new_id,
                now=at,
            )
            self._alert(AlertKind.PAYMENT_RETURNED, payment, at, reason=taken.reason)
        elif taken.late:
            self._alert(AlertKind.LATE_PAYMENT_TAKEN, payment, at)

    def contradiction(self, payment: Payment, found: ProviderPayment) -> AlertKind | None:
        """In what ``found`` cannot be this payment; None where it can."""
        if found.shop_id and self.shop_id and found.shop_id != self.shop_id:
            return AlertKind.SHOP_MISMATCH
        if found.reference not in (None, payment.id) or payment.provider_id not in (None, found.id):
            return AlertKind.UNKNOWN_PAYMENT
        return AlertKind.AMOUNT_MISMATCH if found.amount != payment.amount else None

    def _contradicts(self, payment: Payment, found: ProviderPayment, at: datetime) -> bool:
        kind = self.contradiction(payment, found)
        if kind is None:
            return False
        self._alert(
            kind,
            payment,
            at,
            ours=f"{payment.amount.amount} {payment.amount.currency}",
            provider=f"{found.amount.amount} {found.amount.currency}",
        )
        return True

    def _note_advance_receipt(self, payment: Payment, found: ProviderPayment, at: datetime) -> None:
        if found.receipt is None:
            return
        for receipt in self.receipts.of_payment(payment.id):
            if receipt.kind is not ReceiptKind.ADVANCE or not receipt.settle(
                ReceiptStatus(found.receipt.value)
            ):
                continue
            self.receipts.save(receipt)
            # Where nothing was paid there is nothing to register.
            failed = receipt.status is ReceiptStatus.CANCELED
            if failed and payment.status is PaymentStatus.SUCCEEDED:
                self._alert(AlertKind.RECEIPT_FAILED, payment, at, receipt=receipt.kind.value)

    def _alert(self, kind: AlertKind, payment: Payment, at: datetime, **details: object) -> None:
        self.alerts.note(kind=kind, reference=str(payment.id), at=at, payment_id=payment.id, details=details)
