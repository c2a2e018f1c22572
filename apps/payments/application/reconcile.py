"""What the provider and we see differently, and payments that nobody told us about."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from uuid import UUID

from apps.kernel.application.ports import TemporaryFailure, UnitOfWork
from apps.kernel.domain.clock import Clock
from apps.kernel.domain.money import Money
from apps.kernel.domain.period import Period
from apps.payments.application.execute_refund import STATUSES, ExecuteRefund
from apps.payments.application.ports import (
    PaymentProvider,
    ProviderFailure,
    ProviderPayment,
    ProviderRefund,
)
from apps.payments.application.settle_payment import SettlePayment
from apps.payments.domain.alert import AlertKind
from apps.payments.domain.payment import Payment
from apps.payments.domain.repositories import AlertBook, PaymentRepository

PATIENCE = timedelta(minutes=1)
"""Younger payments are on their way; their own jobs and notifications look after them."""
BATCH = 200


@dataclass(frozen=True, kw_only=True)
class Difference:
    """``reference`` is our payment's id, or the provider's where we know of none."""

    kind: AlertKind
    reference: str
    payment_id: UUID | None
    ours: str
    provider: str


@dataclass(frozen=True)
class SettleOpenPayments:
    """Looks again at what waits for the provider, receipts included: notifications may be lost, workers may
    have died."""

    payments: PaymentRepository
    settle_payment: SettlePayment
    execute_refund: ExecuteRefund
    clock: Clock

    def __call__(self) -> int:
        """How many payments and refunds were looked at. One that does not answer does not stop the others."""
        before = self.clock.now() - PATIENCE
        looked = 0
        waiting = self.payments.unsettled(before=before, limit=BATCH)
        for payment_id in [*waiting, *self.payments.unregistered(before=before, limit=BATCH)]:
            looked += _look(partial(self.settle_payment, payment_id=payment_id))
        for refund_id in self.payments.unsettled_refunds(before=before, limit=BATCH):
            looked += _look(partial(self.execute_refund, refund_id=refund_id))
        return looked


@dataclass(frozen=True)
class Reconcile:
    """Compares a period's payments and refunds on both sides, after settling ours that are open."""

    unit_of_work: UnitOfWork
    payments: PaymentRepository
    provider: PaymentProvider
    settle_payment: SettlePayment
    alerts: AlertBook
    clock: Clock

    def __call__(self, period: Period) -> list[Difference]:
        """Notes every difference as an alert and returns them all.
        Raises TemporaryFailure while the provider does not answer."""
        try:
            theirs = list(self.provider.payments_created(period))
            their_refunds = list(self.provider.refunds_created(period))
        except ProviderFailure as failure:
            raise TemporaryFailure(failure.code) from failure
        for payment in self.payments.created_in(period):
            if payment.is_open:
                self.settle_payment(payment_id=payment.id)
        ours = {each.provider_id: each for each in self.payments.created_in(period) if each.provider_id}
        differences = [
            difference
            for found in theirs
            if (difference := self._difference(ours.pop(found.id, None) or self._elsewhere(found), found))
        ]
        differences += [_missing_there(payment) for payment in ours.values()]
        differences += self._refund_differences(their_refunds)
        with self.unit_of_work():
            for each in differences:
                self.alerts.note(
                    kind=each.kind,
                    reference=each.reference,
                    at=self.clock.now(),
                    payment_id=each.payment_id,
                    details={"ours": each.ours, "provider": each.provider},
                )
        return differences

    def _elsewhere(self, found: ProviderPayment) -> Payment | None:
        """Clocks differ: the payment may stand in our books beside the period."""
        payment_id = self.payments.by_provider_id(found.id)
        if payment_id is None:
            return None
        with self.unit_of_work():
            return self.payments.get(payment_id)

    def _difference(self, payment: Payment | None, found: ProviderPayment) -> Difference | None:
        if payment is None:
            return Difference(
                kind=AlertKind.UNKNOWN_PAYMENT,
                reference=found.id,
                payment_id=None,
                ours="",
                provider=f"{found.status.value} {_text(found.amount)}",
            )
        ours = f"{payment.status.value} {_text(payment.amount)}"
        theirs = f"{found.status.value} {_text(found.amount)}"
        if found.amount != payment.amount:
            kind = AlertKind.AMOUNT_MISMATCH
        elif not _same_state(payment, found):
            kind = AlertKind.STATUS_MISMATCH
        elif found.refunded != payment.refunded:
            kind = AlertKind.REFUND_MISMATCH
            ours, theirs = _text(payment.refunded), _text(found.refunded)
        else:
            return None
        return Difference(
            kind=kind, reference=str(payment.id), payment_id=payment.id, ours=ours, provider=theirs
        )

    def _refund_differences(self, refunds: list[ProviderRefund]) -> list[Difference]:
        return [
            Difference(
                kind=AlertKind.REFUND_MISMATCH,
                reference=refund.id,
                payment_id=self.payments.by_provider_id(refund.payment_id),
                ours="",
                provider=f"{STATUSES[refund.status].value} {_text(refund.amount)}",
            )
            for refund in refunds
            if self.payments.by_provider_refund_id(refund.id) is None
        ]


def _look(look: Callable[[], object]) -> int:
    try:
        look()
    except TemporaryFailure:
        return 0
    return 1


def _same_state(payment: Payment, found: ProviderPayment) -> bool:
    ended_without_money = payment.status.value in {"canceled", "failed"}
    return payment.status.value == found.status.value or (
        ended_without_money and found.status.value == "canceled"
    )


def _missing_there(payment: Payment) -> Difference:
    return Difference(
        kind=AlertKind.UNKNOWN_PAYMENT,
        reference=str(payment.id),
        payment_id=payment.id,
        ours=f"{payment.status.value} {_text(payment.amount)}",
        provider="",
    )


def _text(amount: Money) -> str:
    return f"{amount.amount} {amount.currency}"
