"""Orders to the provider with sensible contents."""

from uuid import UUID, uuid4

from apps.kernel.domain.money import Money
from apps.payments.application.ports import Customer, PaymentOrder, ReceiptOrder, RefundOrder
from apps.payments.domain.receipt import ReceiptItem, SettlementMode

CUSTOMER = Customer(email="anna@example.com", phone="+7 (900) 123-45-67")


def item(amount: Money, mode: SettlementMode = SettlementMode.FULL_PREPAYMENT) -> ReceiptItem:
    return ReceiptItem(
        description="Консультация психолога", amount=amount, vat_code=1, payment_subject="service", mode=mode
    )


def payment_order(
    *,
    amount: Money,
    capture: bool = True,
    key: str = "",
    reference: UUID | None = None,
    customer: Customer = CUSTOMER,
    mode: SettlementMode = SettlementMode.FULL_PREPAYMENT,
    description: str = "Консультация психолога",
) -> PaymentOrder:
    return PaymentOrder(
        reference=reference or uuid4(),
        amount=amount,
        description=description,
        return_url="https://site.example/return",
        capture=capture,
        items=(item(amount, mode),),
        customer=customer,
        idempotence_key=key or str(uuid4()),
    )


def refund_order(payment_id: str, *, amount: Money, key: str = "") -> RefundOrder:
    return RefundOrder(
        payment_id=payment_id,
        amount=amount,
        description="Отмена записи",
        items=(item(amount),),
        customer=CUSTOMER,
        idempotence_key=key or str(uuid4()),
    )


def receipt_order(payment_id: str, *, amount: Money, key: str = "") -> ReceiptOrder:
    return ReceiptOrder(
        payment_id=payment_id,
        items=(item(amount, SettlementMode.FULL_PAYMENT),),
        settled=amount,
        customer=CUSTOMER,
        idempotence_key=key or str(uuid4()),
    )
