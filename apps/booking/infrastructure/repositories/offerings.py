"""Services with their specialist and working time, in one statement."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q
from django.db.models.functions import JSONObject

from apps.booking.domain.repositories import Offering
from apps.booking.domain.schedule import DateOverride, OverrideKind, Schedule, WeeklyHours
from apps.booking.domain.service import ServiceNotFound
from apps.booking.infrastructure import models
from apps.booking.infrastructure.mappers import to_service, to_specialist

_WEEKLY = ("weekday", "start_minute", "end_minute", "every_weeks", "anchor", "valid_from", "valid_until")
_OVERRIDE = ("date", "kind", "start_minute", "end_minute")


class PostgresOfferingRepository:
    def by_slug(self, slug: str, *, first: date, last: date) -> Offering:
        return self._one(Q(slug=slug), first, last)

    def by_id(self, service_id: UUID, *, first: date, last: date) -> Offering:
        return self._one(Q(id=service_id), first, last)

    def _one(self, which: Q, first: date, last: date) -> Offering:
        weekly = models.WeeklyHours.objects.filter(specialist=OuterRef("specialist")).order_by()
        overrides = models.DateOverride.objects.filter(
            specialist=OuterRef("specialist"), date__range=(first, last)
        ).order_by()
        row = (
            models.Service.objects.filter(which)
            .select_related("specialist")
            .annotate(
                weekly=ArraySubquery(weekly.values(value=JSONObject(**{name: F(name) for name in _WEEKLY}))),
                overrides=ArraySubquery(
                    overrides.values(value=JSONObject(**{name: F(name) for name in _OVERRIDE}))
                ),
                questions=F("intake_template__questions"),
            )
            .order_by()
            .first()
        )
        if row is None:
            raise ServiceNotFound(field="service")
        return Offering(
            service=to_service(row, intake_questions=tuple(row.questions or ())),
            specialist=to_specialist(row.specialist),
            schedule=Schedule(
                specialist_id=row.specialist_id,
                time_zone=row.specialist.time_zone,
                weekly=tuple(_weekly(each) for each in row.weekly),
                overrides=tuple(_override(each) for each in row.overrides),
                daily_limit=row.specialist.daily_limit,
            ),
        )


def _weekly(data: dict[str, Any]) -> WeeklyHours:
    dates = {name: _date(data.pop(name)) for name in ("anchor", "valid_from", "valid_until")}
    return WeeklyHours(**data, **dates)


def _override(data: dict[str, Any]) -> DateOverride:
    return DateOverride(
        date=date.fromisoformat(data["date"]),
        kind=OverrideKind(data["kind"]),
        start_minute=data["start_minute"],
        end_minute=data["end_minute"],
    )


def _date(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
