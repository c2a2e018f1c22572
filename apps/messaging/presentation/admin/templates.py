"""What the practice's letters say: a list of texts, and a page to write one and see it at once."""

from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from unfold.admin import ModelAdmin
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display

from apps.kernel.domain.errors import DomainError
from apps.kernel.presentation.admin.acting import actor_of
from apps.kernel.presentation.admin.dialogs import DialogForm, Done, VersionedDialogForm, dialog_action
from apps.kernel.presentation.admin.refusals import sentence
from apps.messaging import wiring
from apps.messaging.domain.kinds import KINDS, MessageKind
from apps.messaging.domain.template import TemplateNotFound
from apps.messaging.infrastructure import labels
from apps.messaging.infrastructure.models import MessageTemplate
from apps.messaging.infrastructure.queries import names
from apps.messaging.presentation.admin.template_page import LANGUAGES, page

PAGE = "admin/messaging/template/page.html"


class RevertForm(VersionedDialogForm):
    """Which earlier text comes back."""

    number = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def version_now(self) -> int | None:
        rows = MessageTemplate.objects.filter(pk=_id(str(self.object_id)))
        return rows.values_list("number", flat=True).first()


class _NamedAuthors(ChangeList):
    """Knows the names of all authors of a page by one query."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        rows = list(self.result_list)
        found = names(row.author_id for row in rows)
        for row in rows:
            row.author_name = found.get(row.author_id, "")
        self.result_list = rows


@admin.register(MessageTemplate)
class MessageTemplateAdmin(ModelAdmin):
    list_display = (
        "shown_kind",
        "category",
        "channel",
        "shown_language",
        "number",
        "changed_at",
        "author",
    )
    list_display_links = ("shown_kind",)
    list_filter = (("kind", ChoicesDropdownFilter),)
    list_filter_submit = True
    list_per_page = 50
    list_fullwidth = True
    show_full_result_count = False
    sortable_by = ("changed_at",)
    ordering = ("-language", "kind")
    search_fields = ("subject", "body")
    actions = None
    actions_detail: ClassVar = ["send_trial", "revert"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_write_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return request.user.has_perm("messaging.change_messagetemplate")

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return _NamedAuthors

    def get_urls(self) -> list[URLPattern]:
        preview = self.admin_site.admin_view(require_POST(self.preview))
        return [
            path("<uuid:object_id>/preview/", preview, name="messaging_messagetemplate_preview"),
            *super().get_urls(),
        ]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        row = _found(object_id)
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        typed: dict[str, Any] = {}
        if request.method == "POST":
            if not self.has_write_permission(request):
                raise PermissionDenied
            typed = {"subject": request.POST.get("subject", ""), "body": request.POST.get("body", "")}
            if request.POST.get("do") != "preview":
                try:
                    wiring.rewrite_template(
                        template_id=row.pk,
                        **typed,
                        expected_number=_number(request.POST.get("number", "")),
                        actor=actor_of(request),
                    )
                except DomainError as error:
                    typed["refusal"] = error
                else:
                    messages.success(request, gettext("The text is saved: the next letters say this."))
                    return HttpResponseRedirect(request.get_full_path())
        context = {
            **self.admin_site.each_context(request),
            **page(row, typed, may_write=self.has_write_permission(request), now=timezone.now()),
            "opts": self.opts,
            **(extra_context or {}),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, PAGE, context)

    def history_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        """The versions of the page are the history."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        url = reverse("admin:messaging_messagetemplate_change", args=[_found(object_id).pk])
        return HttpResponseRedirect(url)

    def preview(self, request: HttpRequest, object_id: UUID) -> JsonResponse:
        """What is typed, as a letter on sample data; nothing is kept."""
        row = _found(str(object_id))
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        try:
            letter = wiring.preview_text(
                kind=MessageKind(row.kind),
                language=row.language,
                subject=request.POST.get("subject", ""),
                body=request.POST.get("body", ""),
            )
        except DomainError as error:
            return JsonResponse({"field": error.field or "", "refusal": sentence(error)})
        return JsonResponse({"subject": letter.subject, "html": letter.html, "text": letter.text})

    @dialog_action(
        title=_("Send me a trial letter…"),
        heading=_("A trial letter to yourself"),
        description=_("The saved text on sample data goes to the e-mail address of your account."),
        submit=_("Send"),
        permissions=["write"],
        icon="outgoing_mail",
    )
    def send_trial(self, request: HttpRequest, form: DialogForm, object_id: str) -> Done:
        wiring.send_trial_letter(template_id=_id(object_id), actor=actor_of(request))
        return Done(
            message=_("The trial letter is on its way."),
            url=reverse("admin:messaging_messagetemplate_change", args=[object_id]),
        )

    @dialog_action(
        title=_("Bring an earlier text back…"),
        heading=_("Bring this text back?"),
        description=_("It becomes a new version. What is there now stays among the versions."),
        submit=_("Bring back"),
        permissions=["write"],
        form_class=RevertForm,
        icon="history",
    )
    def revert(self, request: HttpRequest, form: RevertForm, object_id: str) -> Done:
        wiring.revert_template(
            template_id=_id(object_id),
            to=form.cleaned_data["number"],
            expected_number=form.version_seen,
            actor=actor_of(request),
        )
        return Done(
            message=_("The earlier text is back."),
            url=reverse("admin:messaging_messagetemplate_change", args=[object_id]),
        )

    @display(description=_("message"), ordering="kind")
    def shown_kind(self, row: MessageTemplate) -> str:
        return str(row)

    @display(description=_("category"))
    def category(self, row: MessageTemplate) -> str:
        return str(labels.CATEGORIES[KINDS[MessageKind(row.kind)].category])

    @display(description=_("language"))
    def shown_language(self, row: MessageTemplate) -> str:
        return str(LANGUAGES.get(row.language, row.language))

    @display(description=_("changed by"))
    def author(self, row: MessageTemplate) -> str:
        return getattr(row, "author_name", "") or gettext("the text it came with")


def _found(object_id: str) -> MessageTemplate:
    try:
        row = MessageTemplate.objects.filter(pk=UUID(object_id)).first()
    except ValueError:
        row = None
    if row is None:
        raise Http404
    return row


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise TemplateNotFound from error


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 9 else None
