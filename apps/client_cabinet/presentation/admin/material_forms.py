"""The dialogs about materials: what they ask, and what is known before."""

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from apps.client_cabinet.domain.material import TEXT_LONGEST, TITLE_LONGEST
from apps.client_cabinet.infrastructure.models import Material
from apps.client_cabinet.infrastructure.neighbours import client_name, session
from apps.client_cabinet.presentation.admin.wording import when
from apps.kernel.presentation.admin.dialogs import DialogForm, VersionedDialogForm


def as_uuid(text: Any) -> UUID | None:
    """The id in an address or a form, None when it is none."""
    try:
        return UUID(str(text))
    except ValueError:
        return None


def ids(text: Any) -> list[UUID]:
    """The id in an address as a list: empty when it is none."""
    found = as_uuid(text)
    return [] if found is None else [found]


class ClientSearchWidget(forms.TextInput):
    """A search box; the people found are radio buttons below it."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        return render_to_string(
            "booking/client_search.html",
            {
                "source": reverse("admin:booking_appointment_clients"),
                "found": "",
                "classes": UnfoldAdminTextInputWidget().attrs["class"],
            },
        )

    def id_for_label(self, id_: str | None) -> str:
        return "id_client_search"


class MaterialText(forms.Form):
    """What a material says."""

    title = forms.CharField(label=_("Title"), max_length=TITLE_LONGEST, widget=UnfoldAdminTextInputWidget)
    text = forms.CharField(
        label=_("Text"),
        max_length=TEXT_LONGEST,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 14}),
        help_text=_("Markdown: ## heading, **bold**, - list. The client sees it once you open it to them."),
    )


class WriteForm(DialogForm, MaterialText):
    """A new material: for the session or the client in the address, else for a client who is searched."""

    form_before_template = "client_cabinet/material_summary.html"
    words: ClassVar[Mapping[str, Any]] = {
        "material_not_found": _("Only the specialist of this session writes materials for it.")
    }
    appointment = forms.UUIDField(widget=forms.HiddenInput, required=False)
    client = forms.UUIDField(
        label=_("Client"),
        widget=ClientSearchWidget,
        error_messages={"required": _("Find the client by name, e-mail or phone and choose them.")},
    )
    field_order = ("appointment", "client", "title", "text")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.client_id is not None and (self.session is not None or not self.is_bound):
            self.fields["client"].widget = forms.HiddenInput()
            self.initial["client"] = self.client_id

    @cached_property
    def now(self) -> datetime:
        return timezone.now()

    @cached_property
    def session(self) -> Any:
        """The session that the material follows, if it follows one."""
        given = self.data if self.is_bound else self.initial
        appointment_id = as_uuid(given.get("appointment"))
        return session(appointment_id, at=self.now) if appointment_id else None

    @property
    def client_id(self) -> UUID | None:
        if self.session is not None:
            known: UUID = self.session.client_id
            return known
        return as_uuid((self.data if self.is_bound else self.initial).get("client"))

    def asked(self) -> dict[str, Any]:
        """The arguments of the use case."""
        return {
            "client_id": self.client_id or self.cleaned_data["client"],
            "appointment_id": self.session.id if self.session else None,
            "title": self.cleaned_data["title"],
            "text": self.cleaned_data["text"],
        }

    def get_before_template_context(self, request: Any, object_id: Any = None) -> dict[str, Any]:
        found = self.session
        return {
            "client": client_name(self.client_id) if self.client_id else "",
            "when": when(found.start, now=self.now, zone=found.specialist_time_zone) if found else "",
        }


class MaterialDialog(VersionedDialogForm):
    """A command about one material."""

    def version_now(self) -> int | None:
        rows = Material.objects.filter(pk__in=ids(self.object_id))
        return rows.values_list("version", flat=True).first()


class EditForm(MaterialText):
    """Another text for a draft; ``expected_version`` is the one that was shown."""

    expected_version = forms.IntegerField(widget=forms.HiddenInput, required=False)
