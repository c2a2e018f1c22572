"""Reads of messaging for the workspace."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from apps.identity import facade as identity
from apps.messaging.domain.message import MessageStatus, RecipientKind
from apps.messaging.infrastructure.models import Message, TemplateVersion

SHOWN = 12


def letters_of_appointment(appointment_id: UUID) -> list[Message]:
    """The letters about an appointment, the latest first: one query."""
    rows = Message.objects.filter(appointment_id=appointment_id)
    return list(rows.order_by("-due_at", "-id")[:SHOWN])


def letters_of_client(client_id: UUID) -> list[Message]:
    """The letters to a client, the latest first: one query."""
    rows = Message.objects.filter(recipient_kind=RecipientKind.CLIENT.value, recipient_id=str(client_id))
    return list(rows.order_by("-due_at", "-id")[:SHOWN])


def names(ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """What people are called, by id: one query."""
    return {found.id: found.display_name for found in identity.people({each for each in ids if each})}


def versions(template_id: UUID) -> list[TemplateVersion]:
    """The texts of a template, the newest first."""
    return list(TemplateVersion.objects.filter(template_id=template_id).order_by("-number"))


def unsettled(now: datetime) -> QuerySet[Message]:
    """Letters that want a person's look: failed, or of unknown outcome, and still of use."""
    return Message.objects.filter(
        Q(status=MessageStatus.FAILED.value) | Q(status=MessageStatus.UNKNOWN.value), useful_until__gt=now
    )
