"""The dialogs of the register of requests."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminSingleDateWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from apps.client_cabinet.domain.subject_request import TEXT_MAX_LENGTH, RequestChannel
from apps.client_cabinet.infrastructure.models.subject_request import CHANNELS, KINDS
from apps.client_cabinet.presentation.admin.request_wording import law_of, term_of
from apps.identity import facade as identity
from apps.kernel.presentation.admin.dialogs import DialogForm

BY_STAFF = tuple((code, name) for code, name in CHANNELS.items() if code != RequestChannel.API)


class NewRequestForm(DialogForm):
    """A request that came by letter, by e-mail or in person. ``person_id`` is set by cleaning ``contact``."""

    person_id = None
    kind = forms.ChoiceField(label=_("What is asked for"), widget=UnfoldAdminSelectWidget)
    channel = forms.ChoiceField(label=_("How it came"), choices=BY_STAFF, widget=UnfoldAdminSelectWidget)
    received_on = forms.DateField(
        label=_("Received on"),
        widget=UnfoldAdminSingleDateWidget,
        help_text=_("The day it came to the practice; the term begins with the day after."),
    )
    contact = forms.CharField(
        label=_("E-mail or phone of the client"),
        required=False,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("Leave it empty when this is nobody the practice knows."),
    )
    text = forms.CharField(
        label=_("What they write"),
        required=False,
        max_length=TEXT_MAX_LENGTH,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 5}),
        help_text=_("In short. It is kept encrypted."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind: Any = self.fields["kind"]
        kind.choices = [(code, f"{name} – {term_of(code)} ({law_of(code)})") for code, name in KINDS.items()]
        self.initial.setdefault("received_on", timezone.localdate())

    def clean_contact(self) -> str:
        contact: str = self.cleaned_data["contact"].strip()
        if contact:
            found = identity.search_clients(term=contact, limit=2)
            if len(found) != 1:
                raise forms.ValidationError(
                    _("No client is found by this. Enter their whole e-mail address or phone number.")
                )
            self.person_id = found[0].id
        return contact


class AnswerForm(DialogForm):
    text = forms.CharField(
        label=_("What they were told"),
        max_length=TEXT_MAX_LENGTH,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 6}),
        help_text=_("In short: what was sent, how and when. It is kept encrypted."),
    )


class RefusalForm(DialogForm):
    text = forms.CharField(
        label=_("Why it is refused"),
        max_length=TEXT_MAX_LENGTH,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 6}),
        help_text=_("Name the article the refusal rests on, as in the letter to the person (art. 20(2))."),
    )


class ExtensionForm(DialogForm):
    text = forms.CharField(
        label=_("Why more time is needed"),
        max_length=TEXT_MAX_LENGTH,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}),
        help_text=_("As in the notice that the person gets. Without such a notice the term stays as it is."),
    )


class ErasureForm(DialogForm):
    """Asks for the word, so that nobody is erased by a slip."""

    form_before_template = "client_cabinet/erasure_plan.html"
    words = {
        "erasure_obstructed": _("Not yet: something named above has to end first."),
    }
    sure = forms.BooleanField(label=_("I have checked who this is and that they asked for it"))

    def get_before_template_context(self, request: Any, object_id: Any = None) -> dict[str, Any]:
        from apps.client_cabinet.presentation.admin.erasure_plan import plan_for  # it reads, on opening only

        return plan_for(object_id)
