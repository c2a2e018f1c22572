"""The appointments that a change of the schedule touches, in the specialist's words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.booking.infrastructure import models


@dataclass(frozen=True, kw_only=True)
class TouchedAppointment:
    """``client`` is P1: for people of the practice only."""

    id: UUID
    start: datetime
    end: datetime
    client: str
    service: str
    status: str


def touched_appointments(ids: Iterable[UUID]) -> list[TouchedAppointment]:
    """In the order of their start; one statement."""
    rows = (
        models.Appointment.objects.filter(id__in=list(ids)).select_related("client").order_by("start", "id")
    )
    return [
        TouchedAppointment(
            id=row.id,
            start=row.start,
            end=row.end,
            client=str(row.client),
            service=row.terms["name"],
            status=str(row.get_status_display()),
        )
        for row in rows
    ]
