"""A shop that uses the provider's SDK, and bodies of requests for raw calls."""

import uuid
from typing import Any

import requests
from yookassa import Configuration, Payment, Receipt, Refund
from yookassa.domain.response import PaymentResponse, ReceiptResponse, RefundResponse

from tests.sandbox_process import Sandbox


def rub(value: str) -> dict[str, str]:
    return {"value": value, "currency": "RUB"}


def item(value: str, **changes: Any) -> dict[str, Any]:
    return {
        "description": "Консультация",
        "quantity": "1",
        "amount": rub(value),
        "vat_code": 1,
        "payment_mode": "full_prepayment",
        "payment_subject": "service",
        **changes,
    }


def receipt(value: str, **changes: Any) -> dict[str, Any]:
    return {"customer": {"email": "anna@example.org"}, "items": [item(value)], **changes}


def order(value: str = "4500.00", **changes: Any) -> dict[str, Any]:
    return {
        "amount": rub(value),
        "capture": True,
        "confirmation": {"type": "redirect", "return_url": "https://site.example.org/back?a=1"},
        "description": "Консультация, 24 ноября 10:00",
        "metadata": {"reference": "42"},
        **changes,
    }


class Shop:
    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        Configuration.configure(sandbox.shop_id, sandbox.secret_key, api_url=sandbox.api_url, max_attempts=0)

    def order(self, value: str = "4500.00", key: str = "", **changes: Any) -> PaymentResponse:
        return Payment.create(order(value, **changes), key or str(uuid.uuid4()))

    def paid(self, value: str = "4500.00", **changes: Any) -> PaymentResponse:
        created = self.order(value, **changes)
        self.sandbox.pay(created.id)
        return Payment.find_one(created.id)

    def refund(self, payment_id: str, value: str, key: str = "", **changes: Any) -> RefundResponse:
        body = {"payment_id": payment_id, "amount": rub(value), **changes}
        return Refund.create(body, key or str(uuid.uuid4()))

    def offset_receipt(self, basis: str, value: str, **changes: Any) -> ReceiptResponse:
        body = {
            "type": "payment",
            "payment_id": basis,
            "send": True,
            **receipt(value, items=[item(value, payment_mode="full_payment")]),
            "settlements": [{"type": "prepayment", "amount": rub(value)}],
            **changes,
        }
        return Receipt.create(body, str(uuid.uuid4()))

    def call(self, method: str, path: str, *, key: str | None = "fresh", **more: Any) -> requests.Response:
        """A raw call; ``key="fresh"`` makes a new idempotence key, None sends none."""
        headers = {} if key is None else {"Idempotence-Key": str(uuid.uuid4()) if key == "fresh" else key}
        headers |= more.pop("headers", {})
        more = {"auth": (self.sandbox.shop_id, self.sandbox.secret_key), "timeout": 15, **more}
        return requests.request(method, f"{self.sandbox.api_url}{path}", headers=headers, **more)

    def post(self, path: str, body: Any, **more: Any) -> requests.Response:
        return self.call("POST", path, json=body, **more)
