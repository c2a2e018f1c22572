"""Objects as the provider documents them."""

from typing import Any


def payment_json(**changes: Any) -> dict[str, Any]:
    return {
        "id": "2d6b3e1f-000f-5000-9000-145f6df21d6f",
        "status": "pending",
        "paid": False,
        "amount": {"value": "4500.00", "currency": "RUB"},
        "confirmation": {"type": "redirect", "confirmation_url": "https://yoomoney.ru/checkout?orderId=2d6b"},
        "created_at": "2026-03-02T09:00:00.141Z",
        "description": "Консультация психолога",
        "metadata": {"payment_id": "6a1c1d9e-7e35-4f0c-9d5f-0a3fd8cf3b11", "cms_name": "yookassa_sdk_python"},
        "recipient": {"account_id": "100500", "gateway_id": "100700"},
        "receipt_registration": "pending",
        "refundable": False,
        "test": True,
        **changes,
    }


def refund_json(**changes: Any) -> dict[str, Any]:
    return {
        "id": "2d6b597b-0015-5000-9000-1d1ffb32eb2e",
        "payment_id": "2d6b3e1f-000f-5000-9000-145f6df21d6f",
        "status": "succeeded",
        "created_at": "2026-03-02T11:00:00.000Z",
        "amount": {"value": "1500.00", "currency": "RUB"},
        **changes,
    }


def receipt_json(**changes: Any) -> dict[str, Any]:
    return {
        "id": "rt-1da5c87d-0984-50e8-a7f3-8de646dd9ec9",
        "type": "payment",
        "payment_id": "2d6b3e1f-000f-5000-9000-145f6df21d6f",
        "status": "pending",
        "items": [],
        **changes,
    }
