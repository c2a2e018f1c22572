"""The activity log in the workspace: to look at and to take away, never to change."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import display
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminSingleDateWidget

from apps.audit import facade
from apps.audit.infrastructure.models import AuditRecord
from apps.audit.presentation import wording
from apps.audit.presentation.export import CHUNK, as_csv, as_json
from apps.audit.presentation.filters import ActionFilter, ActorFilter, EntityFilter, RoleFilter
from apps.kernel.domain.readings import READING
from apps.kernel.presentation.admin.acting import actor_of
from apps.kernel.presentation.admin.day_filter import WholeDaysFilter, midnight
from apps.kernel.presentation.admin.dialogs import DialogForm, Done, dialog_action
from apps.kernel.presentation.admin.step_up import detour

LINK_SECONDS = 60
LONGEST_VALUE = 40
_SALT = "audit.export"
_WRITERS: dict[str, tuple[Callable[[Iterable[AuditRecord]], Iterator[str]], str]] = {
    "csv": (as_csv, "text/csv; charset=utf-8"),
    "json": (as_json, "application/json"),
}


class ExportForm(DialogForm):
    """Which days, and in which form."""

    since = forms.DateField(label=_("First day"), widget=UnfoldAdminSingleDateWidget)
    until = forms.DateField(label=_("Last day"), widget=UnfoldAdminSingleDateWidget)
    file_format = forms.ChoiceField(
        label=_("File"),
        choices=[("csv", _("CSV, for a table")), ("json", _("JSON, for a program"))],
        widget=UnfoldAdminSelectWidget,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        self.initial |= {"since": today - timedelta(days=30), "until": today}

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        since, until = answers.get("since"), answers.get("until")
        if since and until and until < since:
            self.add_error("until", _("The last day comes before the first one."))
        return answers


@admin.register(AuditRecord)
class AuditRecordAdmin(ModelAdmin):
    list_display = (
        "shown_at",
        "shown_actor",
        "shown_role",
        "shown_action",
        "shown_entity",
        "shown_changes",
        "ip",
    )
    list_display_links = ("shown_at",)
    list_filter = (ActorFilter, ActionFilter, EntityFilter, RoleFilter, ("at", WholeDaysFilter))
    list_filter_submit = True
    list_select_related = ("actor",)
    list_per_page = 25
    list_before_template = "admin/audit/tabs.html"
    show_full_result_count = False
    search_fields = ("entity_id", "actor__display_name", "actor__email__exact")
    search_help_text = _("Who, or the number of the thing")
    ordering = ("-at", "-id")
    actions = None
    actions_list: ClassVar = ["export"]
    fields = (
        "at",
        "shown_actor",
        "shown_role",
        "shown_action",
        "shown_entity",
        "entity_id",
        "all_changes",
        "ip",
        "user_agent",
    )
    readonly_fields = ("shown_actor", "shown_role", "shown_action", "shown_entity", "all_changes")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_export_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("audit.export_auditrecord")

    def get_queryset(self, request: HttpRequest) -> QuerySet[AuditRecord]:
        """Whoever may not take the whole log away sees their own actions only."""
        records = super().get_queryset(request).select_related("actor")
        return records if self.has_export_permission(request) else records.filter(actor=request.user.pk)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """All actions, or the readings of private texts, which the owner looks through by themselves."""
        readings = request.GET.get(ActionFilter.parameter_name) == READING
        only = f"?{ActionFilter.parameter_name}={READING}"
        tabs = [
            {"title": gettext("All actions"), "url": "?", "active": not readings},
            {"title": gettext("Readings of private texts"), "url": only, "active": readings},
        ]
        return super().changelist_view(request, {**(extra_context or {}), "tabs": tabs})

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.download)
        return [path("export/<str:ticket>/", view, name="audit_auditrecord_download"), *super().get_urls()]

    @dialog_action(
        title=_("Export…"),
        heading=_("Export of the activity log"),
        description=_("The export itself is written down in the log."),
        submit=_("Download"),
        permissions=["export"],
        form_class=ExportForm,
        icon="download",
        step_up=True,
    )
    def export(self, request: HttpRequest, form: ExportForm) -> Done:
        answers = form.cleaned_data
        since, until = answers["since"], answers["until"]
        facade.record(
            actor=actor_of(request),
            action="data_exported",
            entity="audit_log",
            entity_id="",
            at=timezone.now(),
            changes={"format": (None, answers["file_format"]), "filters": (None, f"{since} – {until}")},
        )
        ticket = signing.dumps(
            [str(request.user.pk), since.isoformat(), until.isoformat(), answers["file_format"]], salt=_SALT
        )
        return Done(
            message=_("The log has been exported."),
            url=reverse("admin:audit_auditrecord_download", args=[ticket]),
        )

    def download(self, request: HttpRequest, ticket: str) -> HttpResponseBase:
        """The file of an export that was just written down; a ticket is its person's, for a minute."""
        try:
            user_id, since, until, file_format = signing.loads(ticket, salt=_SALT, max_age=LINK_SECONDS)
        except signing.BadSignature as error:
            raise PermissionDenied from error
        if user_id != str(request.user.pk) or not self.has_export_permission(request):
            raise PermissionDenied
        if (asked := detour(request)) is not None:
            return asked
        records = AuditRecord.objects.filter(
            at__gte=midnight(date.fromisoformat(since)),
            at__lt=midnight(date.fromisoformat(until) + timedelta(days=1)),
        ).order_by("at", "id")
        write, content_type = _WRITERS[file_format]
        return StreamingHttpResponse(
            write(records.iterator(chunk_size=CHUNK)),
            content_type=content_type,
            headers={"Content-Disposition": f'attachment; filename="audit_{since}_{until}.{file_format}"'},
        )

    @display(description=_("when"), ordering="at")
    def shown_at(self, record: AuditRecord) -> datetime:
        return record.at

    @display(description=_("who"))
    def shown_actor(self, record: AuditRecord) -> str:
        if record.actor_id is None:
            return wording.role_name("system") if record.role == "system" else "—"
        try:
            actor = record.actor
        except AuditRecord.actor.RelatedObjectDoesNotExist:
            actor = None
        return str(actor or record.actor_id)

    @display(description=_("role"), ordering="role")
    def shown_role(self, record: AuditRecord) -> str:
        return wording.role_name(record.role)

    @display(description=_("action"), ordering="action")
    def shown_action(self, record: AuditRecord) -> str:
        return wording.action_name(record.action)

    @display(description=_("kind of thing"), ordering="entity")
    def shown_entity(self, record: AuditRecord) -> str:
        return wording.entity_name(record.entity)

    @display(description=_("changes"))
    def shown_changes(self, record: AuditRecord) -> str:
        return _changes(record, longest=LONGEST_VALUE)

    @display(description=_("changes"))
    def all_changes(self, record: AuditRecord) -> str:
        return _changes(record, longest=None)


def _changes(record: AuditRecord, *, longest: int | None) -> str:
    parts = []
    for name, values in record.changes.items():
        old, new = (wording.value_text(name, value) for value in values)
        before = f"{_text(old, longest)} → " if old is not None else ""
        parts.append(f"{wording.field_name(name)}: {before}{_text(new, longest)}")
    return "; ".join(parts) or "—"


def _text(value: Any, longest: int | None) -> str:
    """The value for people; at most ``longest`` characters of it."""
    if value is None or value == "":
        return "—"
    if isinstance(value, list):
        text = ", ".join(wording.field_name(str(each)) for each in value)
    elif isinstance(value, dict):
        text = ", ".join(f"{wording.field_name(name)}: {each}" for name, each in value.items())
    else:
        text = str(value)
    return text if longest is None or len(text) <= longest else f"{text[:longest]}…"
