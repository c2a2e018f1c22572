"""What the presentation of payments can write, and payments in every state for tests."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from procrastinate.contrib.django.models import ProcrastinateJob

from apps.booking.infrastructure.models import Appointment
from apps.payments import models

WRITTEN = (
    Appointment,
    ProcrastinateJob,
    models.Payment,
    models.Refund,
    models.Receipt,
    models.LedgerEntry,
    models.PaymentNotification,
    models.PaymentAlert,
)


def everything_written(*without: type[Any]) -> dict[str, list[dict[str, Any]]]:
    return {
        model.__name__: list(model.objects.order_by("pk").values())
        for model in WRITTEN
        if model not in without
    }


@contextmanager
def nothing_changes(*without: type[Any]) -> Iterator[None]:
    """Fail if any row about money was added, changed or removed, ``without`` those models."""
    before = everything_written(*without)
    yield
    assert everything_written(*without) == before


def make_payment(appointment: Appointment, **values: Any) -> models.Payment:
    """A payment written straight into the table: in full and succeeded by default, without its ledger."""
    now = datetime.now(UTC)
    status = values.get("status", "succeeded")
    ended = status in {"succeeded", "canceled", "failed"}
    price = appointment.terms.get("price_minor", 450_000)
    amount = values.pop("amount_minor", price)
    item = {
        "description": appointment.terms["name"],
        "amount_minor": amount,
        "vat_code": 1,
        "payment_subject": "service",
        "mode": "full_prepayment",
    }
    return models.Payment.objects.create(
        **{
            "appointment_id": appointment.id,
            "client_id": appointment.client_id,
            "kind": "full",
            "amount_minor": amount,
            "currency": "RUB",
            "status": status,
            "provider_id": None if status == "intent" else str(uuid4()),
            "idempotence_key": str(uuid4()),
            "description": appointment.terms["name"],
            "items": [item],
            "return_url": "http://localhost:8000/",
            "confirmation_url": "" if status == "intent" else "https://pay.example/confirm",
            "method": "bank_card" if status == "succeeded" else "",
            "created_at": now,
            "settled_at": now if ended else None,
            **values,
        }
    )


def make_refund(payment: models.Payment, **values: Any) -> models.Refund:
    """A refund written straight into the table: a third given back at the specialist's wish by default."""
    now = datetime.now(UTC)
    status = values.get("status", "succeeded")
    return models.Refund.objects.create(
        **{
            "payment": payment,
            "amount_minor": payment.amount_minor // 3,
            "reason": "goodwill",
            "status": status,
            "provider_id": str(uuid4()) if status in {"pending", "succeeded"} else None,
            "idempotence_key": str(uuid4()),
            "requested_at": now,
            "settled_at": now if status in {"succeeded", "failed"} else None,
            **values,
        }
    )


def enter(appointment: Appointment, kind: str, amount_minor: int, **values: Any) -> models.LedgerEntry:
    return models.LedgerEntry.objects.create(
        **{
            "appointment_id": appointment.id,
            "kind": kind,
            "source_id": uuid4(),
            "amount_minor": amount_minor,
            "currency": "RUB",
            "at": datetime.now(UTC),
            **values,
        }
    )


def make_alert(kind: str = "late_payment_taken", **values: Any) -> models.PaymentAlert:
    now = datetime.now(UTC)
    return models.PaymentAlert.objects.create(
        **{"kind": kind, "reference": str(uuid4()), "first_at": now, "last_at": now, **values}
    )
