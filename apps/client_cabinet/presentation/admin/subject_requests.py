"""The register of requests about personal data. Policy: nothing is edited; commands close or extend."""

from typing import Any, ClassVar
from uuid import UUID

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import display
from unfold.views import ChangeList

from apps.client_cabinet import wiring
from apps.client_cabinet.domain.subject_request import (
    ENDED_BY_ERASURE,
    TERMS,
    RequestChannel,
    RequestKind,
    RequestStatus,
)
from apps.client_cabinet.infrastructure import models
from apps.client_cabinet.infrastructure.request_desk import open_requests
from apps.client_cabinet.presentation.admin import request_wording as wording
from apps.client_cabinet.presentation.admin.request_forms import (
    AnswerForm,
    ErasureForm,
    ExtensionForm,
    NewRequestForm,
    RefusalForm,
)
from apps.kernel.presentation.admin.acting import actor_of
from apps.kernel.presentation.admin.dialogs import Done, dialog_action

TAB, CLOSED = "tab", "closed"


class RequestChangeList(ChangeList):
    """Open requests, the most urgent first, or with ``tab=closed`` those that are dealt with."""

    def get_filters_params(self, params: Any = None) -> Any:
        found = super().get_filters_params(params)
        found.pop(TAB, None)
        return found

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet[Any]:
        rows = super().get_queryset(request, exclude_parameters)
        if request.GET.get(TAB) == CLOSED:
            return rows.exclude(status=RequestStatus.OPEN.value).order_by("-closed_at", "-id")
        return rows.filter(status=RequestStatus.OPEN.value)


