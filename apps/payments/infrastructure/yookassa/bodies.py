"""Our orders as the SDK's requests. Amounts and quantities travel as strings."""

from typing import Any

from yookassa.domain.request import PaymentRequest
from yookassa.domain.request.capture_payment_request import CapturePaymentRequest
from yookassa.domain.request.receipt_request import ReceiptRequest
from yookassa.domain.request.refund_request import RefundRequest

from apps.kernel.domain.money import Money
from apps.payments.application.ports import Customer, PaymentOrder, ReceiptOrder, RefundOrder, Refused
from apps.payments.domain.receipt import ReceiptItem
from apps.payments.infrastructure.yookassa.reading import REFERENCE

_DESCRIPTION = 128
_REFUND_DESCRIPTION = 250


def payment_body(order: PaymentOrder, *, tax_system: int) -> PaymentRequest:
    """Raises ValueError or TypeError for what the SDK itself refuses, as the two below do."""
    return _checked(
        PaymentRequest(
            {
                "amount": _amount(order.amount),
                "description": order.description[:_DESCRIPTION],
                "confirmation": {"type": "redirect", "return_url": order.return_url},
                "capture": order.capture,
                "receipt": _receipt(order.items, order.customer, tax_system),
                "metadata": {REFERENCE: str(order.reference)},
            }
        )
    )


def capture_body(amount: Money) -> CapturePaymentRequest:
    return _checked(CapturePaymentRequest({"amount": _amount(amount)}))


def refund_body(order: RefundOrder, *, tax_system: int) -> RefundRequest:
    return _checked(
        RefundRequest(
            {
                "payment_id": order.payment_id,
                "amount": _amount(order.amount),
                "description": order.description[:_REFUND_DESCRIPTION],
                "receipt": _receipt(order.items, order.customer, tax_system),
            }
        )
    )


def receipt_body(order: ReceiptOrder, *, tax_system: int) -> ReceiptRequest:
    return _checked(
        ReceiptRequest(
            {
                "type": "payment",
                "payment_id": order.payment_id,
                "send": True,
                "settlements": [{"type": "prepayment", "amount": _amount(order.settled)}],
                **_receipt(order.items, order.customer, tax_system),
            }
        )
    )


def _checked[T](request: T) -> T:
    request.validate()  # type: ignore[attr-defined]  # the SDK is untyped
    return request


def _amount(amount: Money) -> dict[str, str]:
    return {"value": str(amount.amount), "currency": amount.currency}


def _receipt(items: tuple[ReceiptItem, ...], customer: Customer, tax_system: int) -> dict[str, Any]:
    receipt: dict[str, Any] = {"customer": _contacts(customer), "items": [_item(each) for each in items]}
    if tax_system:
        receipt["tax_system_code"] = tax_system
    return receipt


def _item(item: ReceiptItem) -> dict[str, Any]:
    return {
        "description": item.description[:_DESCRIPTION],
        "quantity": "1",
        "amount": _amount(item.amount),
        "vat_code": item.vat_code,
        "payment_subject": item.payment_subject,
        "payment_mode": item.mode.value,
    }


def _contacts(customer: Customer) -> dict[str, str]:
    contacts = {}
    if customer.email:
        contacts["email"] = customer.email
    if digits := "".join(filter(str.isdecimal, customer.phone or "")):
        contacts["phone"] = digits
    if not contacts:
        raise Refused("no_contact")  # of somebody who was erased, say: a person has to see to the receipt
    return contacts
