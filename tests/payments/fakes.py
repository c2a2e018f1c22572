"""Hand-written stand-ins for what payments need from outside."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from threading import RLock
from typing import Any
from uuid import uuid4

from apps.kernel.domain.money import Money
from apps.kernel.domain.period import Period
from apps.payments.application.ports import (
    OutcomeUnknown,
    PaymentOrder,
    ProviderFailure,
    ProviderPayment,
    ProviderReceipt,
    ProviderRefund,
    ProviderStatus,
    ReceiptOrder,
    RefundOrder,
    Refused,
)

_START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Call:
    """One call that reached the provider: ``method`` of the port, ``key`` "" for readings."""

    method: str
    key: str


@dataclass
class _PlannedFailure:
    error: ProviderFailure
    accepted: bool
    method: str


class FakeProvider:
    """The provider in memory; one instance is one shop.

    Keeps to the contract of PaymentProvider: the same idempotence key brings the same object again as it
    stands now, the same key with another request is refused, nothing is refunded above what was paid. What
    happens at the provider's side is told by ``pay``, ``cancel_payment``, ``settle_refund`` and ``change``;
    what goes wrong between us by ``fail_next``. ``calls`` lists what reached it. With ``repeats_as_first`` a
    repeated call is answered as it was at first, which the provider is free to do as well.
    """

    def __init__(self, *, shop_id: str = "100500", now: Callable[[], datetime] = lambda: _START) -> None:
        self.shop_id = shop_id
        self.now = now
        self.calls: list[Call] = []
        self.payments: dict[str, ProviderPayment] = {}
        self.refunds: dict[str, ProviderRefund] = {}
        self.receipts: dict[str, ProviderReceipt] = {}
        self.payment_orders: dict[str, PaymentOrder] = {}
        self.refund_orders: dict[str, RefundOrder] = {}
        self.receipt_orders: dict[str, ReceiptOrder] = {}
        self.refunds_settle_as = ProviderStatus.SUCCEEDED
        self.receipts_settle_as = ProviderStatus.SUCCEEDED
        self.repeats_as_first = False
        self._answers: dict[str, tuple[object, Any]] = {}
        self._failures: list[_PlannedFailure] = []
        self._lock = RLock()

    # What the test says

    def fail_next(
        self,
        error: ProviderFailure | None = None,
        *,
        accepted: bool = False,
        method: str = "",
        times: int = 1,
    ) -> None:
        """Let the next ``times`` calls (of the port's ``method``, or any) raise ``error``, OutcomeUnknown by
        default; with ``accepted`` the call is carried out first and only its answer is lost."""
        planned = _PlannedFailure(error or OutcomeUnknown("no_answer"), accepted, method)
        self._failures.extend([planned] * times)

    def pay(self, payment_id: str, *, method: str = "bank_card") -> ProviderPayment:
        """The client pays: the payment succeeds, or waits for capture if it was ordered so."""
        capture = self.payment_orders[payment_id].capture
        status = ProviderStatus.SUCCEEDED if capture else ProviderStatus.WAITING_FOR_CAPTURE
        receipt = self.receipts_settle_as if capture else ProviderStatus.PENDING
        return self.change(payment_id, status=status, method=method, receipt=receipt)

    def cancel_payment(self, payment_id: str, *, reason: str = "expired_on_confirmation") -> ProviderPayment:
        """The payment ends without money, for ``reason``."""
        return self.change(payment_id, status=ProviderStatus.CANCELED, reason=reason)

    def settle_refund(
        self, refund_id: str, *, status: ProviderStatus = ProviderStatus.SUCCEEDED, reason: str = ""
    ) -> ProviderRefund:
        """A pending refund reaches its end (see ``refunds_settle_as``)."""
        with self._lock:
            refund = self.refunds[refund_id] = replace(self.refunds[refund_id], status=status, reason=reason)
            self._count_refunds(refund.payment_id)
            return refund

    def change(self, payment_id: str, **fields: Any) -> ProviderPayment:
        """Let the provider tell of the payment whatever the test needs: another amount, shop, reference …"""
        with self._lock:
            payment = self.payments[payment_id] = replace(self.payments[payment_id], **fields)
            return payment

    def keys(self, method: str) -> list[str]:
        """The idempotence keys that calls of ``method`` came with, in order."""
        return [call.key for call in self.calls if call.method == method]

    # The port

    def create_payment(self, order: PaymentOrder) -> ProviderPayment:
        return self._write("create_payment", order.idempotence_key, order, lambda: self._open(order))

    def payment(self, provider_id: str) -> ProviderPayment:
        return self._read("payment", lambda: self._known(provider_id))

    def capture(self, provider_id: str, *, amount: Money, idempotence_key: str) -> ProviderPayment:
        def act() -> ProviderPayment:
            payment = self._known(provider_id)
            if payment.status is not ProviderStatus.WAITING_FOR_CAPTURE or amount > payment.amount:
                raise Refused("invalid_request")
            return self.change(
                provider_id, status=ProviderStatus.SUCCEEDED, amount=amount, receipt=self.receipts_settle_as
            )

        return self._write("capture", idempotence_key, (provider_id, amount), act)

    def cancel(self, provider_id: str, *, idempotence_key: str) -> ProviderPayment:
        def act() -> ProviderPayment:
            if self._known(provider_id).status is not ProviderStatus.WAITING_FOR_CAPTURE:
                raise Refused("invalid_request")
            return self.cancel_payment(provider_id, reason="canceled_by_merchant")

        return self._write("cancel", idempotence_key, provider_id, act)

    def create_refund(self, order: RefundOrder) -> ProviderRefund:
        return self._write("create_refund", order.idempotence_key, order, lambda: self._give_back(order))

    def refund(self, provider_id: str) -> ProviderRefund:
        def act() -> ProviderRefund:
            if provider_id not in self.refunds:
                raise Refused("not_found")
            return self.refunds[provider_id]

        return self._read("refund", act)

    def refunds_of(self, payment_id: str) -> list[ProviderRefund]:
        return self._read(
            "refunds_of", lambda: [each for each in self.refunds.values() if each.payment_id == payment_id]
        )

    def create_receipt(self, order: ReceiptOrder) -> ProviderReceipt:
        def act() -> ProviderReceipt:
            if self._known(order.payment_id).status is not ProviderStatus.SUCCEEDED:
                raise Refused("invalid_request")
            receipt = ProviderReceipt(id=f"rt-{uuid4()}", status=self.receipts_settle_as)
            self.receipts[receipt.id] = receipt
            self.receipt_orders[receipt.id] = order
            return receipt

        return self._write("create_receipt", order.idempotence_key, order, act)

    def receipt(self, provider_id: str) -> ProviderReceipt:
        def act() -> ProviderReceipt:
            if provider_id not in self.receipts:
                raise Refused("not_found")
            return self.receipts[provider_id]

        return self._read("receipt", act)

    def payments_created(self, period: Period) -> Iterator[ProviderPayment]:
        yield from self._read(
            "payments_created", lambda: [p for p in self.payments.values() if period.contains(p.created_at)]
        )

    def refunds_created(self, period: Period) -> Iterator[ProviderRefund]:
        yield from self._read(
            "refunds_created", lambda: [r for r in self.refunds.values() if period.contains(r.created_at)]
        )

    def _open(self, order: PaymentOrder) -> ProviderPayment:
        payment = ProviderPayment(
            id=str(uuid4()),
            status=ProviderStatus.PENDING,
            amount=order.amount,
            refunded=Money.zero(order.amount.currency),
            shop_id=self.shop_id,
            reference=order.reference,
            confirmation_url=f"https://provider.test/pay?order={len(self.payments) + 1}",
            method="",
            reason="",
            receipt=ProviderStatus.PENDING,
            created_at=self.now(),
        )
        self.payments[payment.id] = payment
        self.payment_orders[payment.id] = order
        return payment

    def _give_back(self, order: RefundOrder) -> ProviderRefund:
        payment = self._known(order.payment_id)
        if payment.status is not ProviderStatus.SUCCEEDED:
            raise Refused("invalid_request")
        if order.amount.minor <= 0 or self._given_back(order.payment_id) + order.amount > payment.amount:
            raise Refused("invalid_request")
        refund = ProviderRefund(
            id=str(uuid4()),
            payment_id=order.payment_id,
            status=self.refunds_settle_as,
            amount=order.amount,
            reason="",
            created_at=self.now(),
        )
        self.refunds[refund.id] = refund
        self.refund_orders[refund.id] = order
        self._count_refunds(order.payment_id)
        return refund

    def _given_back(self, payment_id: str, *statuses: ProviderStatus) -> Money:
        counted = statuses or (ProviderStatus.PENDING, ProviderStatus.SUCCEEDED)
        total = Money.zero(self.payments[payment_id].amount.currency)
        for each in self.refunds.values():
            if each.payment_id == payment_id and each.status in counted:
                total += each.amount
        return total

    def _count_refunds(self, payment_id: str) -> None:
        self.change(payment_id, refunded=self._given_back(payment_id, ProviderStatus.SUCCEEDED))

    def _now(self, answer: Any) -> Any:
        for store in (self.payments, self.refunds, self.receipts):
            if answer.id in store:
                return store[answer.id]
        return answer

    def _known(self, provider_id: str) -> ProviderPayment:
        if provider_id not in self.payments:
            raise Refused("not_found")
        return self.payments[provider_id]

    def _write[T](self, method: str, key: str, request: object, act: Callable[[], T]) -> T:
        with self._lock:
            failure = self._begin(method, key)
            if key in self._answers:
                first, answer = self._answers[key]
                if first != (method, request):
                    raise Refused("invalid_request")
                if not self.repeats_as_first:
                    answer = self._now(answer)
            else:
                answer = act()
                self._answers[key] = ((method, request), answer)
            if failure is not None:
                raise failure
            return answer

    def _read[T](self, method: str, act: Callable[[], T]) -> T:
        with self._lock:
            failure = self._begin(method, "")
            if failure is not None:
                raise failure
            return act()

    def _begin(self, method: str, key: str) -> ProviderFailure | None:
        """Note the call; raise what is planned before acceptance, return what is planned after it."""
        self.calls.append(Call(method, key))
        for index, planned in enumerate(self._failures):
            if planned.method in ("", method):
                del self._failures[index]
                if not planned.accepted:
                    raise planned.error
                return planned.error
        return None
