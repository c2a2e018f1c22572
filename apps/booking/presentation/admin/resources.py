"""Files that leave the workspace: appointments and services as xlsx and csv, with headings for people."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from import_export.fields import Field
from import_export.resources import Resource
from unfold.widgets import UnfoldAdminRadioSelectWidget

from apps.booking import models, wiring
from apps.booking.presentation.admin.service_transfer_columns import COLUMNS as SERVICE_COLUMNS
from apps.kernel.presentation.admin.acting import actor_of
from apps.kernel.presentation.admin.step_up import detour
from apps.kernel.presentation.admin.table_files import as_csv, as_xlsx, neutral

MOST_ROWS = 50_000
CHUNK = 2_000


class PlainResource(Resource):
    """A row per record, made by ``dehydrate_…`` methods; ``time_zone`` is the specialist's."""

    def rows(self, records: Iterable[Any]) -> Iterator[list[Any]]:
        for record in records:
            yield [neutral(value) for value in self.export_resource(record)]

    def headings(self) -> list[str]:
        return [str(heading) for heading in self.get_export_headers()]


class AppointmentResource(PlainResource):
    """Appointments without anything that the client told in confidence (P2)."""

    number = Field(column_name=_("Number"))
    start = Field(column_name=_("Start"))
    end = Field(column_name=_("End"))
    zone = Field(column_name=_("Time zone"))
    service = Field(column_name=_("Service"))
    client = Field(column_name=_("Client"))
    email = Field(column_name=_("Client's e-mail"))
    phone = Field(column_name=_("Client's phone"))
    meeting_format = Field(column_name=_("Format"))
    status = Field(column_name=_("Status"))
    price = Field(column_name=_("Price, roubles"))
    paid = Field(column_name=_("Paid, roubles"))
    refund = Field(column_name=_("To refund, roubles"))
    moves = Field(column_name=_("Moved by the client"))
    booked_at = Field(column_name=_("Booked at"))

    def dehydrate_number(self, row: models.Appointment) -> str:
        return str(row.pk)

    def dehydrate_start(self, row: models.Appointment) -> datetime:
        return _local(row.start, row.specialist)

    def dehydrate_end(self, row: models.Appointment) -> datetime:
        return _local(row.end, row.specialist)

    def dehydrate_zone(self, row: models.Appointment) -> str:
        return row.specialist.time_zone

    def dehydrate_service(self, row: models.Appointment) -> str:
        return str(row.terms["name"])

    def dehydrate_client(self, row: models.Appointment) -> str:
        return str(row.client)

    def dehydrate_email(self, row: models.Appointment) -> str:
        return row.client.email or ""

    def dehydrate_phone(self, row: models.Appointment) -> str:
        return row.client.phone or ""

    def dehydrate_meeting_format(self, row: models.Appointment) -> str:
        return str(row.get_meeting_format_display())

    def dehydrate_status(self, row: models.Appointment) -> str:
        return str(row.get_status_display())

    def dehydrate_price(self, row: models.Appointment) -> Decimal:
        return roubles(row.terms["price_minor"])

    def dehydrate_paid(self, row: models.Appointment) -> Decimal:
        return roubles(row.paid_minor)

    def dehydrate_refund(self, row: models.Appointment) -> Decimal:
        return roubles(row.refund_minor)

    def dehydrate_moves(self, row: models.Appointment) -> int:
        return row.reschedule_count

    def dehydrate_booked_at(self, row: models.Appointment) -> datetime:
        return _local(row.created_at, row.specialist)


class ServiceResource(PlainResource):
    """Services in the columns that their import reads."""

    def headings(self) -> list[str]:
        return [str(column.heading) for column in SERVICE_COLUMNS]

    def export_resource(self, instance: models.Service, **kwargs: Any) -> list[Any]:
        return [column.shown(instance) for column in SERVICE_COLUMNS]


class ExportForm(forms.Form):
    file_format = forms.ChoiceField(
        label=_("File"),
        choices=[("xlsx", _("Excel (xlsx)")), ("csv", _("Text table (csv)"))],
        initial="xlsx",
        widget=UnfoldAdminRadioSelectWidget,
    )


class ExportPage(admin.ModelAdmin):
    """Adds «Export» to a list: the rows that the list shows, filters and search included, as a file.

    Needs ``export_resource_class``; ``has_export_permission`` follows the table of roles. Every export is
    written to the audit log.
    """

    export_resource_class: type[PlainResource]
    export_related: ClassVar[tuple[str, ...]] = ()
    change_list_template = "admin/booking/change_list_transfer.html"

    def has_export_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(f"{self.opts.app_label}.export_{self.opts.model_name}")

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_export"
        return [path("export/", self.admin_site.admin_view(self.export_page), name=name), *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        may_export = self.has_export_permission(request)
        context = {"has_export_permission": may_export, **(extra_context or {})}
        return super().changelist_view(request, context)

    def export_page(self, request: HttpRequest) -> HttpResponse:
        if not (self.has_view_permission(request) and self.has_export_permission(request)):
            raise PermissionDenied
        if (asked := detour(request)) is not None:
            return asked
        try:
            shown = self.get_changelist_instance(request)
        except IncorrectLookupParameters:
            return HttpResponseRedirect(self._list_url())
        rows = shown.queryset.select_related(*self.export_related)
        count = rows.count()
        form = ExportForm(request.POST or None)
        if count > MOST_ROWS:
            form.full_clean()
            if form.is_bound:
                text = gettext("Choose filters first: a file holds at most %(limit)d rows.") % {
                    "limit": MOST_ROWS
                }
                form.add_error(None, text)
        if request.method == "POST" and form.is_valid():
            return self._file(request, rows, count, form.cleaned_data["file_format"])
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Export"),
            "opts": self.opts,
            "form": form,
            "count": count,
            "filtered": bool(_filters(request)),
            "back": self._list_url() + shown.get_query_string(),
        }
        return TemplateResponse(request, "admin/booking/export.html", context)

    def _file(self, request: HttpRequest, rows: QuerySet[Any], count: int, file_format: str) -> HttpResponse:
        resource = self.export_resource_class()
        lines = resource.rows(rows.iterator(CHUNK))
        write = as_xlsx if file_format == "xlsx" else as_csv
        content = write(resource.headings(), lines, title=str(self.opts.verbose_name_plural))
        wiring.record_export(
            actor=actor_of(request),
            entity=str(self.opts.model_name),
            count=count,
            file_format=file_format,
            filters=_filters(request),
        )
        name = f"{self.opts.model_name}s-{timezone.localdate():%Y-%m-%d}.{file_format}"
        return HttpResponse(
            content,
            content_type=_TYPES[file_format],
            headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
        )

    def _list_url(self) -> str:
        return reverse(f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}_changelist")


class AppointmentExport(ExportPage):
    """«Export» for the list of appointments."""

    export_resource_class = AppointmentResource
    export_related = ("specialist", "client")


def roubles(minor: int) -> Decimal:
    return (Decimal(minor) / 100).quantize(Decimal("0.01"))


_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


def _local(instant: datetime, specialist: models.Specialist) -> datetime:
    """Wall clock of the specialist: spreadsheets know no time zones."""
    return instant.astimezone(ZoneInfo(specialist.time_zone)).replace(tzinfo=None, second=0, microsecond=0)


def _filters(request: HttpRequest) -> dict[str, str]:
    """What the list was narrowed by; of a search only that there was one, for it may be a name."""
    skipped = {"p", "o", "all", "_changelist_filters"}
    return {
        name[:60]: ("…" if name == "q" else str(value)[:60])
        for name, value in request.GET.dict().items()
        if name not in skipped and value
    }
