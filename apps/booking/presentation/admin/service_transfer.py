"""Services as files: out in the columns that come in again."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.forms import model_to_dict
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.booking import models, wiring
from apps.booking.application.import_services import ImportedService, ImportRefused
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
from apps.booking.presentation.admin.resources import ExportPage, ServiceResource
from apps.booking.presentation.admin.service_forms import COLUMNS as FIELDS
from apps.booking.presentation.admin.service_forms import ServiceForm
from apps.booking.presentation.admin.service_transfer_columns import COLUMNS, Column, by_heading, heading_of
from apps.booking.presentation.admin.service_words import change_rows
from apps.kernel.presentation.admin.acting import actor_of
from apps.kernel.presentation.admin.refusals import sentence

MOST_SERVICES = 300


class ServiceTransfer(ExportPage, ImportPage):
    """A row is found by its address in links: a known one is changed, a new one becomes a draft."""

    export_resource_class = ServiceResource
    export_related = ("specialist", "intake_template")
    import_title = _("Import of services")
    import_intro = _(
        "The address in links says which service a row is about: a known one is changed, a new one becomes "
        "a draft. A column that is missing changes nothing, an empty cell empties the field. The version, "
        "when it is given, protects from overwriting what was changed after the export. The status is not "
        "imported."
    )
    import_max_rows = MOST_SERVICES

    def has_import_permission(self, request: HttpRequest) -> bool:
        return super().has_import_permission(request) and self.has_change_permission(request)

    def import_headings(self) -> list[str]:
        return [str(column.heading) for column in COLUMNS]

    @transaction.atomic
    def plan(self, request: HttpRequest, table: Table) -> Plan:
        columns = _columns(table)
        slug_heading = heading_of("slug")
        slugs = [cell(line, slug_heading) for line in table.lines]
        known = {
            service.slug: service
            for service in models.Service.objects.filter(slug__in=slugs).select_related("specialist")
        }
        only = list(models.Specialist.objects.all()[:2])
        default_specialist = str(only[0].pk) if len(only) == 1 else ""
        rows, seen = [], set()
        for line, slug in zip(table.lines, slugs, strict=True):
            row = _row(line, slug, columns, known.get(slug), default_specialist)
            if slug and slug in seen:
                row.refuse(slug_heading, gettext("This service stands in the file twice."))
            seen.add(slug)
            rows.append(row)
        return Plan(rows)

    def carry_out(self, request: HttpRequest, plan: Plan, *, seal: dict[str, Any]) -> None:
        work = plan.work
        try:
            wiring.import_services(actor=actor_of(request), services=[row.payload for row in work])
        except ImportRefused as refusal:
            error = refusal.error
            work[refusal.index].refuse(heading_of(error.field or ""), sentence(error))


def _columns(table: Table) -> dict[str, Column]:
    """The columns of the file by their heading in it. Raises UnknownHeading, HeadingRequired."""
    known = by_heading()
    columns = {}
    for heading in table.headings:
        column = known.get(heading.casefold())
        if column is None:
            raise UnknownHeading(heading=heading[:60], known=", ".join(str(each.heading) for each in COLUMNS))
        columns[heading] = column
    if not any(column.field == "slug" for column in columns.values()):
        raise HeadingRequired(heading=heading_of("slug"))
    return columns


def _row(
    line: Line, slug: str, columns: dict[str, Column], known: models.Service | None, specialist: str
) -> Row:
    row = Row(number=line.number, title=cell(line, heading_of("name")) or (known.name if known else slug))
    refuse_formulas(row, line)
    service = known or models.Service()
    blank = ServiceForm(instance=service)
    data: dict[str, Any] = {
        name: blank.get_initial_for_field(each, name) for name, each in blank.fields.items()
    }
    data |= {} if known else {"specialist": specialist}
    for heading, column in columns.items():
        if column.field is None:
            continue
        text = cell(line, heading)
        if column.field == "expected_version" and (not text or known is None):
            continue
        try:
            data[column.field] = column.read(text)
        except ValidationError as error:
            row.refuse(heading, error.messages[0])
    if row.errors:
        return row
    before = model_to_dict(service) if known else {}
    form = ServiceForm(
        data={name: blank.fields[name].prepare_value(value) for name, value in data.items()}, instance=service
    )
    for name, errors in form.errors.items():
        for reason in errors:
            row.refuse(heading_of(name), str(reason))
    if not row.errors and form.card is not None:
        if known:
            row.details = change_rows(_differences(before, form))
            row.kind = "changed" if row.details else "same"
        row.payload = ImportedService(card=form.card, expected_version=form.cleaned_data["expected_version"])
    return row


def _differences(before: dict[str, Any], form: ServiceForm) -> dict[str, tuple[Any, Any]]:
    """By column name, as the history has them."""
    new = {name: form.cleaned_data[name] for name in FIELDS}
    changes = {}
    for name in FIELDS:
        after = getattr(new[name], "pk", new[name])
        if before[name] != after:
            column = f"{name}_id" if name in {"specialist", "intake_template"} else name
            changes[column] = (before[name], after)
    for name in ("price", "deposit"):
        money = form.cleaned_data[name]
        minor = None if money is None else money.minor
        if before[f"{name}_minor"] != minor:
            changes[f"{name}_minor"] = (before[f"{name}_minor"], minor)
    return changes
