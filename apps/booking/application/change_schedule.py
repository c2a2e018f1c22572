"""When the specialist works is changed, with a look at the appointments that the change would touch."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from apps.booking.application.ports import AuditLog
from apps.booking.domain.schedule import DateOverride, Schedule, WeeklyHours
from apps.booking.domain.working_time import outside_working_time
from apps.kernel.application.ports import UnitOfWork
from apps.kernel.domain.actor import Actor
from apps.kernel.domain.clock import Clock
from apps.kernel.domain.errors import DomainError, NotFound, StaleVersion, gettext_noop
from apps.kernel.domain.period import Period


class SpecialistNotFound(NotFound):
    code = "specialist_not_found"
    message = gettext_noop("There is no such specialist.")


class AppointmentsTouched(DomainError):
    """``appointment_ids`` would lie outside working time; the change is saved once they are accepted."""

    code = "appointments_touched"
    message = gettext_noop("The change touches upcoming appointments. Look at them and confirm.")

    def __init__(self, appointment_ids: Sequence[UUID]) -> None:
        super().__init__()
        self.appointment_ids = tuple(appointment_ids)


class OverrideTwice(DomainError):
    code = "override_twice"
    message = gettext_noop("The same exception is entered twice for this date.")


@dataclass(frozen=True, kw_only=True)
class NotedOverride:
    """A date override with the words that the practice keeps about it."""

    override: DateOverride
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class KeptSchedule:
    """A schedule as it is stored. ``version`` is a digest of everything in it."""

    schedule: Schedule
    overrides: tuple[NotedOverride, ...]
    version: str


class Schedules(Protocol):
    def get(self, specialist_id: UUID, *, lock: bool) -> KeptSchedule:
        """Raises SpecialistNotFound."""
        ...

    def replace(
        self,
        specialist_id: UUID,
        *,
        weekly: Sequence[WeeklyHours],
        overrides: Sequence[NotedOverride],
        since: date,
        until: date | None,
    ) -> None:
        """All weekly hours, and the overrides from ``since`` on, before ``until`` where it is given."""
        ...

    def upcoming(self, specialist_id: UUID, *, now: datetime) -> dict[UUID, Period]:
        """The sessions of active appointments that end after ``now``."""
        ...


@dataclass(frozen=True, kw_only=True)
class ScheduleChange:
    """``outside`` are upcoming appointments outside the new hours, ``touched`` those that this change
    puts there."""

    outside: tuple[UUID, ...]
    touched: tuple[UUID, ...]


@dataclass(frozen=True)
class ChangeSchedule:
    """The only way to change working hours. Appointments are never dropped or moved by it."""

    unit_of_work: UnitOfWork
    schedules: Schedules
    audit: AuditLog
    clock: Clock

    def __call__(
        self,
        *,
        actor: Actor,
        specialist_id: UUID,
        weekly: Sequence[WeeklyHours],
        overrides: Sequence[NotedOverride],
        since: date,
        until: date | None = None,
        expected_version: str,
        accepted: frozenset[UUID] = frozenset(),
        dry_run: bool = False,
    ) -> ScheduleChange:
        """Replace the weekly hours and the overrides from ``since`` on, before ``until``; the others stay.

        ``accepted`` are the touched appointments that the person has seen. With ``dry_run`` nothing is
        written.
        Raises SpecialistNotFound, StaleVersion, InvalidSchedule, OverrideTwice, AppointmentsTouched.
        """
        now = self.clock.now()
        with self.unit_of_work():
            old = self.schedules.get(specialist_id, lock=not dry_run)
            if old.version != expected_version:
                raise StaleVersion
            kept = [
                each
                for each in old.overrides
                if each.override.date < since or (until is not None and each.override.date >= until)
            ]
            _ensure_once([*kept, *overrides])
            new = Schedule(
                specialist_id=specialist_id,
                time_zone=old.schedule.time_zone,
                weekly=tuple(weekly),
                overrides=tuple(each.override for each in (*kept, *overrides)),
                daily_limit=old.schedule.daily_limit,
            )
            upcoming = self.schedules.upcoming(specialist_id, now=now)
            outside = outside_working_time(schedule=new, sessions=upcoming)
            before = set(outside_working_time(schedule=old.schedule, sessions=upcoming))
            change = ScheduleChange(
                outside=tuple(outside), touched=tuple(each for each in outside if each not in before)
            )
            if dry_run:
                return change
            if not accepted.issuperset(change.touched):
                raise AppointmentsTouched(change.touched)
            self.schedules.replace(
                specialist_id, weekly=weekly, overrides=overrides, since=since, until=until
            )
            changes = _differences(old.schedule, new)
            if changes:
                changes["appointments_touched"] = (0, len(change.touched))
                self.audit.record(
                    actor=actor,
                    action="schedule_changed",
                    entity="specialist",
                    entity_id=str(specialist_id),
                    at=now,
                    changes=changes,
                )
        return change


def _ensure_once(overrides: Sequence[NotedOverride]) -> None:
    seen = set()
    for each in overrides:
        key = (each.override.date, each.override.kind, each.override.start_minute)
        if key in seen:
            raise OverrideTwice(field="overrides")
        seen.add(key)


def _differences(old: Schedule, new: Schedule) -> dict[str, tuple[object, object]]:
    """What goes and what comes, in a form that people can read in the audit log."""
    weekly = {_words(each) for each in old.weekly}, {_words(each) for each in new.weekly}
    dates = (
        {_override_words(each) for each in old.overrides},
        {_override_words(each) for each in new.overrides},
    )
    return {
        name: (sorted(before - after), sorted(after - before))
        for name, (before, after) in (("weekly_hours", weekly), ("date_overrides", dates))
        if before != after
    }


def _words(hours: WeeklyHours) -> str:
    parts = [f"{hours.weekday + 1}: {hours}"]
    if hours.every_weeks == 2:
        parts.append(f"2w {hours.anchor}")
    if hours.valid_from or hours.valid_until:
        parts.append(f"{hours.valid_from or ''}…{hours.valid_until or ''}")
    return " ".join(parts)


def _override_words(override: DateOverride) -> str:
    hours = "" if override.start_minute is None else f" {override.start_minute}–{override.end_minute}"
    return f"{override.date} {override.kind.value}{hours}"
