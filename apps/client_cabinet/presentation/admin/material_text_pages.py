"""The pages that show what a material says: each opening takes a reason, and is written to the audit log with
it before anything is shown. A draft is edited where it is read."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from unfold.admin import ModelAdmin

from apps.client_cabinet import wiring
from apps.client_cabinet.application.views import MaterialText
from apps.client_cabinet.domain.material import MaterialNotFound, MaterialStatus
from apps.client_cabinet.infrastructure.markdown import to_html
from apps.client_cabinet.infrastructure.models import Material
from apps.client_cabinet.presentation.admin.material_forms import EditForm, ids
from apps.kernel.application.ports import KeyDestroyed
from apps.kernel.domain.errors import DomainError
from apps.kernel.domain.readings import ReadingReason
from apps.kernel.presentation.admin.acting import actor_of
from apps.kernel.presentation.admin.readings import show_after_reason
from apps.kernel.presentation.admin.refusals import show_refusal


class MaterialTextPages(ModelAdmin):
    """Addresses of the ModelAdmin."""

    def text_urls(self) -> list[URLPattern]:
        def named(route: str, view: Any, name: str) -> URLPattern:
            guarded = self.admin_site.admin_view(never_cache(view))
            return path(route, guarded, name=f"client_cabinet_material_{name}")

        return [
            named("<uuid:object_id>/text/", self.text_view, "text"),
            named("<uuid:object_id>/edit/", self.edit_view, "edit"),
        ]

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
            back=page_of(row.pk),
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
                return HttpResponseRedirect(page_of(row.pk))
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
            "back": page_of(row.pk),
        }
        return TemplateResponse(request, "client_cabinet/material_text.html", context)

    def _readable(self, request: HttpRequest, object_id: UUID) -> Material:
        row = found(str(object_id))
        if not self.has_view_permission(request, row) or not is_theirs(row, request):
            raise PermissionDenied
        return row


def found(object_id: str) -> Material:
    """The material without its text. Raises Http404 for an unknown or malformed id."""
    rows = Material.objects.select_related("client", "written_by", "approved_by").defer("title", "text")
    row = rows.filter(pk__in=ids(object_id)).first()
    if row is None:
        raise Http404
    return row


def is_theirs(row: Material, request: HttpRequest) -> bool:
    """Whether the member of staff works on this material."""
    return wiring.open_material.is_theirs(row.appointment_id, actor_of(request), at=timezone.now())


def page_of(material_id: UUID | str) -> str:
    """The address of a material's page."""
    return reverse("admin:client_cabinet_material_change", args=[material_id])


def _breadcrumbs(row: Material) -> list[tuple[str, str]]:
    materials = reverse("admin:client_cabinet_material_changelist")
    return [(gettext("Materials"), materials), (str(row.client), page_of(row.pk)), (gettext("Text"), "")]
