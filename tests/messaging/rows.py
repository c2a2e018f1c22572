"""Rows of messaging for tests."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from apps.messaging.models import Message, MessageTemplate


def make_letter(**values: Any) -> Message:
    """A planned confirmation to a client, due an hour ago; ``client`` and ``appointment`` may be named."""
    client, appointment = values.pop("client", None), values.pop("appointment", None)
    now = datetime.now(UTC)
    fields = {
        "kind": "booking_confirmed",
        "channel": "email",
        "recipient_kind": "client",
        "recipient_id": str(client.pk if client else uuid4()),
        "appointment_id": appointment.pk if appointment else None,
        "dedupe_key": str(uuid4()),
        "due_at": now - timedelta(hours=1),
        "useful_until": now + timedelta(days=2),
        "next_try_at": now - timedelta(hours=1),
        "created_at": now - timedelta(hours=1),
        **values,
    }
    if fields.get("status") == "sent":
        fields.setdefault("sent_at", now)
    return Message.objects.create(**fields)


def text_of(kind: str = "booking_confirmed", language: str = "ru") -> MessageTemplate:
    """The template that the product comes with."""
    return MessageTemplate.objects.get(kind=kind, language=language)
