"""Handing a stored wish to pay to the provider, as often as it takes to know what came of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from apps.kernel.application.ports import EventBus, UnitOfWork
from apps.kernel.domain.clock import Clock
from apps.kernel.domain.ids import NewId
from apps.payments.application.ports import (
    OutcomeUnknown,
    Payers,
    PaymentOrder,
    PaymentProvider,
    Refused,
    TryAgain,
)
from apps.payments.application.record_state import RecordState
from apps.payments.application.views import PaymentView
from apps.payments.domain.failure import FailureCategory
from apps.payments.domain.payment import (
    Payment,
    PaymentRefused,
    PaymentServiceUnavailable,
    PaymentStatus,
)
from apps.payments.domain.repositories import PaymentRepository

INTENT_LIFETIME = timedelta(hours=1)
"""Nobody waits for the payment page longer; well within the 24 h that the provider remembers a key."""


@dataclass(frozen=True)
class FinishIntent:
    unit_of_work: UnitOfWork
    payments: PaymentRepository
    payers: Payers
    provider: PaymentProvider
    record_state: RecordState
    events: EventBus
    clock: Clock
    new_id: NewId
    two_stage: bool

    def __call__(self, *, payment_id: UUID) -> PaymentView:
        """Create the payment at the provider, with the same key every time; nothing is done twice.

        Raises PaymentNotFound, PaymentRefused, and PaymentServiceUnavailable while the outcome is unknown.
        """
        now = self.clock.now()
        payment = self._read(payment_id)
        if payment.status is not PaymentStatus.INTENT:
            return PaymentView.of(payment)
        if now - payment.created_at > INTENT_LIFETIME:
            self._fail(payment_id, FailureCategory.TIMEOUT, "no_answer", now)
            return PaymentView.of(self._read(payment_id))
        try:
            found = self.provider.create_payment(self._order(payment))
        except Refused as refusal:
            self._fail(payment_id, FailureCategory.PROVIDER_ERROR, refusal.code, now)
            raise PaymentRefused(reason=refusal.code) from refusal
        except (TryAgain, OutcomeUnknown) as failure:
            raise PaymentServiceUnavailable(reason=failure.code) from failure
        self.record_state(payment_id=payment_id, found=found, at=now)
        return PaymentView.of(self._read(payment_id))

    def _order(self, payment: Payment) -> PaymentOrder:
        return PaymentOrder(
            reference=payment.id,
            amount=payment.amount,
            description=payment.description,
            return_url=payment.return_url,
            capture=not self.two_stage,
            items=payment.items,
            customer=self.payers.customer(payment.client_id),
            idempotence_key=payment.idempotence_key,
        )

    def _read(self, payment_id: UUID) -> Payment:
        with self.unit_of_work():
            return self.payments.get(payment_id)

    def _fail(self, payment_id: UUID, category: FailureCategory, code: str, at: datetime) -> None:
        with self.unit_of_work():
            payment = self.payments.get(payment_id)
            payment.fail(category, code=code, new_id=self.new_id, now=at)
            self.payments.save(payment)
            self.events.publish(payment.pull_events())
