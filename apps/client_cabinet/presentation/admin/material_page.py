"""The page of one material: where it stands, and nothing of what it says."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext

from apps.client_cabinet.domain.material import MaterialStatus
from apps.client_cabinet.infrastructure.models import Material
from apps.client_cabinet.infrastructure.neighbours import session
from apps.client_cabinet.presentation.admin.wording import status_chip, when


def story(row: Material, request: HttpRequest, *, may_work: bool, now: datetime) -> dict[str, Any]:
    """The template's context; three statements at most."""
    client = str(row.client)
    found = session(row.appointment_id, at=now) if row.appointment_id else None
    return {
        "title": gettext("Material for %(client)s") % {"client": client},
        "breadcrumbs": [
            (gettext("Materials"), reverse("admin:client_cabinet_material_changelist")),
            (f"{client}, {when(row.created_at, now=now)}", ""),
        ],
        "client": client,
        "client_url": reverse("admin:identity_client_change", args=[row.client_id]),
        "session": when(found.start, now=now, zone=found.specialist_time_zone) if found else "",
        "session_url": reverse("admin:booking_appointment_change", args=[row.appointment_id])
        if found
        else "",
        "status": status_chip(row.status),
        "is_draft": row.status == MaterialStatus.DRAFT,
        "first_read": when(row.first_read_at, now=now) if row.first_read_at else "",
        "may_read": may_work,
        "read_url": reverse("admin:client_cabinet_material_text", args=[row.pk]),
        "commands": _commands(row) if may_work else [],
        "timeline": _timeline(row, now),
    }


def _commands(row: Material) -> list[dict[str, Any]]:
    if row.status == MaterialStatus.DRAFT:
        return [
            _command(row, "approve", gettext("Open to the client…"), "visibility", "primary"),
            _command(row, "discard", gettext("Throw the draft away…"), "delete", "danger"),
        ]
    if row.status == MaterialStatus.APPROVED:
        return [_command(row, "withdraw", gettext("Withdraw…"), "visibility_off", "danger")]
    return []


def _command(row: Material, name: str, title: str, icon: str, tone: str) -> dict[str, Any]:
    return {
        "command": {"title": title, "icon": icon, "tone": tone},
        "url": reverse(f"admin:client_cabinet_material_{name}", args=[row.pk]),
    }


def _timeline(row: Material, now: datetime) -> list[dict[str, Any]]:
    happened = [
        (row.created_at, gettext("Written"), str(row.written_by or gettext("by a program")), "edit_note"),
        (row.approved_at, gettext("Opened to the client"), str(row.approved_by or ""), "visibility"),
        (row.first_read_at, gettext("First read by the client"), "", "mark_email_read"),
        (row.withdrawn_at, gettext("Withdrawn"), "", "visibility_off"),
    ]
    return [
        {"title": title, "who": who, "icon": icon, "when": when(at, now=now)}
        for at, title, who, icon in happened
        if at is not None
    ]
