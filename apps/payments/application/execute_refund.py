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
"""The provider remembers a key for 24 h; later the same key would give the money back a second time."""

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

    def __call__(
        self, *, refund_id: UUID, provider_id: str | None, status: RefundStatus, code: str, at: datetime
    ) -> RefundStatus:
        """Repeated and late news change nothing. Raises RefundNotFound."""
        with self.unit_of_work():
            payment = self.payments.of_refund(refund_id)
            changed = payment.settle_refund(
                refund_id, provider_id=provider_id, status=status, code=code, new_id=self.new_id, now=at
            )
            refund = payment.refund_of(refund_id)
            if changed:
                self._enter(payment, refund, at)
            self.payments.save(payment)
            self.events.publish(payment.pull_events())
            return refund.status

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
            return self.record(
                refund_id=refund_id, provider_id=None, status=RefundStatus.FAILED, code=refusal.code, at=now
            )
        except ProviderFailure as failure:
            raise TemporaryFailure(failure.code) from failure
        status = self.record(
            refund_id=refund_id,
            provider_id=found.id,
            status=STATUSES[found.status],
            code=found.reason,
            at=now,
        )
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
            raise Refused("key_expired")
        return self.provider.create_refund(
            RefundOrder(
                payment_id=payment.provider_id or "",
                amount=refund.amount,
                description=payment.description,
                items=refund_items(payment.items, refund.amount),
                customer=self.payers.customer(payment.client_id),
                idempotence_key=refund.idempotence_key,
            )
        )

    def _made_before(self, payment: Payment, refund: Refund) -> ProviderRefund | None:
        """The refund whose answer was lost: of this payment and amount, and none that we know already."""
        known = {each.provider_id for each in payment.refunds}
        for found in self.provider.refunds_of(payment.provider_id or ""):
            if found.id not in known and found.amount == refund.amount:
                return found
        return None
