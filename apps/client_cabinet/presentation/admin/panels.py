"""What the cabinet adds to the pages of appointments and clients: that something is there, no word of it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.client_cabinet import wiring
from apps.client_cabinet.infrastructure.models import DiaryEntry, Material
from apps.client_cabinet.presentation.admin.wording import status_chip, when
from apps.kernel.presentation.admin.acting import actor_of
from apps.kernel.presentation.admin.panels import Panel, add_panel
from apps.kernel.presentation.admin.wording import day_text

LATEST = 5


def register() -> None:
    """Put the panels on the pages; once, when the workspace starts."""
    add_panel(
        Panel(
            page="appointment",
            title=_("Shared diary entries"),
            template="client_cabinet/shared_panel.html",
            permission="client_cabinet.view_sharedentry",
            context=shared_for_appointment,
        )
    )
    for page, context in (("appointment", materials_of_appointment), ("client", materials_of_client)):
        add_panel(
            Panel(
                page=page,
                title=_("Materials after sessions"),
                template="client_cabinet/materials_panel.html",
                permission="client_cabinet.view_material",
                context=context,
            )
        )


def shared_for_appointment(appointment_id: UUID, request: HttpRequest) -> Mapping[str, Any] | None:
    """The entries shared for the appointment by their days; None where there are none."""
    found = list(
        DiaryEntry.objects.filter(shared_for=appointment_id).order_by("-day", "-id").values_list("pk", "day")
    )
    if not found:
        return None
    today = timezone.localdate()
    may_open = wiring.read_shared_entry.may_open(found[0][0], actor=actor_of(request))
    return {
        "may_open": may_open,
        "entries": [
            {
                "day": day_text(day, today=today, relative=False),
                "url": reverse("admin:client_cabinet_sharedentry_change", args=[pk]),
            }
            for pk, day in found
        ],
    }


def materials_of_appointment(appointment_id: UUID, request: HttpRequest) -> Mapping[str, Any] | None:
    may_write = wiring.open_material.is_theirs(appointment_id, actor_of(request), at=timezone.now())
    rows = Material.objects.filter(appointment_id=appointment_id)
    return _materials(rows, {"appointment": str(appointment_id)}, may_write=may_write)


def materials_of_client(client_id: UUID, request: HttpRequest) -> Mapping[str, Any] | None:
    may_write = wiring.open_material.is_theirs(None, actor_of(request), at=timezone.now())
    rows = Material.objects.filter(client_id=client_id)
    return _materials(rows, {"client": str(client_id)}, may_write=may_write)


def _materials(rows: Any, about: dict[str, str], *, may_write: bool) -> Mapping[str, Any] | None:
    now = timezone.now()
    found = list(rows.defer("title", "text").order_by("-created_at", "-id")[:LATEST])
    if not found and not may_write:
        return None
    return {
        "materials": [
            {
                "url": reverse("admin:client_cabinet_material_change", args=[row.pk]),
                "when": when(row.created_at, now=now),
                "status": status_chip(row.status),
                "read": when(row.first_read_at, now=now) if row.first_read_at else "",
            }
            for row in found
        ],
        "write_url": reverse("admin:client_cabinet_material_write", query=about) if may_write else "",
    }
