"""Materials after sessions in the workspace. Policy: no list, address or history tells what they say; a text
is shown after a reason was chosen, to the owner and the specialist of the session; changes are commands."""

from typing import Any, ClassVar

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display

from apps.client_cabinet import wiring
from apps.client_cabinet.domain.material import MaterialStatus
from apps.client_cabinet.infrastructure.models import Material
from apps.client_cabinet.infrastructure.neighbours import clients_named
from apps.client_cabinet.presentation.admin.material_forms import (
    MaterialDialog,
    WriteForm,
    as_uuid,
    ids,
)
from apps.client_cabinet.presentation.admin.material_page import story
from apps.client_cabinet.presentation.admin.material_text_pages import (
    MaterialTextPages,
    found,
    is_theirs,
    page_of,
)
from apps.client_cabinet.presentation.admin.wording import link, status_chip, when
from apps.kernel.presentation.admin.acting import actor_of
from apps.kernel.presentation.admin.day_filter import WholeDaysFilter
from apps.kernel.presentation.admin.dialogs import Done, dialog_action

SEARCHED_CLIENTS = 200


class StatusFilter(ChoicesDropdownFilter):
    title = _("status")


@admin.register(Material)
class MaterialAdmin(MaterialTextPages):
    list_display = ("written", "client_name", "follows", "state", "read")
    list_display_links = ("written",)
    list_filter = (("status", StatusFilter), ("created_at", WholeDaysFilter))
    list_filter_submit = True
    list_per_page = 25
    list_max_show_all = 0
    list_fullwidth = True
    show_full_result_count = False
    ordering = ("-created_at", "-id")
    sortable_by = ("written",)
    search_fields = ("id",)
    search_help_text = _("Client's name, e-mail or phone")
    actions = None
    actions_list: ClassVar = ["write"]
    actions_detail: ClassVar = ["approve", "withdraw", "discard"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_write_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """For whom there may be anything to write; whose session it is, the use case looks at."""
        return request.user.has_perm("client_cabinet.view_material")

    def has_draft_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return self.has_write_permission(request) and self._is_in(object_id, MaterialStatus.DRAFT)

    def has_open_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return self.has_write_permission(request) and self._is_in(object_id, MaterialStatus.APPROVED)

    def get_urls(self) -> list[URLPattern]:
        return [*self.text_urls(), *super().get_urls()]

    # --- the list ---

    def get_queryset(self, request: HttpRequest) -> QuerySet[Material]:
        return super().get_queryset(request).select_related("client").defer("title", "text")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        term = search_term.replace("\0", "").strip()
        if not term:
            return queryset, False
        return queryset.filter(client_id__in=clients_named(term, limit=SEARCHED_CLIENTS)), False

    @display(description=_("written"), ordering="created_at")
    def written(self, row: Material) -> str:
        return when(row.created_at).capitalize()

    @display(description=_("client"))
    def client_name(self, row: Material) -> SafeString:
        return link(reverse("admin:identity_client_change", args=[row.client_id]), str(row.client))

    @display(description=_("session"))
    def follows(self, row: Material) -> SafeString | str:
        if row.appointment_id is None:
            return "—"
        url = reverse("admin:booking_appointment_change", args=[row.appointment_id])
        return link(url, gettext("To the session"))

    @display(description=_("status"))
    def state(self, row: Material) -> SafeString:
        return status_chip(row.status)

    @display(description=_("first read"))
    def read(self, row: Material) -> str:
        return when(row.first_read_at)

    # --- the page of one material, and its text ---

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        row = found(object_id)
        if request.method != "GET" or not self.has_view_permission(request, row):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            **story(row, request, may_work=is_theirs(row, request), now=timezone.now()),
            "opts": self.opts,
            **(extra_context or {}),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "client_cabinet/material_page.html", context)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The timeline of the page is the history."""
        return HttpResponseRedirect(page_of(found(object_id).pk))

    def _is_in(self, object_id: str | None, status: MaterialStatus) -> bool:
        rows = Material.objects.filter(pk__in=ids(object_id), status=status)
        return object_id is None or rows.exists()

    # --- commands ---

    @dialog_action(
        title=_("New material…"),
        heading=_("New material after a session"),
        description=_("It stays a draft until you open it to the client."),
        submit=_("Save the draft"),
        permissions=["write"],
        form_class=WriteForm,
        icon="note_add",
        primary=True,
    )
    def write(self, request: HttpRequest, form: WriteForm) -> Done:
        material_id = wiring.draft_material(actor=actor_of(request), **form.asked())
        return Done(message=gettext("The draft is saved."), url=page_of(material_id))

    @dialog_action(
        title=_("Open to the client…"),
        heading=_("Open this material to the client?"),
        description=_("The client gets a letter without its text and reads it in the cabinet."),
        submit=_("Open"),
        permissions=["draft"],
        form_class=MaterialDialog,
        icon="visibility",
        primary=True,
    )
    def approve(self, request: HttpRequest, form: MaterialDialog, object_id: str) -> Done:
        wiring.approve_material(**_asked(form, object_id), actor=actor_of(request))
        return Done(message=gettext("The client may read it now."), url=page_of(object_id))

    @dialog_action(
        title=_("Withdraw…"),
        heading=_("Withdraw this material?"),
        description=_("The client no longer sees it. It cannot be opened again."),
        submit=_("Withdraw"),
        permissions=["open"],
        form_class=MaterialDialog,
        icon="visibility_off",
        danger=True,
    )
    def withdraw(self, request: HttpRequest, form: MaterialDialog, object_id: str) -> Done:
        wiring.withdraw_material(**_asked(form, object_id), actor=actor_of(request))
        return Done(message=gettext("The material is withdrawn."), url=page_of(object_id))

    @dialog_action(
        title=_("Throw the draft away…"),
        heading=_("Throw this draft away?"),
        description=_("Its text is destroyed at once."),
        submit=_("Throw away"),
        permissions=["draft"],
        form_class=MaterialDialog,
        icon="delete",
        danger=True,
    )
    def discard(self, request: HttpRequest, form: MaterialDialog, object_id: str) -> Done:
        wiring.discard_material(**_asked(form, object_id), actor=actor_of(request))
        return Done(
            message=gettext("The draft is gone."), url=reverse("admin:client_cabinet_material_changelist")
        )


def _asked(form: MaterialDialog, object_id: str) -> dict[str, Any]:
    material_id = as_uuid(object_id)
    if material_id is None:
        raise Http404
    return {"material_id": material_id, "expected_version": form.version_seen}
