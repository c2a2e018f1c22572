"""Services with their specialist and working time, in one statement."""

from datetime import date
from json import loads
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.db import connection

from apps.booking.domain.repositories import Offering
from apps.booking.domain.schedule import DateOverride, OverrideKind, Schedule, WeeklyHours
from apps.booking.domain.service import ServiceNotFound
from apps.booking.infrastructure import models
from apps.booking.infrastructure.mappers import to_service, to_specialist

# Written out, because every search for slots and every booking begins with it: the ORM needs longer to
# compose such a statement than PostgreSQL to answer it. Rows come as JSON, named as the models' columns.
_OFFERING = f"""
SELECT to_jsonb(service) - '{{description,for_whom,how_it_goes}}'::text[], to_jsonb(specialist),
    template.questions,
    (SELECT jsonb_agg(to_jsonb(hours)) FROM {models.WeeklyHours._meta.db_table} AS hours
     WHERE hours.specialist_id = specialist.id),
    (SELECT jsonb_agg(to_jsonb(exception)) FROM {models.DateOverride._meta.db_table} AS exception
     WHERE exception.specialist_id = specialist.id AND exception.date BETWEEN %s AND %s)
FROM {models.Service._meta.db_table} AS service
JOIN {models.Specialist._meta.db_table} AS specialist ON specialist.id = service.specialist_id
LEFT JOIN {models.IntakeTemplate._meta.db_table} AS template ON template.id = service.intake_template_id
WHERE
"""  # noqa: S608  # only names of our own go into it
_BY_SLUG = f"{_OFFERING} service.slug = %s"
_BY_ID = f"{_OFFERING} service.id = %s"


class PostgresOfferingRepository:
    def by_slug(self, slug: str, *, first: date, last: date) -> Offering:
        return _one(_BY_SLUG, [first, last, slug])

    def by_id(self, service_id: UUID, *, first: date, last: date) -> Offering:
        return _one(_BY_ID, [first, last, service_id])


def _one(statement: str, params: list[Any]) -> Offering:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        found = cursor.fetchone()
    if found is None:
        raise ServiceNotFound(field="service")
    service_data, specialist_data, questions, weekly, overrides = (_read(each) for each in found)
    service = _row(service_data)
    specialist = _row(specialist_data)
    return Offering(
        service=to_service(service, intake_questions=tuple(questions or ())),
        specialist=to_specialist(specialist),
        schedule=Schedule(
            specialist_id=specialist.id,
            time_zone=specialist.time_zone,
            weekly=tuple(_weekly(each) for each in weekly or ()),
            overrides=tuple(_override(each) for each in overrides or ()),
            daily_limit=specialist.daily_limit,
        ),
    )


def _row(data: dict[str, Any]) -> Any:
    """What the mappers read like a row; making a model's instance would take longer than all the rest."""
    for name in ("id", "specialist_id"):
        if name in data:
            data[name] = UUID(data[name])
    return SimpleNamespace(**data)


def _read(value: Any) -> Any:
    """JSON as PostgreSQL sends it: Django's connections hand it over as text."""
    return loads(value) if isinstance(value, str) else value


def _weekly(data: dict[str, Any]) -> WeeklyHours:
    return WeeklyHours(
        weekday=data["weekday"],
        start_minute=data["start_minute"],
        end_minute=data["end_minute"],
        every_weeks=data["every_weeks"],
        anchor=_date(data["anchor"]),
        valid_from=_date(data["valid_from"]),
        valid_until=_date(data["valid_until"]),
    )


def _override(data: dict[str, Any]) -> DateOverride:
    return DateOverride(
        date=date.fromisoformat(data["date"]),
        kind=OverrideKind(data["kind"]),
        start_minute=data["start_minute"],
        end_minute=data["end_minute"],
    )


def _date(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
