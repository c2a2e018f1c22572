"""What awaits the specialist about appointments, besides requests and holds."""

from datetime import datetime
from uuid import UUID

from apps.booking.domain.lifecycle import ACTIVE
from apps.booking.infrastructure.models import FollowUp


def open_of(appointment_id: UUID) -> list[str]:
    """The reasons of the tasks that are open about the appointment, the oldest first; one statement."""
    rows = FollowUp.objects.filter(appointment_id=appointment_id, settled_at__isnull=True)
    return list(rows.order_by("opened_at").values_list("reason", flat=True))


def next_open(now: datetime) -> tuple[UUID | None, int]:
    """The soonest appointment ahead that has an open task, and how many there are; one statement."""
    rows = FollowUp.objects.filter(
        settled_at__isnull=True, appointment__status__in=sorted(ACTIVE), appointment__start__gt=now
    )
    found = list(rows.order_by("appointment__start").values_list("appointment_id", flat=True))
    return (found[0] if found else None), len(set(found))
