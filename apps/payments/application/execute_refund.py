"""Carrying a decided refund out at the provider, and reading how it went."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from apps.kernel.application.ports import EventBus, TemporaryFailure, UnitOfWork
from apps.kernel.domain.clock import Clock
from apps.kernel.domain.ids import NewId
from apps.payments.application.ports import (
    Payers,
    PaymentProvider,
    ProviderFailure,
    ProviderRefund,
    ProviderStatus,
    RefundOrder,
    Refused,
)
from apps.payments.domain.alert import AlertKind
from apps.payments.domain.ledger import EntryKind, LedgerEntry
from apps.payments.domain.payment import Payment
from apps.payments.domain.receipt import refund_items
from apps.payments.domain.refund import Refund, RefundStatus
from apps.payments.domain.repositories import AlertBook, LedgerRepository, PaymentRepository

KEY_LIFETIME = timedelta(hours=23)
"""The provider remembers a key for 24 h; later the same key would give the money back a second time, so
that one looks first whether it was."""

STATUSES = {
    ProviderStatus.PENDING: RefundStatus.PENDING,
    ProviderStatus.WAITING_FOR_CAPTURE: RefundStatus.PENDING,
    ProviderStatus.SUCCEEDED: RefundStatus.SUCCEEDED,
    ProviderStatus.CANCELED: RefundStatus.FAILED,
}


@dataclass(frozen=True)
class RecordRefund:
    """Writes down what the provider says of a refund, with its ledger entry, in one transaction."""

    unit_of_work: UnitOfWork
    payments: PaymentRepository
    ledger: LedgerRepository
    alerts: AlertBook
    events: EventBus
    new_id: NewId

    def __call__(self, *, refund_id: UUID, found: ProviderRefund, at: datetime) -> RefundStatus:
        """Repeated and late news change nothing; what contradicts our own record is noted as an alert and
        changes nothing either. Returns the state afterwards. Raises RefundNotFound."""
        with self.unit_of_work():
            payment = self.payments.of_refund(refund_id)
            refund = payment.refund_of(refund_id)
            if self._contradicts(payment, refund, found):
                self.alerts.note(
                    kind=AlertKind.REFUND_MISMATCH,
                    reference=str(refund.id),
                    at=at,
                    payment_id=payment.id,
                    details={"ours": str(refund.amount.amount), "provider": str(found.amount.amount)},
                )
                return refund.status
            return self._write(payment, refund, found.id, STATUSES[found.status], found.reason, at)

    def refused(self, *, refund_id: UUID, code: str, at: datetime) -> RefundStatus:
        """The provider did not take the refund. Returns the state afterwards. Raises RefundNotFound."""
        with self.unit_of_work():
            payment = self.payments.of_refund(refund_id)
            refund = payment.refund_of(refund_id)
            return self._write(payment, refund, None, RefundStatus.FAILED, code, at)

    def unknown(self, *, payment: Payment, refund: Refund, code: str, at: datetime) -> None:
        """The provider does not know a refund that it named itself: nobody can tell where the money is."""
        with self.unit_of_work():
            self.alerts.note(
                kind=AlertKind.REFUND_MISMATCH,
                reference=str(refund.id),
                at=at,
                payment_id=payment.id,
                details={"code": code},
            )

    def _write(
        self,
        payment: Payment,
        refund: Refund,
        provider_id: str | None,
        status: RefundStatus,
        code: str,
        at: datetime,
    ) -> RefundStatus:
        changed = payment.settle_refund(
            refund.id, provider_id=provider_id, status=status, code=code, new_id=self.new_id, now=at
        )
        if changed:
            self._enter(payment, refund, at)
        self.payments.save(payment)
        self.events.publish(payment.pull_events())
        return refund.status

    def _contradicts(self, payment: Payment, refund: Refund, found: ProviderRefund) -> bool:
        return (
            found.amount != refund.amount
            or found.payment_id != payment.provider_id
            or refund.provider_id not in (None, found.id)
        )

    def _enter(self, payment: Payment, refund: Refund, at: datetime) -> None:
        if refund.status is RefundStatus.SUCCEEDED:
            self.ledger.enter(
                LedgerEntry(
                    appointment_id=payment.appointment_id,
                    kind=EntryKind.REFUND,
                    source_id=refund.id,
                    amount=refund.amount,
                    at=at,
                )
            )
        elif refund.status is RefundStatus.FAILED:
            self.alerts.note(
                kind=AlertKind.REFUND_FAILED,
                reference=str(refund.id),
                at=at,
                payment_id=payment.id,
                details={"code": refund.failure_code},
            )


@dataclass(frozen=True)
class ExecuteRefund:
    unit_of_work: UnitOfWork
    payments: PaymentRepository
    payers: Payers
    provider: PaymentProvider
    record: RecordRefund
    clock: Clock

    def __call__(self, *, refund_id: UUID) -> RefundStatus:
        """Send the refund with its stored key, or read it where the provider has it.

        Raises RefundNotFound, and TemporaryFailure while the outcome is unknown or the refund is pending."""
        now = self.clock.now()
        with self.unit_of_work():
            payment = self.payments.of_refund(refund_id)
            refund = payment.refund_of(refund_id)
        if refund.status in {RefundStatus.SUCCEEDED, RefundStatus.FAILED}:
            return refund.status
        try:
            found = self._at_the_provider(payment, refund, now)
        except Refused as refusal:
            if refund.provider_id is not None:
                self.record.unknown(payment=payment, refund=refund, code=refusal.code, at=now)
                return refund.status
            return self.record.refused(refund_id=refund_id, code=refusal.code, at=now)
        except ProviderFailure as failure:
            raise TemporaryFailure(failure.code) from failure
        status = self.record(refund_id=refund_id, found=found, at=now)
        if status is RefundStatus.PENDING:
            raise TemporaryFailure("refund_pending")
        return status

    def _at_the_provider(self, payment: Payment, refund: Refund, now: datetime) -> ProviderRefund:
        if refund.provider_id is not None:
            return self.provider.refund(refund.provider_id)
        if now - refund.requested_at > KEY_LIFETIME:
            made = self._made_before(payment, refund)
            if made is not None:
                return made
        order = RefundOrder(
            payment_id=payment.provider_id or "",
            amount=refund.amount,
            description=payment.description,
            items=refund_items(payment.items, refund.amount),
            customer=self.payers.customer(payment.client_id),
            idempotence_key=refund.idempotence_key,
        )
        try:
            return self.provider.create_refund(order)
        except Refused:
            # Of a repeat a refusal says nothing about the first call, whose answer may have been lost.
            made = self._made_before(payment, refund)
            if made is None:
                raise
            return made

    def _made_before(self, payment: Payment, refund: Refund) -> ProviderRefund | None:
        """The refund whose answer was lost: of this payment and amount, and none that we know already."""
        known = {each.provider_id for each in payment.refunds}
        for found in self.provider.refunds_of(payment.provider_id or ""):
            if found.id not in known and found.amount == refund.amount:
                return found
        return None
