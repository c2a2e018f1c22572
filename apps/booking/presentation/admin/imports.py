"""Tables that come into the workspace: a file is looked at, shown row by row, and saved when confirmed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminFileFieldWidget

from apps.booking.infrastructure.spreadsheets import (
    MAX_BYTES,
    MAX_ROWS,
    FileTooLarge,
    Line,
    Table,
    UnreadableFile,
    read_table,
)
from apps.kernel.domain.errors import DomainError, gettext_noop
from apps.kernel.presentation.admin.refusals import sentence

TOKEN_LIFETIME = 3600
MAX_TOKEN = 2_000_000
_NEUTRALISED = ("'=", "'+", "'-", "'@")


class UnknownHeading(UnreadableFile):
    code = "unknown_heading"
    message = gettext_noop("Unknown heading “%(heading)s”. Known ones: %(known)s.")


class HeadingRequired(UnreadableFile):
    code = "heading_required"
    message = gettext_noop("The column “%(heading)s” is missing.")


@dataclass
class Row:
    """What a line of the file would do. ``kind`` is new, changed, same or error; ``errors`` are pairs of a
    column and a reason."""

    number: int
    title: str
    kind: str = "new"
    details: list[dict[str, str]] = field(default_factory=list)
    errors: list[tuple[str, str]] = field(default_factory=list)
    payload: Any = None

    def refuse(self, column: str, reason: str) -> None:
        self.errors.append((column, reason))
        self.kind = "error"


@dataclass
class Plan:
    """All rows, and what else the person must see before confirming."""

    rows: list[Row]
    touched: Sequence[dict[str, Any]] = ()
    seal: dict[str, Any] = field(default_factory=dict)

    @property
    def is_sound(self) -> bool:
        return not any(row.errors for row in self.rows)

    @property
    def work(self) -> list[Row]:
        return [row for row in self.rows if row.kind in {"new", "changed"}]

    def count(self, kind: str) -> int:
        return sum(row.kind == kind for row in self.rows)


class UploadForm(forms.Form):
    table = forms.FileField(
        label=_("File"),
        widget=UnfoldAdminFileFieldWidget(attrs={"accept": ".xlsx,.csv"}),
    )

    def __init__(self, *args: Any, max_rows: int = MAX_ROWS, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.max_rows = max_rows
        self.fields["table"].help_text = gettext(
            "xlsx or csv, up to 2 MB and %(rows)d rows; the first row holds the headings."
        ) % {"rows": max_rows}

    def clean_table(self) -> Table:
        upload = self.cleaned_data["table"]
        try:
            if upload.size > MAX_BYTES:
                raise FileTooLarge(limit=MAX_BYTES // 1024 // 1024)
            return read_table(upload.read(MAX_BYTES + 1), max_rows=self.max_rows)
        except DomainError as error:
            raise ValidationError(sentence(error), code=error.code) from error


class ImportPage(admin.ModelAdmin):
    """Adds «Import» to a list: upload, look at every row, confirm; all rows are saved or none."""

    import_title: ClassVar[str | Promise] = _("Import")
    import_intro: ClassVar[str | Promise] = ""
    import_max_rows = MAX_ROWS
    change_list_template = "admin/booking/change_list_transfer.html"

    def plan(self, request: HttpRequest, table: Table) -> Plan:
        """What saving the table would do. Raises UnreadableFile for headings that do not fit."""
        raise NotImplementedError

    def carry_out(self, request: HttpRequest, plan: Plan, *, seal: dict[str, Any]) -> None:
        """Save the plan whole, or refuse rows of it. Raises DomainError."""
        raise NotImplementedError

    def import_headings(self) -> list[str]:
        raise NotImplementedError

    def has_import_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(f"{self.opts.app_label}.import_{self.opts.model_name}")

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_import"
        return [path("import/", self.admin_site.admin_view(self.import_page), name=name), *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        may_import = self.has_import_permission(request)
        context = {"has_import_permission": may_import, **(extra_context or {})}
        return super().changelist_view(request, context)

    def import_page(self, request: HttpRequest) -> HttpResponse:
        if not self.has_import_permission(request):
            raise PermissionDenied
        if request.method == "POST" and "seal" in request.POST:
            return self._confirm(request)
        if request.method != "POST":
            return self._show(request, form=self._empty_form())
        form = UploadForm(request.POST, request.FILES, max_rows=self.import_max_rows)
        if form.is_valid():
            table = form.cleaned_data["table"]
            try:
                plan = self.plan(request, table)
                return self._show(
                    request, form=self._empty_form(), plan=plan, token=self._token(request, table, plan)
                )
            except DomainError as error:
                form.add_error("table", sentence(error))
        return self._show(request, form=form)

    def _confirm(self, request: HttpRequest) -> HttpResponse:
        form = self._empty_form()
        try:
            content = signing.loads(request.POST["seal"], salt=self._salt(request), max_age=TOKEN_LIFETIME)
        except signing.BadSignature:
            messages.error(
                request, gettext("The check of the file is too old. Please choose the file again.")
            )
            return HttpResponseRedirect(request.path)
        lines = (Line(number, values, tuple(formulas)) for number, values, formulas in content["lines"])
        table = Table(tuple(content["headings"]), tuple(lines))
        try:
            plan = self.plan(request, table)
            if plan.is_sound:
                self.carry_out(request, plan, seal=content["seal"])
            if plan.is_sound:
                count = len(plan.work)
                text = ngettext("%(count)d row has been saved.", "%(count)d rows have been saved.", count)
                messages.success(request, text % {"count": count})
                return HttpResponseRedirect(self._list_url())
        except DomainError as error:
            messages.error(request, sentence(error))
            plan = self.plan(request, table)
        return self._show(request, form=form, plan=plan, token=self._token(request, table, plan))

    def _empty_form(self) -> UploadForm:
        return UploadForm(max_rows=self.import_max_rows)

    def _show(
        self, request: HttpRequest, *, form: forms.Form, plan: Plan | None = None, token: str = ""
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": self.import_title,
            "intro": self.import_intro,
            "opts": self.opts,
            "form": form,
            "plan": plan,
            "counts": [] if plan is None else _counts(plan),
            "token": token,
            "headings": self.import_headings(),
            "back": self._list_url(),
        }
        return TemplateResponse(request, "admin/booking/import.html", context)

    def _token(self, request: HttpRequest, table: Table, plan: Plan) -> str:
        """The checked rows travel through the browser, signed: any web process can save them."""
        content = {
            "headings": table.headings,
            "lines": [(line.number, line.values, line.formulas) for line in table.lines],
            "seal": plan.seal,
        }
        token = signing.dumps(content, salt=self._salt(request), compress=True)
        if len(token) > MAX_TOKEN:
            raise FileTooLarge(limit=MAX_BYTES // 1024 // 1024)
        return token

    def _salt(self, request: HttpRequest) -> str:
        return f"import/{self.opts.label_lower}/{request.user.pk}"

    def _list_url(self) -> str:
        return reverse(f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}_changelist")


def cell(line: Line, heading: str) -> str:
    """The text of a cell without the apostrophe that an export put before it."""
    text = line.values.get(heading, "")
    return text[1:] if text.startswith(_NEUTRALISED) else text


def refuse_formulas(row: Row, line: Line) -> None:
    for heading in line.formulas:
        row.refuse(heading, gettext("The cell holds a formula: put its value there."))


def _counts(plan: Plan) -> list[str]:
    """``3 new``, ``1 changed``, …"""
    sentences = {
        "new": ngettext("%(count)d new", "%(count)d new", plan.count("new")),
        "changed": ngettext("%(count)d changed", "%(count)d changed", plan.count("changed")),
        "same": ngettext("%(count)d unchanged", "%(count)d unchanged", plan.count("same")),
        "error": ngettext("%(count)d with errors", "%(count)d with errors", plan.count("error")),
    }
    return [text % {"count": plan.count(kind)} for kind, text in sentences.items() if plan.count(kind)]
