"""The next free time of each of several services: three statements, however many there are."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db.models import Q

from apps.booking.domain.lifecycle import ACTIVE, AppointmentStatus
from apps.booking.domain.schedule import Schedule
from apps.booking.domain.slots import Occupied, find_starts
from apps.booking.infrastructure import models
from apps.booking.infrastructure.mappers import to_date_override, to_service, to_weekly_hours
from apps.kernel.domain.period import Period

NEAR = timedelta(days=14)
DAY = timedelta(days=1)


def next_free(services: Iterable[models.Service], *, now: datetime) -> dict[UUID, datetime | None]:
    """For each service (with its specialist loaded) the first bookable start, None where there is none."""
    services = list(services)
    if not services:
        return {}
    until = now + max(service.horizon_days for service in services) * DAY + 2 * DAY
    specialists = {service.specialist_id: service.specialist for service in services}
    schedules = _schedules(specialists, first=now - 2 * DAY, last=until)
    occupied = _occupied(specialists.keys(), since=now, until=until)
    return {
        service.id: _first(
            service, schedules[service.specialist_id], occupied.get(service.specialist_id, []), now=now
        )
        for service in services
    }


def _first(
    row: models.Service, schedule: Schedule, occupied: list[Occupied], *, now: datetime
) -> datetime | None:
    terms = to_service(row).slot_terms()
    opens, closes = now, now + terms.horizon_days * DAY + 2 * DAY
    while opens < closes:
        window = Period(opens, min(opens + NEAR, closes))
        starts = find_starts(
            schedule=schedule, terms=terms, occupied=occupied, busy=(), now=now, window=window
        )
        if starts:
            return datetime.fromtimestamp(starts[0], UTC)
        opens += NEAR
    return None


def _schedules(
    specialists: dict[UUID, models.Specialist], *, first: datetime, last: datetime
) -> dict[UUID, Schedule]:
    weekly: dict[UUID, list[models.WeeklyHours]] = {}
    for hours in models.WeeklyHours.objects.filter(specialist__in=specialists).order_by():
        weekly.setdefault(hours.specialist_id, []).append(hours)
    overrides: dict[UUID, list[models.DateOverride]] = {}
    dates = (first.date(), last.date())
    for override in models.DateOverride.objects.filter(
        specialist__in=specialists, date__range=dates
    ).order_by():
        overrides.setdefault(override.specialist_id, []).append(override)
    return {
        id_: Schedule(
            specialist_id=id_,
            time_zone=row.time_zone,
            weekly=tuple(to_weekly_hours(hours) for hours in weekly.get(id_, [])),
            overrides=tuple(to_date_override(override) for override in overrides.get(id_, [])),
            daily_limit=row.daily_limit,
        )
        for id_, row in specialists.items()
    }


def _occupied(
    specialist_ids: Iterable[UUID], *, since: datetime, until: datetime
) -> dict[UUID, list[Occupied]]:
    overdue = Q(status=AppointmentStatus.PENDING_PAYMENT, hold_expires_at__lte=since) | Q(
        status=AppointmentStatus.REQUESTED, answer_due_at__lte=since
    )
    rows = (
        models.Appointment.objects.filter(
            specialist_id__in=list(specialist_ids),
            status__in=sorted(ACTIVE),
            blocked__overlap=(since - DAY, until),
        )
        .exclude(overdue)
        .order_by()
        .values_list(
            "specialist_id", "service_id", "start", "end", "buffer_before_minutes", "buffer_after_minutes"
        )
    )
    occupied: dict[UUID, list[Occupied]] = {}
    for specialist_id, service_id, start, end, before, after in rows:
        occupied.setdefault(specialist_id, []).append(
            Occupied(
                service_id=service_id,
                start=start,
                blocked_start=start - timedelta(minutes=before),
                blocked_end=end + timedelta(minutes=after),
            )
        )
    return occupied
