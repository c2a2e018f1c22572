"""A client's own appointments."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from apps.booking.application.views import AppointmentView
from apps.booking.domain.appointment import AppointmentNotFound
from apps.booking.domain.lifecycle import AppointmentStatus
from apps.booking.infrastructure.calendar_file import CalendarEntry
from apps.booking.infrastructure.mappers import to_appointment
from apps.booking.infrastructure.models import Appointment, TimelineEntry
from apps.kernel.domain.errors import DomainError, gettext_noop


class AppointmentNotConfirmed(DomainError):
    code = "appointment_not_confirmed"
    message = gettext_noop("Only a confirmed appointment can be put into a calendar.")


def own_appointments(client_id: UUID) -> QuerySet[Appointment, Appointment]:
    """The client's appointments, for a paginator; :func:`seen` makes the client's view of a row."""
    return Appointment.objects.filter(client_id=client_id)


def seen(row: Appointment, *, now: datetime) -> AppointmentView:
    """The appointment as its client sees it at ``now``."""
    return AppointmentView.of(to_appointment(row), now=now)


def own_appointment(*, client_id: UUID, appointment_id: UUID, now: datetime) -> AppointmentView:
    """One statement. Raises AppointmentNotFound, for somebody else's too."""
    return seen(_own_row(own_appointments(client_id), appointment_id), now=now)


def calendar_entry(*, client_id: UUID, appointment_id: UUID) -> CalendarEntry:
    """What a calendar file tells about an appointment; one statement.
    Raises AppointmentNotFound, AppointmentNotConfirmed."""
    row = _own_row(_with_change(own_appointments(client_id)), appointment_id)
    if row.status != AppointmentStatus.CONFIRMED:
        raise AppointmentNotConfirmed
    return _entry(row)


def invitation_entry(appointment_id: UUID) -> CalendarEntry | None:
    """The same for a letter, whatever the state; None for an unknown appointment. One statement."""
    row = _with_change(Appointment.objects.filter(id=appointment_id)).first()
    return None if row is None else _entry(row)


def _with_change(rows: QuerySet[Appointment, Appointment]) -> QuerySet[Appointment, Appointment]:
    changes = TimelineEntry.objects.filter(appointment=OuterRef("pk")).order_by("-at").values("at")
    return rows.select_related("specialist").annotate(changed_at=Subquery(changes[:1]))


def _entry(row: Any) -> CalendarEntry:
    return CalendarEntry(
        appointment_id=row.id,
        service_name=row.terms["name"],
        specialist_name=row.specialist.display_name,
        start=row.start,
        end=row.end,
        time_zone=row.time_zone,
        address=row.address,
        meeting_link=row.meeting_link,
        created_at=row.created_at,
        changed_at=row.changed_at or row.created_at,
        revision=row.version - 1,
    )


def _own_row(rows: QuerySet[Appointment, Appointment], appointment_id: UUID) -> Appointment:
    row = rows.filter(id=appointment_id).first()
    if row is None:
        raise AppointmentNotFound
    return row
