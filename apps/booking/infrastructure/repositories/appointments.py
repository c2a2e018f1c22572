"""Appointments in PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from hashlib import blake2b
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, connection
from django.db.backends.postgresql.psycopg_any import Jsonb
from django.db.models import Q
from django.db.utils import OperationalError
from psycopg import errors

from apps.booking.domain.appointment import Appointment, AppointmentNotFound
from apps.booking.domain.events import AppointmentEvent
from apps.booking.domain.lifecycle import ACTIVE, AppointmentStatus
from apps.booking.domain.outcome import OutcomeRecord
from apps.booking.domain.repositories import Occupancy
from apps.booking.domain.slots import Occupied, SlotTaken
from apps.booking.infrastructure import models
from apps.booking.infrastructure.mappers import apply_appointment, apply_outcome, to_appointment, to_outcome
from apps.kernel.domain.actor import Actor
from apps.kernel.domain.errors import StaleVersion
from apps.kernel.domain.period import Period

# Writers wait for each other where their times share a step: as fine as the finest grid of starts.
QUEUE_STEP = timedelta(minutes=5)
_COMMON = frozenset(each.name for each in fields(AppointmentEvent)) - {"start"}
_ENCODER = DjangoJSONEncoder()

# Written out, and with the states as literals, which match the condition of the constraint's index: this is
# the heart of every search for slots, where composing the statement would cost more than running it.
# Instants come as seconds, which are read ten times faster than timestamps.
_OCCUPANCY = f"""
SELECT id, service_id, extract(epoch FROM start)::float8,
    extract(epoch FROM lower(blocked))::float8, extract(epoch FROM upper(blocked))::float8,
    coalesce(CASE status WHEN '{AppointmentStatus.PENDING_PAYMENT}' THEN hold_expires_at
                         WHEN '{AppointmentStatus.REQUESTED}' THEN answer_due_at END <= %s, false)
FROM {models.Appointment._meta.db_table}
WHERE specialist_id = %s AND blocked && tstzrange(%s, %s)
    AND status IN ({", ".join(f"'{status}'" for status in sorted(ACTIVE))})
