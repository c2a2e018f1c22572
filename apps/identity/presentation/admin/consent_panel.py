"""The way from a client's page to their consents."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from apps.identity.presentation.admin.consent_words import person_url
from apps.kernel.presentation.admin.panels import Panel, add_panel


def register() -> None:
    """Put the panel on the page of a client; once, when the workspace starts."""
    add_panel(
        Panel(
            page="client",
            title=_("Consents"),
            template="identity/consent_panel.html",
            permission="identity.view_consent",
            context=_context,
        )
    )


def _context(client_id: UUID, request: HttpRequest) -> Mapping[str, Any]:
    return {"url": person_url(client_id)}
