"""Money on the first page of the workspace."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from apps.payments.infrastructure.queries.desk import turnover
from apps.payments.presentation.admin.wording import amount


def money_card(request: HttpRequest, *, now: datetime) -> dict[str, Any] | None:
    """This month by the clock of the practice; None for whoever may not move money. Two statements."""
    if not request.user.has_perm("payments.change_payment"):
        return None
    start = timezone.localtime(now).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    found = turnover(start)
    notes = []
    if found.refunded:
        notes.append(gettext("given back: %(amount)s") % {"amount": amount(found.refunded)})
    if found.waiting:
        notes.append(gettext("being paid: %(amount)s") % {"amount": amount(found.waiting)})
    return {
        "title": gettext("Money of the month"),
        "value": amount(found.received),
        "note": ", ".join(notes) or gettext("nothing is given back, nothing is on its way"),
        "url": reverse("admin:payments_payment_changelist"),
        "icon": "payments",
    }
