"""Drafts of consent documents: written in a form, compared with the text in force, published for good."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextareaWidget

from apps.identity import wiring
from apps.identity.application.consent_drafts import LEGAL_FIELDS, ConsentDraftNotFound
from apps.identity.infrastructure import consent_desk as desk
from apps.identity.infrastructure.models import ConsentDocument, ConsentDraft
from apps.identity.presentation.admin import consent_words as words
from apps.identity.presentation.admin.consent_diff import comparison
from apps.identity.presentation.admin.consent_documents import document_tabs
from apps.identity.presentation.admin.read_only import ReadOnlyRows, as_uuid
from apps.kernel.presentation.admin.acting import actor_of
from apps.kernel.presentation.admin.dialogs import DialogForm, Done, dialog_action


class DraftForm(forms.ModelForm):
    """Text and particulars. Nothing has to be complete before the draft is published."""

    class Meta:
        model = ConsentDraft
        fields = ("version", "title", "text", "effective_from")
        help_texts: ClassVar = {
            "text": _("What people read and agree to, in plain words. An empty line begins a paragraph."),
            "effective_from": _("Empty or past: from the moment you publish it."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "text" in self.fields:
            self.fields["text"].widget = UnfoldAdminTextareaWidget(attrs={"rows": 22})
        for name in LEGAL_FIELDS:
            self.initial[f"legal_{name}"] = self.instance.legal.get(name, "")

    def clean_version(self) -> str:
        version: str = self.cleaned_data["version"].strip()
        purpose = self.instance.purpose
        if ConsentDocument.objects.filter(purpose=purpose, version=version).exists():
            raise forms.ValidationError(_("A published document has this version already."))
        others = ConsentDraft.objects.filter(purpose=purpose, version=version).exclude(pk=self.instance.pk)
        if others.exists():
            raise forms.ValidationError(_("Another draft has this version already."))
        return version


for _name in LEGAL_FIELDS:
    _field = forms.CharField(
        label=words.LEGAL_NAMES[_name],
        help_text=words.LEGAL_HELP[_name],
        required=False,
        max_length=4000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
    )
    DraftForm.base_fields[f"legal_{_name}"] = _field
    DraftForm.declared_fields[f"legal_{_name}"] = _field


class PublishForm(DialogForm):
    """Shows what the version changes before it is published for good."""

    form_before_template = "identity/consent_publish.html"

    class Media:
        css: ClassVar = {"all": ["identity/consents.css"]}

    def get_before_template_context(self, request: Any, object_id: Any = None) -> dict[str, Any]:
        draft = _draft(object_id)
        if draft is None:
            return {"gone": True}
        count = desk.agreed(draft.purpose)
        again = ngettext(
            "%(count)d person who agreed will be asked again at their next step.",
            "%(count)d people who agreed will be asked again at their next step.",
            count,
        )
        since = draft.effective_from
        now = timezone.now()
        return {
            **compared(draft),
            "draft": draft,
            "again": again % {"count": count},
            "since": words.when(since) if since is not None and since > now else gettext("at once"),
            "missing": [str(words.LEGAL_NAMES[name]) for name in LEGAL_FIELDS if not draft.legal.get(name)],
        }


def compared(draft: ConsentDraft) -> dict[str, Any]:
    """The draft beside the document in force."""
    current = desk.in_force(timezone.now()).get(draft.purpose)
    return comparison(current, title=draft.title, text=draft.text, legal=draft.legal)


@admin.register(ConsentDraft)
class ConsentDraftAdmin(ReadOnlyRows, ModelAdmin):
    form = DraftForm
    list_display = ("title", "purpose", "version", "shown_changed")
    list_before_template = "identity/consent_tabs.html"
    ordering = ("purpose", "-changed_at")
    change_form_after_template = "identity/consent_preview.html"
    actions_detail: ClassVar = ["publish", "discard"]
    fieldsets = (
        (None, {"fields": ("purpose_shown", "version", "title", "text", "effective_from")}),
        (
            _("Particulars that the law asks for (152-FZ, article 9, part 4)"),
            {"fields": tuple(f"legal_{name}" for name in LEGAL_FIELDS)},
        ),
    )
    readonly_fields = ("purpose_shown",)

    class Media:
        css: ClassVar = {"all": ["identity/consents.css"]}

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("identity.change_consentdraft")

    def has_publish_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return self.has_change_permission(request)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Who only reads sees the particulars in words."""
        if self.has_change_permission(request, obj):
            return super().get_fieldsets(request, obj)
        shown = ("purpose_shown", "version", "title", "text", "legal_shown", "effective_from")
        return ((None, {"fields": shown}),)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        extra = () if self.has_change_permission(request, obj) else ("legal_shown",)
        return (*self.readonly_fields, *extra)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return super().changelist_view(request, {**(extra_context or {}), "tabs": document_tabs(drafts=True)})

    def changeform_view(
        self, request: HttpRequest, object_id: Any = None, form_url: str = "", extra_context: Any = None
    ) -> Any:
        draft = _draft(object_id)
        context = {} if draft is None else {"draft": draft, **compared(draft)}
        return super().changeform_view(request, object_id, form_url, {**(extra_context or {}), **context})

    def save_model(self, request: HttpRequest, obj: ConsentDraft, form: Any, change: bool) -> None:
        answers = form.cleaned_data
        wiring.write_consent_draft().change(
            draft_id=obj.pk,
            version=answers["version"],
            title=answers["title"],
            text=answers["text"],
            legal={name: answers[f"legal_{name}"] for name in LEGAL_FIELDS},
            effective_from=answers["effective_from"],
            actor=actor_of(request),
            at=timezone.now(),
        )

    @dialog_action(
        title=_("Publish…"),
        heading=_("Publish this version for good?"),
        description=_("A published text never changes. What it was agreed to is proved by its checksum."),
        submit=_("Publish"),
        permissions=["publish"],
        form_class=PublishForm,
        icon="verified",
        primary=True,
        step_up=True,
    )
    def publish(self, request: HttpRequest, form: PublishForm, object_id: str) -> Done:
        draft = wiring.publish_consent_draft()(
            draft_id=_known(object_id), actor=actor_of(request), at=timezone.now()
        )
        row = ConsentDocument.objects.get(purpose=draft.purpose, version=draft.version)
        return Done(
            message=gettext("Version %(version)s is published.") % {"version": draft.version},
            url=reverse("admin:identity_consentdocument_change", args=[row.pk]),
        )

    @dialog_action(
        title=_("Delete the draft…"),
        heading=_("Delete this draft?"),
        description=_("Nobody has seen it; published documents stay as they are."),
        submit=_("Delete"),
        permissions=["publish"],
        icon="delete",
        danger=True,
    )
    def discard(self, request: HttpRequest, form: DialogForm, object_id: str) -> Done:
        wiring.write_consent_draft().discard(
            draft_id=_known(object_id), actor=actor_of(request), at=timezone.now()
        )
        return Done(message=_("The draft is deleted."), url=reverse("admin:identity_consentdraft_changelist"))

    @display(description=_("purpose"))
    def purpose_shown(self, draft: ConsentDraft) -> str:
        return words.purpose_name(draft.purpose)

    @display(description=_("particulars required by law"))
    def legal_shown(self, draft: ConsentDraft) -> str:
        return words.legal_pairs(draft.legal)

    @display(description=_("changed at"), ordering="changed_at")
    def shown_changed(self, draft: ConsentDraft) -> str:
        return words.when(draft.changed_at)


def _draft(object_id: Any) -> ConsentDraft | None:
    draft_id = as_uuid(object_id)
    return None if draft_id is None else ConsentDraft.objects.filter(pk=draft_id).first()


def _known(object_id: str) -> Any:
    """Raises ConsentDraftNotFound for an address that is no id."""
    draft_id = as_uuid(object_id)
    if draft_id is None:
        raise ConsentDraftNotFound
    return draft_id