@admin.register(models.SubjectRequest)
class SubjectRequestAdmin(ModelAdmin):
    list_display = ("kind_shown", "deadline_shown", "person_shown", "came", "state")
    list_display_links = ("kind_shown",)
    list_filter = ("kind",)
    list_select_related = ("person",)
    list_before_template = "client_cabinet/request_tabs.html"
    list_per_page = 25
    list_max_show_all = 0
    list_fullwidth = True
    show_full_result_count = False
    ordering = ("deadline", "registered_at", "id")
    sortable_by = ()
    actions = None
    actions_list: ClassVar = ["register_request"]
    actions_detail: ClassVar = ["answer", "extend", "refuse", "erase"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_desk_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return request.user.has_perm("client_cabinet.change_subjectrequest")

    # --- the list ---

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[RequestChangeList]:
        return RequestChangeList

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        closed = request.GET.get(TAB) == CLOSED
        tabs = [
            {
                "title": gettext("To deal with"),
                "url": "?",
                "active": not closed,
                "count": open_requests().count(),
            },
            {"title": gettext("Dealt with"), "url": f"?{TAB}={CLOSED}", "active": closed, "count": 0},
        ]
        context = {"title": gettext("Requests about data"), "tabs": tabs}
        return super().changelist_view(request, {**(extra_context or {}), **context})

    @display(description=_("what is asked for"))
    def kind_shown(self, row: models.SubjectRequest) -> SafeString:
        return format_html(
            '{}<span class="ws-sub">{}</span>',
            str(row.get_kind_display()).capitalize(),
            wording.law_of(row.kind),
        )

    @display(description=_("answer until"))
    def deadline_shown(self, row: models.SubjectRequest) -> SafeString:
        today = wording.today()
        return format_html(
            '{}<span class="ws-sub">{}</span>',
            wording.left_chip(row, today=today) or "—",
            wording.deadline_text(row, today=today),
        )

    @display(description=_("client"))
    def person_shown(self, row: models.SubjectRequest) -> str:
        return "—" if row.person is None else str(row.person)

    @display(description=_("how it came"))
    def came(self, row: models.SubjectRequest) -> SafeString:
        return format_html(
            '{}<span class="ws-sub">{}</span>',
            row.get_channel_display(),
            date_format(row.received_on, "j E Y"),
        )

    @display(description=_("state"))
    def state(self, row: models.SubjectRequest) -> SafeString:
        return wording.status_chip(row)

    # --- one request ---

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
        title = str(row.get_kind_display()).capitalize()
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "breadcrumbs": [
                (gettext("Requests about data"), reverse("admin:client_cabinet_subjectrequest_changelist")),
                (title, ""),
            ],
            "row": row,
            "chip": wording.status_chip(row),
            "left": wording.left_chip(row, today=wording.today()),
            "deadline": date_format(row.deadline, "j E Y"),
            "received": date_format(row.received_on, "j E Y"),
            "law": wording.law_of(row.kind),
            "term": wording.term_of(row.kind),
            "texts": _texts(row),
            "act_url": reverse("admin:client_cabinet_destructionact_change", args=[row.act_id])
            if row.act_id
            else "",
            "commands": self._commands(row) if self.has_desk_permission(request) else [],
            "opts": self.opts,
            **(extra_context or {}),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "client_cabinet/request_page.html", context)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return HttpResponseRedirect(
            reverse("admin:client_cabinet_subjectrequest_change", args=[_found(object_id).pk])
        )

    def _commands(self, row: models.SubjectRequest) -> list[dict[str, str]]:
        """The dialogs that this request may be dealt with in."""
        if row.status != RequestStatus.OPEN:
            return []
        kind = RequestKind(row.kind)
        offered = [("answer", gettext("Answer…"), "reply", "ws-button-primary")]
        if TERMS[kind].extension and not row.extended:
            offered.append(("extend", gettext("Extend the term…"), "more_time", ""))
        offered.append(("refuse", gettext("Refuse…"), "do_not_disturb_on", ""))
        if kind in ENDED_BY_ERASURE and row.person_id is not None:
            offered.append(("erase", gettext("Erase the client…"), "delete_forever", "ws-button-danger"))
        return [
            {
                "url": reverse(f"admin:client_cabinet_subjectrequest_{name}", args=[row.pk]),
                "title": title,
                "icon": icon,
                "look": look,
            }
            for name, title, icon, look in offered
        ]

    # --- commands ---

    @dialog_action(
        title=_("New request…"),
        heading=_("A request about personal data"),
        description=_("Whatever came by letter, by e-mail or in person. The term is counted by itself."),
        submit=_("Enter it"),
        permissions=["desk"],
        form_class=NewRequestForm,
        icon="add",
        primary=True,
    )
    def register_request(self, request: HttpRequest, form: NewRequestForm) -> Done:
        answers = form.cleaned_data
        entered = wiring.register_request(
            kind=RequestKind(answers["kind"]),
            channel=RequestChannel(answers["channel"]),
            person_id=form.person_id,
            received_on=answers["received_on"],
            text=answers["text"],
            actor=actor_of(request),
        )
        return Done(
            message=gettext("The request is entered. Answer until %(day)s.")
            % {"day": date_format(entered.deadline, "j E Y")},
            url=reverse("admin:client_cabinet_subjectrequest_change", args=[entered.id]),
        )

    @dialog_action(
        title=_("Answer…"),
        heading=_("The person has got their answer"),
        submit=_("Close the request"),
        permissions=["desk"],
        form_class=AnswerForm,
        icon="reply",
    )
    def answer(self, request: HttpRequest, form: AnswerForm, object_id: str) -> Done:
        wiring.answer_request(
            request_id=_found(object_id).pk,
            text=form.cleaned_data["text"],
            refused=False,
            actor=actor_of(request),
        )
        return Done(message=gettext("The request is closed."), url=_list_url())

    @dialog_action(
        title=_("Extend the term…"),
        heading=_("Five working days more"),
        description=_("Once, and only if the person is told why before the term ends."),
        submit=_("Extend"),
        permissions=["desk"],
        form_class=ExtensionForm,
        icon="more_time",
    )
    def extend(self, request: HttpRequest, form: ExtensionForm, object_id: str) -> Done:
        deadline = wiring.extend_request(
            request_id=_found(object_id).pk, reason=form.cleaned_data["text"], actor=actor_of(request)
        )
        return Done(
            message=gettext("The term now ends on %(day)s.") % {"day": date_format(deadline, "j E Y")},
            url=reverse("admin:client_cabinet_subjectrequest_change", args=[object_id]),
        )

    @dialog_action(
        title=_("Refuse…"),
        heading=_("Refuse the request"),
        description=_("A refusal is sent to the person within the same term, with its reason."),
        submit=_("Refuse"),
        permissions=["desk"],
        form_class=RefusalForm,
        icon="do_not_disturb_on",
    )
    def refuse(self, request: HttpRequest, form: RefusalForm, object_id: str) -> Done:
        wiring.answer_request(
            request_id=_found(object_id).pk,
            text=form.cleaned_data["text"],
            refused=True,
            actor=actor_of(request),
        )
        return Done(message=gettext("The request is refused."), url=_list_url())

    @dialog_action(
        title=_("Erase the client…"),
        heading=_("Erase everything about this client"),
        description=_("For good. An act of destruction is written; nobody can bring the data back."),
        submit=_("Erase for good"),
        permissions=["desk"],
        form_class=ErasureForm,
        icon="delete_forever",
        danger=True,
        step_up=True,
    )
    def erase(self, request: HttpRequest, form: ErasureForm, object_id: str) -> Done:
        act = wiring.fulfil_by_erasure(request_id=_found(object_id).pk, actor=actor_of(request))
        return Done(
            message=gettext("The client is erased. Act of destruction № %(number)s.")
            % {"number": act.number},
            url=reverse("admin:client_cabinet_destructionact_change", args=[act.number]),
        )


def _texts(row: models.SubjectRequest) -> list[tuple[str, str]]:
    named = (
        (gettext("What they wrote"), "text"),
        (gettext("Why the term was extended"), "extension_reason"),
        (gettext("What they were told"), "answer"),
    )
    return [(title, text) for title, name in named if (text := wording.opened(row, name))]


def _list_url() -> str:
    return reverse("admin:client_cabinet_subjectrequest_changelist")


def _found(object_id: str) -> models.SubjectRequest:
    """Raises Http404 for an unknown or malformed id."""
    try:
        key = UUID(str(object_id))
    except ValueError as error:
        raise Http404 from error
    row = models.SubjectRequest.objects.select_related("person", "closed_by").filter(pk=key).first()
    if row is None:
        raise Http404
    return row
