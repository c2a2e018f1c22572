"""What the pages of an appointment and of a client show of their letters."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.kernel.presentation.admin.panels import Panel, add_panel
from apps.messaging import wiring
from apps.messaging.domain.kinds import REMINDER_LETTERS
from apps.messaging.infrastructure.models import Message
from apps.messaging.infrastructure.queries import letters_of_appointment, letters_of_client
from apps.messaging.presentation.admin.letter_words import line

TEMPLATE = "messaging/letters_panel.html"


def connect() -> None:
    """Show the panels; called once at start-up."""
    for page, context in (("appointment", _of_appointment), ("client", _of_client)):
        add_panel(
            Panel(
                page=page,
                title=_("Letters"),
                template=TEMPLATE,
                permission="messaging.view_message",
                context=context,
                wide=True,
            )
        )


def _of_appointment(appointment_id: UUID, request: HttpRequest) -> Mapping[str, Any]:
    return {"letters": _lines(letters_of_appointment(appointment_id))}


def _of_client(client_id: UUID, request: HttpRequest) -> Mapping[str, Any]:
    return {
        "letters": _lines(letters_of_client(client_id)),
        "no_reminders": wiring.opt_outs.of(client_id) >= REMINDER_LETTERS,
        "all_url": reverse("admin:messaging_message_changelist"),
    }


def _lines(rows: list[Message]) -> list[dict[str, Any]]:
    now = timezone.now()
    return [line(row, zone=settings.TIME_ZONE, now=now) for row in rows]
