"""Services with their specialist and working time, in one statement."""

from datetime import UTC, date, datetime
from json import loads
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.db import connection

from apps.booking.domain.lifecycle import ACTIVE, AppointmentStatus
from apps.booking.domain.repositories import Calendar, Offering
from apps.booking.domain.schedule import DateOverride, OverrideKind, Schedule, WeeklyHours
from apps.booking.domain.service import ServiceNotFound
from apps.booking.domain.slots import Occupied
from apps.booking.infrastructure import models
from apps.booking.infrastructure.mappers import to_service, to_specialist
from apps.kernel.domain.period import Period


def _seconds(rounded: str, instant: str) -> str:
    return f"{rounded}(extract(epoch FROM {instant}))::bigint"


# Written out, because every search for slots and every booking begins with it: the ORM needs longer to
# compose such a statement than PostgreSQL to answer it. Rows come as JSON, named as the models' columns.
_COLUMNS = f"""
to_jsonb(service) - '{{description,for_whom,how_it_goes}}'::text[], to_jsonb(specialist),
    template.questions,
    (SELECT jsonb_agg(to_jsonb(hours)) FROM {models.WeeklyHours._meta.db_table} AS hours
     WHERE hours.specialist_id = specialist.id),
    (SELECT jsonb_agg(to_jsonb(exception)) FROM {models.DateOverride._meta.db_table} AS exception
     WHERE exception.specialist_id = specialist.id AND exception.date BETWEEN %s AND %s)
"""  # noqa: S608  # only names of our own go into it
_SOURCES = f"""
FROM {models.Service._meta.db_table} AS service
JOIN {models.Specialist._meta.db_table} AS specialist ON specialist.id = service.specialist_id
LEFT JOIN {models.IntakeTemplate._meta.db_table} AS template ON template.id = service.intake_template_id
"""
# As arrays of whole seconds, wide enough: a hundred timestamps take longer to read than the rest of it all.
_TAKEN = f"""
LEFT JOIN LATERAL (
    SELECT array_agg(taken.service_id = service.id) AS same,
        array_agg({_seconds("floor", "taken.start")}) AS starts,
        array_agg({_seconds("floor", "lower(taken.blocked)")}) AS opens,
        array_agg({_seconds("ceil", "upper(taken.blocked)")}) AS closes
    FROM {models.Appointment._meta.db_table} AS taken
    WHERE taken.specialist_id = service.specialist_id AND taken.blocked && tstzrange(%s, %s)
        AND taken.status IN ({", ".join(f"'{status}'" for status in sorted(ACTIVE))})
        AND coalesce(CASE taken.status
            WHEN '{AppointmentStatus.PENDING_PAYMENT}' THEN taken.hold_expires_at
            WHEN '{AppointmentStatus.REQUESTED}' THEN taken.answer_due_at END > %s, true)
) AS busy ON true
"""  # noqa: S608  # only names of our own go into it
_BY_SLUG = f"SELECT {_COLUMNS} {_SOURCES} WHERE service.slug = %s"
_BY_ID = f"SELECT {_COLUMNS} {_SOURCES} WHERE service.id = %s"
_CALENDAR = (
    f"SELECT {_COLUMNS}, busy.same, busy.starts, busy.opens, busy.closes "
    f"{_SOURCES} {_TAKEN} WHERE service.slug = %s"
)
_ANOTHER_SERVICE = UUID(int=0)


class PostgresOfferingRepository:
    def by_slug(self, slug: str, *, first: date, last: date) -> Offering:
        return _offering(_one(_BY_SLUG, [first, last, slug]))

    def by_id(self, service_id: UUID, *, first: date, last: date) -> Offering:
        return _offering(_one(_BY_ID, [first, last, service_id]))

    def calendar(self, slug: str, *, first: date, last: date, taken_in: Period, now: datetime) -> Calendar:
        found = _one(_CALENDAR, [first, last, taken_in.start, taken_in.end, now, slug])
        offering, at = _offering(found[:5]), datetime.fromtimestamp
        this, same, starts, opens, closes = offering.service.id, *(each or () for each in found[5:])
        occupied = [
            Occupied(
                this if is_same else _ANOTHER_SERVICE, at(start, UTC), at(opening, UTC), at(closing, UTC)
            )
            for is_same, start, opening, closing in zip(same, starts, opens, closes, strict=True)
        ]
        return Calendar(offering=offering, occupied=occupied)


def _one(statement: str, params: list[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        found = cursor.fetchone()
    if found is None:
        raise ServiceNotFound(field="service")
    return [_read(each) for each in found]


def _offering(found: list[Any]) -> Offering:
    service_data, specialist_data, questions, weekly, overrides = found
    service, specialist = _row(service_data), _row(specialist_data)
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
