"""Working hours in PostgreSQL: read whole, replaced whole, under the lock of their specialist."""

from collections.abc import Sequence
from datetime import date, datetime
from hashlib import sha256
from uuid import UUID

from django.db.models import Q

from apps.booking.application.change_schedule import KeptSchedule, NotedOverride, SpecialistNotFound
from apps.booking.domain.lifecycle import ACTIVE, AppointmentStatus
from apps.booking.domain.schedule import Schedule, WeeklyHours
from apps.booking.infrastructure import models
from apps.booking.infrastructure.mappers import to_date_override, to_weekly_hours
from apps.kernel.domain.period import Period


class PostgresSchedules:
    def get(self, specialist_id: UUID, *, lock: bool) -> KeptSchedule:
        specialists = models.Specialist.objects.all()
        if lock:
            specialists = specialists.select_for_update()
        specialist = specialists.filter(id=specialist_id).first()
        if specialist is None:
            raise SpecialistNotFound
        weekly = tuple(
            to_weekly_hours(row)
            for row in models.WeeklyHours.objects.filter(specialist=specialist).order_by(
                "weekday", "start_minute", "every_weeks", "anchor", "valid_from", "id"
            )
        )
        overrides = tuple(
            NotedOverride(override=to_date_override(row), note=row.note)
            for row in models.DateOverride.objects.filter(specialist=specialist).order_by(
                "date", "kind", "start_minute", "id"
            )
        )
        return KeptSchedule(
            schedule=Schedule(
                specialist_id=specialist.id,
                time_zone=specialist.time_zone,
                weekly=weekly,
                overrides=tuple(each.override for each in overrides),
                daily_limit=specialist.daily_limit,
            ),
            overrides=overrides,
            version=sha256(repr((specialist.time_zone, weekly, overrides)).encode()).hexdigest()[:16],
        )

    def replace(
        self,
        specialist_id: UUID,
        *,
        weekly: Sequence[WeeklyHours],
        overrides: Sequence[NotedOverride],
        since: date,
        until: date | None,
    ) -> None:
        models.WeeklyHours.objects.filter(specialist_id=specialist_id).delete()
        models.WeeklyHours.objects.bulk_create(
            models.WeeklyHours(
                specialist_id=specialist_id,
                weekday=hours.weekday,
                start_minute=hours.start_minute,
                end_minute=hours.end_minute,
                every_weeks=hours.every_weeks,
                anchor=hours.anchor,
                valid_from=hours.valid_from,
                valid_until=hours.valid_until,
            )
            for hours in weekly
        )
        replaced = models.DateOverride.objects.filter(specialist_id=specialist_id, date__gte=since)
        if until is not None:
            replaced = replaced.filter(date__lt=until)
        replaced.delete()
        models.DateOverride.objects.bulk_create(
            models.DateOverride(
                specialist_id=specialist_id,
                date=noted.override.date,
                kind=noted.override.kind.value,
                start_minute=noted.override.start_minute,
                end_minute=noted.override.end_minute,
                note=noted.note,
            )
            for noted in overrides
        )

    def upcoming(self, specialist_id: UUID, *, now: datetime) -> dict[UUID, Period]:
        overdue = Q(status=AppointmentStatus.PENDING_PAYMENT, hold_expires_at__lte=now) | Q(
            status=AppointmentStatus.REQUESTED, answer_due_at__lte=now
        )
        rows = models.Appointment.objects.filter(
            specialist_id=specialist_id, status__in=sorted(ACTIVE), end__gt=now
        ).exclude(overdue)
        return {
            id_: Period(start, end) for id_, start, end in rows.order_by().values_list("id", "start", "end")
        }
