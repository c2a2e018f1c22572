"""Examples of the API's documentation."""

from typing import Any

from drf_spectacular.utils import OpenApiExample

_PAYMENT: dict[str, Any] = {
    "id": "5f1b9f0e-4a55-4f2b-9f5c-0c5f6f3f6f11",
    "appointment_id": "7d0f8a54-6c1e-4f7e-9a3b-2f7f2f0c9b11",
    "kind": "full",
    "status": "pending",
    "amount": {"amount": "4500.00", "currency": "RUB"},
    "refunded": {"amount": "0.00", "currency": "RUB"},
    "confirmation_url": "https://yoomoney.ru/checkout/payments/v2/contract?orderId=2d5f0c3a",
    "failure": "",
    "created_at": "2026-11-21T13:04:02.113904+00:00",
    "settled_at": None,
}

STARTING = OpenApiExample(
    "Pay in full", value={"kind": "full", "return_url": "https://site.example/thanks"}, request_only=True
)
STARTED = OpenApiExample(
    "Send the client to confirmation_url", value=_PAYMENT, response_only=True, status_codes=["200", "201"]
)
PAID = OpenApiExample(
    "Paid",
    value={
        **_PAYMENT,
        "status": "succeeded",
        "confirmation_url": "",
        "settled_at": "2026-11-21T13:05:40.702011+00:00",
    },
    response_only=True,
    status_codes=["200"],
)