"""  # noqa: S608  # only names of our own go into it

_FIELDS = [field.attname for field in models.Appointment._meta.concrete_fields]
_COLUMNS = ", ".join(f'"{field.column}"' for field in models.Appointment._meta.concrete_fields)
_INSERT = (
    f"INSERT INTO {models.Appointment._meta.db_table} ({_COLUMNS}) "  # noqa: S608  # only names of our own
    f"VALUES ({', '.join(['%s'] * len(_FIELDS))})"
)
_INSERT_TIMELINE = (
    f"INSERT INTO {models.TimelineEntry._meta.db_table} "
    "(appointment_id, event, at, actor_id, actor_role, data) VALUES"
)


class PostgresAppointmentRepository:
    def get(self, appointment_id: UUID, *, client_id: UUID | None = None) -> Appointment:
        rows = models.Appointment.objects.select_for_update(of=("self",))
        owner = Q() if client_id is None else Q(client_id=client_id)
        row = rows.filter(owner, id=appointment_id).prefetch_related("outcomes").first()
        if row is None:
            raise AppointmentNotFound
        return to_appointment(row, outcomes=[to_outcome(outcome) for outcome in row.outcomes.all()])

    def add(self, appointment: Appointment, *, actor: Actor) -> None:
        row = models.Appointment()
        apply_appointment(appointment, row)
        values = [_stored(getattr(row, name)) for name in _FIELDS]
        entries, told = _timeline(appointment, actor)
        # Both in one statement: each one is a way to the database and back while others wait for the time.
        insert = f"WITH booked AS ({_INSERT}) {entries}" if entries else _INSERT
        with overlap_is_slot_taken(), connection.cursor() as cursor:
            cursor.execute(insert, [*values, *told])

    def save(self, appointment: Appointment, *, actor: Actor) -> None:
        row = models.Appointment()
        apply_appointment(appointment, row)
        row.version = appointment.version + 1
        values = {each.attname: getattr(row, each.attname) for each in row._meta.concrete_fields}
        with overlap_is_slot_taken():
            found = models.Appointment.objects.filter(id=appointment.id, version=appointment.version)
            if not found.update(**values):
                raise StaleVersion
        appointment.version = row.version
        known = models.OutcomeRecord.objects.filter(appointment_id=appointment.id).count()
        if len(appointment.outcomes) > known:
            self._write_outcomes(appointment, appointment.outcomes[known:])
        entries, told = _timeline(appointment, actor)
        if entries:
            with connection.cursor() as cursor:
                cursor.execute(entries, told)

    def queue_for_time(self, *, specialist_id: UUID, blocked: Period, limited_day: date | None) -> None:
        step = int(QUEUE_STEP.total_seconds())
        first, last = int(blocked.start.timestamp()) // step, int(blocked.end.timestamp() - 1) // step
        places = [str(place) for place in range(first, last + 1)]
        if limited_day:
            places.append(limited_day.isoformat())
        keys = sorted(_lock_key(f"{specialist_id}/{place}") for place in places)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(key) FROM unnest(%s::bigint[]) AS key", [keys])

    def occupancy(
        self, *, specialist_id: UUID, window: Period, now: datetime, but: UUID | None = None
    ) -> Occupancy:
        occupied: list[Occupied] = []
        overdue: dict[UUID, Occupied] = {}
        instant = datetime.fromtimestamp
        with connection.cursor() as cursor:
            cursor.execute(_OCCUPANCY, [now, specialist_id, window.start, window.end])
            rows = cursor.fetchall()
        for id_, service_id, start, blocked_start, blocked_end, is_overdue in rows:
            if id_ == but:
                continue
            time = Occupied(
                service_id=service_id,
                start=instant(start, UTC),
                blocked_start=instant(blocked_start, UTC),
                blocked_end=instant(blocked_end, UTC),
            )
            if is_overdue:
                overdue[id_] = time
            else:
                occupied.append(time)
        return Occupancy(occupied=occupied, overdue=overdue)

    def overdue(self, *, now: datetime, limit: int) -> list[UUID]:
        holds = Q(status=AppointmentStatus.PENDING_PAYMENT, hold_expires_at__lte=now)
        requests = Q(status=AppointmentStatus.REQUESTED, answer_due_at__lte=now)
        rows = models.Appointment.objects.filter(holds | requests).order_by("created_at")
        return list(rows.values_list("id", flat=True)[:limit])

    def statuses(self, ids: list[UUID]) -> dict[UUID, AppointmentStatus]:
        rows = models.Appointment.objects.filter(id__in=ids).values_list("id", "status")
        return {id_: AppointmentStatus(status) for id_, status in rows} if ids else {}

    def _write_outcomes(self, appointment: Appointment, outcomes: list[OutcomeRecord]) -> None:
        rows = []
        for outcome in outcomes:
            row = models.OutcomeRecord(appointment_id=appointment.id, client_id=appointment.client_id)
            apply_outcome(outcome, row)
            rows.append(row)
        models.OutcomeRecord.objects.bulk_create(rows)


@contextmanager
def overlap_is_slot_taken() -> Iterator[None]:
    """Turn the refusal of the exclusion constraint (or a deadlock over it) into the domain's error."""
    try:
        yield
    except (IntegrityError, OperationalError) as error:
        cause = error.__cause__
        if isinstance(cause, errors.ExclusionViolation | errors.DeadlockDetected):
            raise SlotTaken(field="start") from error
        raise


def _lock_key(name: str) -> int:
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), signed=True)


def _timeline(appointment: Appointment, actor: Actor) -> tuple[str, list[Any]]:
    """The statement that writes the events into the timeline, and its values; "" where there are none."""
    values: list[Any] = []
    count = 0
    for event in appointment.pending_events:
        if isinstance(event, AppointmentEvent):
            data = {name: _json(getattr(event, name)) for name in _own_fields(type(event))}
            at, role = event.occurred_at, actor.role
            values += [appointment.id, event.name(), at, actor.user_id, role, Jsonb(data)]
            count += 1
    rows = ", ".join(["(%s, %s, %s, %s, %s, %s)"] * count)
    return (f"{_INSERT_TIMELINE} {rows}" if count else ""), values


def _own_fields(event: type[AppointmentEvent]) -> list[str]:
    """What an event tells beside the columns that every entry of the timeline has."""
    return [each.name for each in fields(event) if each.name not in _COMMON]


def _stored(value: Any) -> Any:
    return Jsonb(value) if isinstance(value, dict) else value


def _json(value: object) -> Any:
    return _ENCODER.default(value) if isinstance(value, datetime | UUID) else value
