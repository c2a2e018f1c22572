"""Requests about data on the first page of the workspace, when one of them presses."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from apps.client_cabinet.infrastructure.request_desk import urgent


def requests_card(request: HttpRequest, *, today: date) -> list[dict[str, Any]]:
    """One card when a request is overdue or has two working days left at most, else none. One statement, none
    for whoever may not see the register."""
    if not request.user.has_perm("client_cabinet.view_subjectrequest"):
        return []
    found = urgent(today)
    if not found.count:
        return []
    requests = ngettext("%(count)d request", "%(count)d requests", found.count) % {"count": found.count}
    overdue = ngettext(
        "%(count)d is overdue: answer today", "%(count)d are overdue: answer today", found.overdue
    ) % {"count": found.overdue}
    return [
        {
            "title": gettext("Requests about data"),
            "value": requests,
            "note": overdue if found.overdue else gettext("two working days are left at most"),
            "tone": "overdue" if found.overdue else "requested",
            "url": reverse("admin:client_cabinet_subjectrequest_changelist"),
            "icon": "contact_support",
        }
    ]
