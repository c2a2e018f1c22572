"""Dates that differ from the ordinary week, as a list and as files. They are edited in the schedule."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import display

from apps.booking import models, wiring
from apps.booking.application.change_schedule import KeptSchedule, NotedOverride
from apps.booking.infrastructure import labels
from apps.booking.infrastructure.spreadsheets import Line, Table
from apps.booking.presentation.admin.imports import (
    HeadingRequired,
    ImportPage,
    Plan,
    Row,
    UnknownHeading,
    cell,
    refuse_formulas,
)
from apps.booking.presentation.admin.resources import ExportPage, PlainResource
from apps.booking.presentation.admin.schedule import local_today, touched_words
from apps.booking.presentation.admin.schedule_forms import OverrideForm
from apps.kernel.domain.errors import StaleVersion
from apps.kernel.presentation.admin.acting import actor_of

HEADINGS: dict[str, str | Promise] = {
    "date": pgettext_lazy("column", "Date"),
    "kind": pgettext_lazy("column", "What"),
    "start": pgettext_lazy("column", "From"),
    "end": pgettext_lazy("column", "To"),
    "note": pgettext_lazy("column", "Note"),
    "specialist": pgettext_lazy("column", "Specialist"),
}


class OverrideResource(PlainResource):
    """Exceptions in the columns that their import reads."""

    def headings(self) -> list[str]:
        return [str(heading) for heading in HEADINGS.values()]

    def export_resource(self, instance: models.DateOverride, **kwargs: Any) -> list[Any]:
        return [
            instance.date,
            str(instance.get_kind_display()),
            _clock(instance.start_minute),
            _clock(instance.end_minute),
            instance.note,
            instance.specialist.display_name,
        ]


class AheadFilter(admin.SimpleListFilter):
    """What is ahead, unless something else is asked for."""

    title = _("when")
    parameter_name = "when"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("past", _("past")), ("all", _("all"))]

    def choices(self, changelist: Any) -> Iterator[Any]:
        first, *rest = super().choices(changelist)
        yield {**first, "display": gettext("ahead")}
        yield from rest

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        today = wiring.clock.now().date()
        if self.value() == "all":
            return queryset
        return queryset.filter(date__lt=today) if self.value() == "past" else queryset.filter(date__gte=today)


@admin.register(models.DateOverride)
class DateOverrideAdmin(ExportPage, ImportPage, ModelAdmin):
    export_resource_class = OverrideResource
    export_related = ("specialist",)
    import_title = _("Import of dates")
    import_intro = _(
        "A date that is not in the schedule yet is added; one with the same date, kind and start is changed. "
        "Dates that the file does not name stay. Dates are written as 31.12.2026, times as 09:30."
    )
    list_display = ("day", "shown_kind", "hours", "note", "specialist")
    list_display_links = None
    list_filter = (AheadFilter, "kind", "specialist")
    list_select_related = ("specialist",)
    list_per_page = 50
    list_fullwidth = True
    show_full_result_count = False
    ordering = ("date", "start_minute", "id")
    sortable_by = ()
    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @display(description=_("date"))
    def day(self, override: models.DateOverride) -> str:
        return date_format(override.date, "D, j E Y")

    @display(
        description=_("what"),
        label={"extra_hours": "success", "time_off": "warning", "day_off": "info", "holiday": "info"},
    )
    def shown_kind(self, override: models.DateOverride) -> tuple[str, str]:
        return override.kind, str(override.get_kind_display())

    @display(description=_("hours"))
    def hours(self, override: models.DateOverride) -> str:
        if override.start_minute is None:
            return gettext("whole day")
        return f"{_clock(override.start_minute)}–{_clock(override.end_minute)}"

    # --- import ---

    def import_headings(self) -> list[str]:
        return [str(heading) for heading in HEADINGS.values()]

    def plan(self, request: HttpRequest, table: Table) -> Plan:
        fields = _fields(table)
        specialists = {each.display_name.casefold(): each for each in models.Specialist.objects.all()}
        only = next(iter(specialists.values())) if len(specialists) == 1 else None
        kept: dict[UUID, KeptSchedule] = {}
        known: dict[UUID, dict[Any, NotedOverride]] = {}
        rows, groups = [], _Groups()
        for line in table.lines:
            row = Row(number=line.number, title=cell(line, fields["date"]))
            rows.append(row)
            refuse_formulas(row, line)
            name = cell(line, fields.get("specialist", ""))
            specialist = specialists.get(name.casefold()) if name else only
            if specialist is None:
                row.refuse(str(HEADINGS["specialist"]), gettext("There is no specialist with this name."))
                continue
            if specialist.pk not in kept:
                kept[specialist.pk] = wiring.schedules.get(specialist.pk, lock=False)
                known[specialist.pk] = {_key(each): each for each in kept[specialist.pk].overrides}
            noted = _noted(row, line, fields, specialist)
            if noted is not None:
                _compare(row, noted, known[specialist.pk].get(_key(noted)))
                if not groups.add(specialist, noted):
                    row.refuse(fields["date"], gettext("The same exception is entered twice for this date."))
        plan = Plan(rows)
        if plan.is_sound:
            touched = [
                each
                for specialist, noted in groups.all()
                for each in _touched(request, specialist, noted, kept[specialist.pk])
            ]
            plan.touched = touched
            plan.seal = {
                "versions": {str(id_): schedule.version for id_, schedule in kept.items()},
                "accepted": [each["id"] for each in touched],
            }
            for row in rows:
                row.payload = groups
        return plan

    @transaction.atomic
    def carry_out(self, request: HttpRequest, plan: Plan, *, seal: dict[str, Any]) -> None:
        for specialist, noted in plan.rows[0].payload.all():
            now = wiring.schedules.get(specialist.pk, lock=True)
            if now.version != seal["versions"].get(str(specialist.pk)):
                raise StaleVersion
            today = local_today(specialist)
            wiring.change_schedule(
                actor=actor_of(request),
                specialist_id=specialist.pk,
                weekly=now.schedule.weekly,
                overrides=_merged(now, noted, today),
                since=today,
                expected_version=now.version,
                accepted=frozenset(UUID(each) for each in seal["accepted"]),
            )


class _Groups:
    """The exceptions of a file by their specialist."""

    def __init__(self) -> None:
        self._specialists: dict[UUID, models.Specialist] = {}
        self._noted: dict[UUID, dict[Any, NotedOverride]] = {}

    def add(self, specialist: models.Specialist, noted: NotedOverride) -> bool:
        """False when the same exception is there already."""
        self._specialists[specialist.pk] = specialist
        mine = self._noted.setdefault(specialist.pk, {})
        if _key(noted) in mine:
            return False
        mine[_key(noted)] = noted
        return True

    def all(self) -> list[tuple[models.Specialist, list[NotedOverride]]]:
        return [(each, list(self._noted[id_].values())) for id_, each in self._specialists.items()]


def _fields(table: Table) -> dict[str, str]:
    """The file's heading of each field. Raises UnknownHeading, HeadingRequired."""
    known = {str(heading).casefold(): field for field, heading in HEADINGS.items()}
    fields = {}
    for heading in table.headings:
        field = known.get(heading.casefold())
        if field is None:
            names = ", ".join(str(each) for each in HEADINGS.values())
            raise UnknownHeading(heading=heading[:60], known=names)
        fields[field] = heading
    for field in ("date", "kind"):
        if field not in fields:
            raise HeadingRequired(heading=str(HEADINGS[field]))
    return fields


