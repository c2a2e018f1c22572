"""A provider of payments that lives in the demo alone: nothing leaves this process."""

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID, uuid4

from apps.kernel.domain.clock import Clock
from apps.kernel.domain.money import Money
from apps.kernel.domain.period import Period
from apps.payments.application.ports import (
    PaymentOrder,
    ProviderPayment,
    ProviderReceipt,
    ProviderRefund,
    ProviderStatus,
    ReceiptOrder,
    RefundOrder,
    Refused,
)


class DemoProvider:
    """Keeps PaymentProvider's contract as far as the demo goes; ``pay`` and ``fail`` are what payers do."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._payments: dict[str, ProviderPayment] = {}

    def named(self, reference: UUID) -> str:
        """The provider's id of our payment."""
        return next(each.id for each in self._payments.values() if each.reference == reference)

    def pay(self, provider_id: str, *, method: str) -> None:
        self._change(provider_id, status=ProviderStatus.SUCCEEDED, method=method)
        self._change(provider_id, receipt=ProviderStatus.SUCCEEDED)

    def fail(self, provider_id: str, *, reason: str) -> None:
        self._change(provider_id, status=ProviderStatus.CANCELED, reason=reason)
        self._change(provider_id, receipt=ProviderStatus.CANCELED)

    def create_payment(self, order: PaymentOrder) -> ProviderPayment:
        payment = ProviderPayment(
            id=str(uuid4()),
            status=ProviderStatus.PENDING,
            amount=order.amount,
            refunded=Money.zero(order.amount.currency),
            shop_id="",
            reference=order.reference,
            confirmation_url="https://yookassa.example/demo",
            method="",
            reason="",
            receipt=ProviderStatus.PENDING,
            created_at=self._clock.now(),
        )
        self._payments[payment.id] = payment
        return payment

    def payment(self, provider_id: str) -> ProviderPayment:
        if provider_id not in self._payments:
            raise Refused("not_found")
        return self._payments[provider_id]

    def create_refund(self, order: RefundOrder) -> ProviderRefund:
        payment = self.payment(order.payment_id)
        self._change(order.payment_id, refunded=payment.refunded + order.amount)
        return ProviderRefund(
            id=str(uuid4()),
            payment_id=order.payment_id,
            status=ProviderStatus.SUCCEEDED,
            amount=order.amount,
            reason="",
            created_at=self._clock.now(),
        )

    def create_receipt(self, order: ReceiptOrder) -> ProviderReceipt:
        return ProviderReceipt(id=str(uuid4()), status=ProviderStatus.SUCCEEDED)

    def capture(self, provider_id: str, *, amount: Money, idempotence_key: str) -> ProviderPayment:
        raise Refused("not_in_the_demo")

    def cancel(self, provider_id: str, *, idempotence_key: str) -> ProviderPayment:
        raise Refused("not_in_the_demo")

    def refund(self, provider_id: str) -> ProviderRefund:
        raise Refused("not_found")

    def refunds_of(self, payment_id: str) -> list[ProviderRefund]:
        return []

    def receipt(self, provider_id: str) -> ProviderReceipt:
        raise Refused("not_found")

    def payments_created(self, period: Period) -> Iterator[ProviderPayment]:
        return iter(())

    def refunds_created(self, period: Period) -> Iterator[ProviderRefund]:
        return iter(())

    def _change(self, provider_id: str, **fields: object) -> None:
        self._payments[provider_id] = replace(self.payment(provider_id), **fields)  # type: ignore[arg-type]  # its own fields
