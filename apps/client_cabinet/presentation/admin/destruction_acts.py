"""Acts of destruction. Policy: nothing is edited or deleted; an act is read, printed and taken along."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import display

from apps.client_cabinet.infrastructure.models import DestructionAct
from apps.client_cabinet.presentation.admin import act_words as words

LONGEST_ID = 18
FILES = {
    "csv": (words.as_csv, "text/csv; charset=utf-8"),
    "json": (words.as_json, "application/json"),
}


@admin.register(DestructionAct)
class DestructionActAdmin(ModelAdmin):
    list_display = ("number", "when", "what", "why", "whose")
    list_display_links = ("number",)
    list_filter = ("scope", "reason")
    search_fields = ("person_id",)
    search_help_text = _("The number that is left of the person")
    list_per_page = 25
    list_max_show_all = 0
    list_fullwidth = True
    show_full_result_count = False
    ordering = ("-id",)
    sortable_by = ()
    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        return [
            path(
                "<path:object_id>/print/",
                guard(self.print_view),
                name="client_cabinet_destructionact_print",
            ),
            path(
                "<path:object_id>/log.<str:suffix>",
                guard(self.log_view),
                name="client_cabinet_destructionact_log",
            ),
            *super().get_urls(),
        ]

    # --- the list ---

    @display(description=_("act"))
    def number(self, row: DestructionAct) -> str:
        return f"№ {row.pk}"

    @display(description=_("destroyed at"))
    def when(self, row: DestructionAct) -> str:
        return words.when(row)

    @display(description=_("what was erased"))
    def what(self, row: DestructionAct) -> str:
        return words.scope_text(row)

    @display(description=_("reason"))
    def why(self, row: DestructionAct) -> str:
        return words.reason_text(row)

    @display(description=_("whose data"))
    def whose(self, row: DestructionAct) -> str:
        return str(row.person_id)

    # --- one act ---

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        row = self._readable(request, object_id)
        title = gettext("Act of destruction № %(number)s") % {"number": row.pk}
        acts = gettext("Acts of destruction")
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "breadcrumbs": [(acts, reverse("admin:client_cabinet_destructionact_changelist")), (title, "")],
            "print_url": reverse("admin:client_cabinet_destructionact_print", args=[row.pk]),
            "log_urls": [
                (suffix.upper(), reverse("admin:client_cabinet_destructionact_log", args=[row.pk, suffix]))
                for suffix in FILES
            ],
            "opts": self.opts,
            **_particulars(row),
            **(extra_context or {}),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "client_cabinet/act_page.html", context)

    def print_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The act as a document of its own, for printing and signing."""
        row = self._readable(request, object_id)
        return TemplateResponse(
            request, "client_cabinet/act_print.html", {**_particulars(row), "log": words.log_entries(row)}
        )

    def log_view(self, request: HttpRequest, object_id: str, suffix: str) -> HttpResponse:
        """The extract of the event log as a file; nothing in it names the person."""
        row = self._readable(request, object_id)
        if suffix not in FILES:
            raise Http404
        write, content_type = FILES[suffix]
        return HttpResponse(
            write(row),
            content_type=content_type,
            headers={"Content-Disposition": f'attachment; filename="destruction_{row.pk}.{suffix}"'},
        )

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return HttpResponseRedirect(
            reverse("admin:client_cabinet_destructionact_change", args=[_found(object_id).pk])
        )

    def _readable(self, request: HttpRequest, object_id: str) -> DestructionAct:
        """Raises PermissionDenied, Http404."""
        if request.method != "GET" or not self.has_view_permission(request):
            raise PermissionDenied
        return _found(object_id)


def _particulars(row: DestructionAct) -> dict[str, Any]:
    """What order 179 asks of an act (item 3), as the templates show it."""
    name, position = words.destroyer(row)
    return {
        "act": row,
        "when": words.when(row),
        "scope": words.scope_text(row),
        "reason": words.reason_text(row),
        "way": words.way_text(row),
        "command": words.command_text(row),
        "destroyer": name,
        "position": position,
        "categories": words.categories(row),
        "kept": words.kept(row),
        "operator": row.operator,
    }


def _found(object_id: str) -> DestructionAct:
    """Raises Http404 for an unknown or malformed number."""
    text = str(object_id)
    known = text.isascii() and text.isdecimal() and len(text) <= LONGEST_ID
    row = DestructionAct.objects.filter(pk=text).first() if known else None
    if row is None:
        raise Http404
    return row
