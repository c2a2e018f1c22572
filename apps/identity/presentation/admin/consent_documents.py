"""Published consent documents: never changed, read in full with figures; new versions begin as drafts."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from apps.identity import wiring
from apps.identity.infrastructure import consent_desk as desk
from apps.identity.infrastructure.models import PURPOSE_NAMES, ConsentDocument, ConsentDraft
from apps.identity.presentation.admin import consent_words as words
from apps.identity.presentation.admin.read_only import ReadOnlyRows
from apps.kernel.presentation.admin.acting import actor_of
from apps.kernel.presentation.admin.dialogs import DialogForm, Done, dialog_action


class NewDraftForm(DialogForm):
    """A new version of one purpose; it starts from the text in force."""

    purpose = forms.ChoiceField(label=_("Purpose"), widget=UnfoldAdminSelectWidget)
    version = forms.CharField(
        label=_("Version"),
        max_length=20,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("For example 2.0. No version of this purpose may have the same one."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        purpose: Any = self.fields["purpose"]
        purpose.choices = list(PURPOSE_NAMES.items())


def document_tabs(*, drafts: bool) -> list[dict[str, Any]]:
    return [
        {
            "title": gettext("Published"),
            "url": reverse("admin:identity_consentdocument_changelist"),
            "active": not drafts,
        },
        {
            "title": gettext("Drafts"),
            "url": reverse("admin:identity_consentdraft_changelist"),
            "active": drafts,
            "count": ConsentDraft.objects.count(),
        },
    ]


@admin.register(ConsentDocument)
class ConsentDocumentAdmin(ReadOnlyRows, ModelAdmin):
    list_display = ("title", "purpose", "version", "effective_from", "state")
    list_filter = (("purpose", ChoicesDropdownFilter),)
    list_filter_submit = True
    list_before_template = "identity/consent_tabs.html"
    search_fields = ("title", "version")
    fields = (
        "title",
        "purpose",
        "version",
        "effective_from",
        "shown_figures",
        "shown_text",
        "shown_legal",
        "shown_hash",
    )
    readonly_fields = ("shown_figures", "shown_hash", "shown_text", "shown_legal")
    actions_list: ClassVar = ["new_draft"]

    class Media:
        css: ClassVar = {"all": ["identity/consents.css"]}

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        context = {"tabs": document_tabs(drafts=False)}
        return super().changelist_view(request, {**(extra_context or {}), **context})

    def get_queryset(self, request: HttpRequest) -> QuerySet[ConsentDocument]:
        return desk.with_current(super().get_queryset(request), at=timezone.now())

    def has_draft_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("identity.add_consentdraft")

    @dialog_action(
        title=_("New draft…"),
        heading=_("A new version of a consent"),
        description=_("The draft starts from the text in force. Nobody sees it before you publish it."),
        submit=_("Start writing"),
        permissions=["draft"],
        form_class=NewDraftForm,
        icon="edit_document",
        primary=True,
    )
    def new_draft(self, request: HttpRequest, form: NewDraftForm) -> Done:
        now, purpose = timezone.now(), form.cleaned_data["purpose"]
        current = desk.in_force(now).get(purpose)
        draft_id = wiring.write_consent_draft().begin(
            purpose=purpose,
            version=form.cleaned_data["version"],
            based_on=None if current is None else current.version,
            title=words.purpose_name(purpose).capitalize(),
            actor=actor_of(request),
            at=now,
        )
        url = reverse("admin:identity_consentdraft_change", args=[draft_id])
        return Done(message=_("The draft is there. Nobody sees it before you publish it."), url=url)

    @display(description=_("state"))
    def state(self, document: ConsentDocument) -> SafeString:
        if document.effective_from > timezone.now():
            return words.chip(gettext("not in force yet"), icon="schedule", look="pending_payment")
        if document.pk == getattr(document, "current_id", None):
            return words.chip(gettext("in force"), icon="check_circle", look="completed")
        return words.chip(gettext("replaced"), icon="history", look="closed")

    @display(description=_("how people stand to it"))
    def shown_figures(self, document: ConsentDocument) -> SafeString:
        return figures_bar(desk.figures(document), document.purpose)

    @display(description=_("text"))
    def shown_text(self, document: ConsentDocument) -> SafeString:
        return format_html('<div class="cs-text">{}</div>', document.text)

    @display(description="SHA-256")
    def shown_hash(self, document: ConsentDocument) -> SafeString:
        return words.unbroken(document.sha256)

    @display(description=_("particulars required by law"))
    def shown_legal(self, document: ConsentDocument) -> SafeString:
        return words.legal_pairs(document.legal)


_BAR = (
    '<div class="cs-figures"><svg class="cs-bar" viewBox="0 0 100 4" preserveAspectRatio="none" role="img" '
    'aria-label="{}"><rect class="cs-bar-none" width="100" height="4"/>'
    '<rect class="cs-bar-granted" x="0" width="{}" height="4"/>'
    '<rect class="cs-bar-declined" x="{}" width="{}" height="4"/>'
    '<rect class="cs-bar-withdrawn" x="{}" width="{}" height="4"/></svg>'
    '<ul class="cs-legend"><li class="cs-granted">{}</li><li class="cs-declined">{}</li>'
    '<li class="cs-withdrawn">{}</li></ul><p class="ws-sub">{}{}</p></div>'
)


def figures_bar(figures: desk.Figures, purpose: str) -> SafeString:
    """How many agreed, declined and withdrew as a bar with its legend, and how many are to be asked again."""
    total = figures.granted + figures.declined + figures.withdrawn
    granted, declined, withdrawn = (
        round(100 * count / total, 2) if total else 0
        for count in (figures.granted, figures.declined, figures.withdrawn)
    )
    legend = [
        f"{gettext('granted')}: {figures.granted}",
        f"{gettext('declined')}: {figures.declined}",
        f"{gettext('withdrawn')}: {figures.withdrawn}",
    ]
    again = ngettext(
        "%(count)d person agreed to an earlier version and is asked again at their next step.",
        "%(count)d people agreed to an earlier version and are asked again at their next step.",
        figures.again,
    ) % {"count": figures.again}
    link: SafeString | str = ""
    if figures.again:
        url = reverse("admin:identity_consent_changelist", query={"tab": "again", "purpose__exact": purpose})
        link = format_html(' <a class="ws-link" href="{}">{}</a>', url, gettext("Who?"))
    return format_html(
        _BAR,
        "; ".join(legend),
        f"{granted}",
        f"{granted}",
        f"{declined}",
        f"{granted + declined}",
        f"{withdrawn}",
        *legend,
        again if figures.again else "",
        link,
    )
