"""What the page of a service shows beside its form: the next free times, and its history in words."""

from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext

from apps.booking import models, wiring
from apps.booking.infrastructure.queries.service_history import service_history
from apps.booking.presentation.admin.service_words import change_rows
from apps.kernel.presentation.admin.wording import day_text, instant_text

PREVIEW_DAYS = 5


def panels(service: models.Service) -> dict[str, Any]:
    """The next free times, and the history, in words."""
    zone = service.specialist.time_zone
    changes = [
        {
            "at": instant_text(change.at, zone, now=timezone.now(), weekday=False),
            "who": change.who or gettext("the system"),
            "created": change.created,
            "rows": change_rows(change.changes),
        }
        for change in service_history(service.pk)
    ]
    return {
        "free_days": _free_days(service),
        "service": service,
        "changes": changes,
    }


def _free_days(service: models.Service) -> list[dict[str, Any]]:
    """The nearest days with free times, as a client would be offered them; drafts too."""
    zone = ZoneInfo(service.specialist.time_zone)
    today = wiring.clock.now().astimezone(zone).date()
    found = wiring.find_slots(
        service_slug=service.slug,
        first=today,
        last=today + timedelta(days=min(service.horizon_days, 61)),
        time_zone=service.specialist.time_zone,
        meeting_format=None,
        published_only=False,
    )
    local = (datetime.fromtimestamp(start, UTC).astimezone(zone) for start in found.starts)
    days: list[dict[str, Any]] = []
    for day, starts in groupby(local, key=lambda start: start.date()):
        if len(days) == PREVIEW_DAYS:
            break
        days.append({"day": day_text(day, today=today), "times": [f"{start:%H:%M}" for start in starts]})
    return days