def _noted(
    row: Row, line: Line, fields: dict[str, str], specialist: models.Specialist
) -> NotedOverride | None:
    data = {name: cell(line, heading) for name, heading in fields.items() if name != "specialist"}
    try:
        data["kind"] = _kind(data["kind"])
    except ValidationError as error:
        row.refuse(fields["kind"], error.messages[0])
        return None
    form = OverrideForm(data, today=local_today(specialist))
    for name, errors in form.errors.items():
        for reason in errors:
            row.refuse(fields.get(name, str(HEADINGS.get(name, ""))), str(reason))
    return None if row.errors else form.noted


def _kind(text: str) -> str:
    for code, words in labels.OVERRIDE_KINDS:
        if text.casefold() in {code, str(words).casefold()}:
            return code
    choices = ", ".join(str(words) for _code, words in labels.OVERRIDE_KINDS)
    raise ValidationError(gettext("Write one of: %(choices)s.") % {"choices": choices})


def _compare(row: Row, noted: NotedOverride, old: NotedOverride | None) -> None:
    words = dict(labels.OVERRIDE_KINDS)[noted.override.kind.value]
    row.title = f"{date_format(noted.override.date, 'j E Y')}, {words}"
    if old is not None:
        row.kind = "same" if old == noted else "changed"


def _touched(
    request: HttpRequest, specialist: models.Specialist, noted: list[NotedOverride], kept: KeptSchedule
) -> list[dict[str, Any]]:
    today = local_today(specialist)
    change = wiring.change_schedule(
        actor=actor_of(request),
        specialist_id=specialist.pk,
        weekly=kept.schedule.weekly,
        overrides=_merged(kept, noted, today),
        since=today,
        expected_version=kept.version,
        dry_run=True,
    )
    return touched_words(change.touched, specialist)


def _merged(kept: KeptSchedule, noted: list[NotedOverride], today: date) -> list[NotedOverride]:
    """What is ahead now, with the file's exceptions put in."""
    merged = {_key(each): each for each in kept.overrides if each.override.date >= today}
    merged |= {_key(each): each for each in noted}
    return list(merged.values())


def _key(noted: NotedOverride) -> tuple[Any, ...]:
    return noted.override.date, noted.override.kind, noted.override.start_minute


def _clock(minute: int | None) -> str:
    return "" if minute is None else f"{minute // 60:02d}:{minute % 60:02d}"
