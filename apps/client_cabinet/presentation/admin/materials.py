"""Materials after sessions in the workspace. Policy: no list, address or history tells what they say; a text
is shown after a reason was chosen, to the owner and the specialist of the session; changes are commands."""

from typing import Any, ClassVar
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from unfold.admin import ModelAdmin
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display

from apps.client_cabinet import wiring
from apps.client_cabinet.application.views import MaterialText
from apps.client_cabinet.domain.material import MaterialNotFound, MaterialStatus
from apps.client_cabinet.infrastructure.markdown import to_html
from apps.client_cabinet.infrastructure.models import Material
from apps.client_cabinet.infrastructure.neighbours import clients_named
from apps.client_cabinet.presentation.admin.material_forms import (
    EditForm,
    MaterialDialog,
    WriteForm,
    as_uuid,
)
from apps.client_cabinet.presentation.admin.material_page import story
from apps.client_cabinet.presentation.admin.wording import link, status_chip, when
from apps.kernel.application.ports import KeyDestroyed
from apps.kernel.domain.errors import DomainError
from apps.kernel.domain.readings import ReadingReason
from apps.kernel.presentation.admin.acting import actor_of
from apps.kernel.presentation.admin.day_filter import WholeDaysFilter
from apps.kernel.presentation.admin.dialogs import Done, dialog_action
from apps.kernel.presentation.admin.readings import show_after_reason
from apps.kernel.presentation.admin.refusals import show_refusal

SEARCHED_CLIENTS = 200


class StatusFilter(ChoicesDropdownFilter):
    title = _("status")


@admin.register(Material)
class MaterialAdmin(ModelAdmin):
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
        def named(route: str, view: Any, name: str) -> URLPattern:
            guarded = self.admin_site.admin_view(never_cache(view))
            return path(route, guarded, name=f"client_cabinet_material_{name}")

        return [
            named("<uuid:object_id>/text/", self.text_view, "text"),
            named("<uuid:object_id>/edit/", self.edit_view, "edit"),
            *super().get_urls(),
        ]

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
        row = _found(object_id)
        if request.method != "GET" or not self.has_view_permission(request, row):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            **story(row, request, may_work=_is_theirs(row, request), now=timezone.now()),
            "opts": self.opts,
            **(extra_context or {}),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "client_cabinet/material_page.html", context)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The timeline of the page is the history."""
        return HttpResponseRedirect(_url(_found(object_id).pk))

    def text_view(self, request: HttpRequest, object_id: UUID) -> HttpResponse:
        row = self._readable(request, object_id)

        def show(reason: ReadingReason) -> HttpResponse:
            try:
                opened = wiring.open_material(material_id=row.pk, reason=reason, actor=actor_of(request))
            except MaterialNotFound as error:
                raise Http404 from error
            except KeyDestroyed:
                return self._text_page(request, row, None, None)
            form = EditForm(
                initial={"title": opened.title, "text": opened.text, "expected_version": opened.version}
            )
            return self._text_page(request, row, opened, form)

        return show_after_reason(
            request,
            context=self.admin_site.each_context(request),
            title=gettext("Material after a session"),
            about=str(row.client),
            back=_url(row.pk),
            breadcrumbs=_breadcrumbs(row),
            show=show,
        )

    def edit_view(self, request: HttpRequest, object_id: UUID) -> HttpResponse:
        """Takes the new text of a draft; to see the present one, a reason is chosen first."""
        row = self._readable(request, object_id)
        if request.method != "POST":
            return HttpResponseRedirect(reverse("admin:client_cabinet_material_text", args=[row.pk]))
        form = EditForm(request.POST)
        if form.is_valid():
            try:
                wiring.edit_material(material_id=row.pk, actor=actor_of(request), **form.cleaned_data)
            except MaterialNotFound as error:
                raise Http404 from error
            except DomainError as error:
                show_refusal(form, error)
            else:
                messages.success(request, gettext("The draft is saved."))
                return HttpResponseRedirect(_url(row.pk))
        return self._text_page(request, row, None, form)

    def _text_page(
        self, request: HttpRequest, row: Material, opened: MaterialText | None, form: EditForm | None
    ) -> HttpResponse:
        is_draft = row.status == MaterialStatus.DRAFT
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Material after a session"),
            "breadcrumbs": _breadcrumbs(row),
            "client": str(row.client),
            "opened": opened,
            "html": to_html(opened.text) if opened else "",
            "form": form if is_draft else None,
            "destroyed": opened is None and form is None,
            "edit_url": reverse("admin:client_cabinet_material_edit", args=[row.pk]),
            "back": _url(row.pk),
        }
        return TemplateResponse(request, "client_cabinet/material_text.html", context)

    def _readable(self, request: HttpRequest, object_id: UUID) -> Material:
        row = _found(str(object_id))
        if not self.has_view_permission(request, row) or not _is_theirs(row, request):
            raise PermissionDenied
        return row

    def _is_in(self, object_id: str | None, status: MaterialStatus) -> bool:
        rows = Material.objects.filter(pk=as_uuid(object_id), status=status)
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
        return Done(message=gettext("The draft is saved."), url=_url(material_id))

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
        return Done(message=gettext("The client may read it now."), url=_url(object_id))

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
        return Done(message=gettext("The material is withdrawn."), url=_url(object_id))

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


def _found(object_id: str) -> Material:
    rows = Material.objects.select_related("client", "written_by", "approved_by").defer("title", "text")
    row = rows.filter(pk=as_uuid(object_id)).first()
    if row is None:
        raise Http404
    return row


def _is_theirs(row: Material, request: HttpRequest) -> bool:
    return wiring.open_material.is_theirs(row.appointment_id, actor_of(request), at=timezone.now())


def _url(material_id: UUID | str) -> str:
    return reverse("admin:client_cabinet_material_change", args=[material_id])


def _breadcrumbs(row: Material) -> list[tuple[str, str]]:
    materials = reverse("admin:client_cabinet_material_changelist")
    return [(gettext("Materials"), materials), (str(row.client), _url(row.pk)), (gettext("Text"), "")]
