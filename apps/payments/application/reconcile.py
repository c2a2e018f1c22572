"""What the provider and we see differently, and payments that nobody told us about."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
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
    Refused,
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
        """How many payments and refunds were looked at. One that does not answer, or has a defect, does not
        stop the others; a defect is raised after them."""
        before = self.clock.now() - PATIENCE
        waiting = self.payments.unsettled(before=before, limit=BATCH)
        waiting += self.payments.unregistered(before=before, limit=BATCH)
        refunds = self.payments.unsettled_refunds(before=before, limit=BATCH)
        looks: list[Callable[[], object]] = [
            *(partial(self.settle_payment, payment_id=payment_id) for payment_id in waiting),
            *(partial(self.execute_refund, refund_id=refund_id) for refund_id in refunds),
        ]
        looked, defects = 0, []
        for look in looks:
            try:
                look()
                looked += 1
            except TemporaryFailure:
                continue
            except Exception as defect:  # noqa: BLE001 - raised below, after the others had their turn
                defects.append(defect)
        if defects:
            raise defects[0]
        return looked


@dataclass(frozen=True)
class Reconcile:
    """Compares a period's payments and refunds on both sides, after settling ours that are open."""

    unit_of_work: UnitOfWork
    payments: PaymentRepository
    provider: PaymentProvider
    settle_payment: SettlePayment
    execute_refund: ExecuteRefund
    alerts: AlertBook
    clock: Clock

    def __call__(self, period: Period) -> list[Difference]:
        """Notes every difference as an alert and returns them all.
        Raises TemporaryFailure while the provider does not answer."""
        self._settle(period)
        try:
            differences = list(self._payment_differences(period))
            differences += self._refund_differences(self.provider.refunds_created(period))
        except ProviderFailure as failure:
            raise TemporaryFailure(failure.code) from failure
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

    def _settle(self, period: Period) -> None:
        """What is merely on its way is no difference."""
        for payment in self.payments.created_in(period):
            with suppress(TemporaryFailure):
                if payment.is_open:
                    self.settle_payment(payment_id=payment.id)
            for refund in payment.refunds:
                with suppress(TemporaryFailure):
                    self.execute_refund(refund_id=refund.id)

    def _payment_differences(self, period: Period) -> Iterator[Difference]:
        theirs = {each.id: each for each in self.provider.payments_created(period)}
        for found in theirs.values():
            if self._difference(self._ours(found), found) is not None:
                # Time has passed since the list was made: only what both sides still say counts.
                now = self.provider.payment(found.id)
                if (difference := self._difference(self._ours(now), now)) is not None:
                    yield difference
        for payment in self.payments.created_in(period):
            if payment.provider_id is not None and payment.provider_id not in theirs:
                yield from self._not_listed(payment, payment.provider_id)

    def _not_listed(self, payment: Payment, provider_id: str) -> Iterator[Difference]:
        """Clocks differ: the provider may have it beside the period."""
        try:
            found = self.provider.payment(provider_id)
        except Refused:
            yield _missing_there(payment)
            return
        if (difference := self._difference(self._ours(found), found)) is not None:
            yield difference

    def _ours(self, found: ProviderPayment) -> Payment | None:
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

    def _refund_differences(self, refunds: Iterable[ProviderRefund]) -> list[Difference]:
        return [
            difference
            for found in refunds
            if self._refund_difference(found) is not None
            and (difference := self._refund_difference(self.provider.refund(found.id))) is not None
        ]

    def _refund_difference(self, found: ProviderRefund) -> Difference | None:
        refund_id = self.payments.by_provider_refund_id(found.id)
        payment_id = self.payments.by_provider_id(found.payment_id)
        ours, theirs = "", f"{STATUSES[found.status].value} {_text(found.amount)}"
        if refund_id is not None:
            with self.unit_of_work():
                refund = self.payments.of_refund(refund_id).refund_of(refund_id)
            ours = f"{refund.status.value} {_text(refund.amount)}"
        if ours == theirs:
            return None
        return Difference(
            kind=AlertKind.REFUND_MISMATCH,
            reference=found.id,
            payment_id=payment_id,
            ours=ours,
            provider=theirs,
        )


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
