"""Diary entries that clients share with a specialist. Policy: entries that are not shared do not exist here;
lists tell neither the kind nor a word of an entry; it is shown to the specialist of the appointment alone,
after a reason was chosen."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import display

from apps.client_cabinet import wiring
from apps.client_cabinet.domain.diary import DiaryEntryNotFound
from apps.client_cabinet.infrastructure.content_words import told
from apps.client_cabinet.infrastructure.labels import DIARY_TYPES
from apps.client_cabinet.infrastructure.models import SharedEntry
from apps.client_cabinet.presentation.admin.material_forms import ids
from apps.client_cabinet.presentation.admin.wording import link, when
from apps.kernel.application.ports import KeyDestroyed
from apps.kernel.domain.readings import ReadingReason
from apps.kernel.presentation.admin.acting import actor_of
from apps.kernel.presentation.admin.readings import show_after_reason
from apps.kernel.presentation.admin.wording import day_text


@admin.register(SharedEntry)
class SharedEntryAdmin(ModelAdmin):
    list_display = ("of_day", "client_name", "session", "since")
    list_display_links = ("of_day",)
    list_per_page = 25
    list_max_show_all = 0
    list_fullwidth = True
    show_full_result_count = False
    ordering = ("-shared_at", "-id")
    sortable_by = ()
    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[SharedEntry]:
        shared = super().get_queryset(request).filter(shared_for__isnull=False)
        return shared.select_related("author").defer("payload", "type")

    @display(description=_("entry of the day"))
    def of_day(self, row: SharedEntry) -> str:
        return day_text(row.day, today=timezone.localdate(), relative=False).capitalize()

    @display(description=_("client"))
    def client_name(self, row: SharedEntry) -> SafeString:
        return link(reverse("admin:identity_client_change", args=[row.author_id]), str(row.author))

    @display(description=_("session"))
    def session(self, row: SharedEntry) -> SafeString:
        url = reverse("admin:booking_appointment_change", args=[row.shared_for])
        return link(url, gettext("To the session"))

    @display(description=_("shared"))
    def since(self, row: SharedEntry) -> str:
        return when(row.shared_at)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        row = self.get_queryset(request).filter(pk__in=ids(object_id)).first()
        if row is None:
            raise Http404
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        if not wiring.read_shared_entry.may_open(row.pk, actor=actor_of(request)):
            raise PermissionDenied
        back = reverse("admin:booking_appointment_change", args=[row.shared_for])
        crumbs = [
            (gettext("Shared diary entries"), reverse("admin:client_cabinet_sharedentry_changelist")),
            (str(row.author), ""),
        ]
        title = gettext("Entry of a diary")

        def show(reason: ReadingReason) -> HttpResponse:
            context: dict[str, Any] = {
                **self.admin_site.each_context(request),
                "title": title,
                "breadcrumbs": crumbs,
                "client": str(row.author),
                "back": back,
            }
            try:
                entry = wiring.read_shared_entry(entry_id=row.pk, reason=reason, actor=actor_of(request))
            except DiaryEntryNotFound as error:
                raise Http404 from error
            except KeyDestroyed:
                context["destroyed"] = True
            else:
                context["kind"] = dict(DIARY_TYPES)[entry.type]
                context["when"] = when(entry.happened_at, zone=entry.time_zone)
                context["texts"] = told(entry.payload)
            return TemplateResponse(request, "client_cabinet/shared_entry.html", context)

        return show_after_reason(
            request,
            context=self.admin_site.each_context(request),
            title=title,
            about=str(row.author),
            back=back,
            breadcrumbs=crumbs,
            show=show,
        )

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """No history is kept of what an entry said."""
        return HttpResponseRedirect(reverse("admin:client_cabinet_sharedentry_changelist"))
