"""The dialog in which the specialist books for a client, known or new."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import partial
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminEmailInputWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

from apps.booking.application.ports import PERSONAL_DATA, GivenConsents
from apps.booking.domain.service import MeetingFormat, ServiceStatus
from apps.booking.infrastructure import labels
from apps.booking.models import Service
from apps.booking.presentation.admin.appointment_forms import DateInput
from apps.booking.presentation.admin.slot_picker import (
    StartField,
    first_day,
    nothing_chosen,
    render_slots,
    slots_of_service,
)
from apps.identity import facade as identity
from apps.kernel.presentation.admin.choices import ChoiceCards
from apps.kernel.presentation.admin.dialogs import DialogForm

KNOWN, NEW = "known", "new"
FOUND_AT_MOST = 6
_SHORTEST_TERM = 2


class ClientSearchWidget(forms.TextInput):
    """A search box; the people found are radio buttons below it."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        person = identity.client(UUID(value)) if _is_uuid(value) else None
        return render_to_string(
            "booking/client_search.html",
            {
                "source": reverse("admin:booking_appointment_clients"),
                "found": render_found([person], chosen=value) if person else "",
                "classes": UnfoldAdminTextInputWidget().attrs["class"],
            },
        )

    def id_for_label(self, id_: str | None) -> str:
        return "id_client_search"


class ClientField(forms.Field):
    """The id of a known client."""

    widget = ClientSearchWidget

    def to_python(self, value: Any) -> UUID | None:
        return UUID(value) if _is_uuid(value) else None


class BookForm(DialogForm):
    kind = forms.ChoiceField(
        label=_("Who is it for"),
        choices=[(KNOWN, _("a client we know")), (NEW, _("somebody new"))],
        initial=KNOWN,
        widget=ChoiceCards,
    )
    client = ClientField(label=_("Client"), required=False)
    name = forms.CharField(label=_("Name"), required=False, max_length=120, widget=UnfoldAdminTextInputWidget)
    email = forms.EmailField(label=_("E-mail"), required=False, widget=UnfoldAdminEmailInputWidget)
    phone = forms.CharField(
        label=_("Phone"),
        required=False,
        max_length=32,
        widget=UnfoldAdminTextInputWidget(attrs={"type": "tel", "placeholder": "+7 900 000-00-00"}),
    )
    service = forms.ChoiceField(label=_("Service"), widget=UnfoldAdminSelectWidget)
    meeting_format = forms.ChoiceField(
        label=_("Format"), choices=labels.MEETING_FORMATS, initial=MeetingFormat.ONLINE, widget=ChoiceCards
    )
    from_day = forms.DateField(label=_("Show times from"), required=False, widget=DateInput)
    start = StartField(label=_("Time"))
    consent = forms.BooleanField(
        label=_("The client has consented to the processing of personal data on paper"),
        required=False,
        widget=UnfoldBooleanWidget,
        help_text=_("Needed once: leave it empty for a client who has consented already."),
    )
    ground = forms.CharField(
        label=_("What proves the consent"),
        required=False,
        max_length=200,
        widget=UnfoldAdminTextInputWidget(attrs={"placeholder": _("signed form of 12.12.2026, folder 3")}),
    )

    places: ClassVar[Mapping[str, str]] = {
        "consents": "consent",
        "display_name": "name",
        "client_blocked": "email",
        "contact_of_staff": "email",
        "contacts_of_two_people": "email",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        services = Service.objects.filter(status=ServiceStatus.PUBLISHED).order_by("position", "name")
        self.fields["service"].choices = [
            ("", gettext("Choose a service")),
            *(
                (slug, internal or name)
                for slug, internal, name in services.values_list("slug", "internal_name", "name")
            ),
        ]
        reload = {
            "hx-get": reverse("admin:booking_appointment_slots"),
            "hx-target": "#id_start",
            "hx-trigger": "change",
            "hx-include": "closest form",
        }
        for name in ("service", "from_day"):
            self.fields[name].widget.attrs.update(reload)
        self.initial.setdefault("from_day", timezone.localdate())
        given = self.data if self.is_bound else self.initial
        slug, chosen = given.get("service") or "", str(given.get("start") or "")
        self.fields["start"].widget.content = slots_html(slug, given.get("from_day"), chosen=chosen)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("kind") == KNOWN and cleaned.get("client") is None:
            self.add_error("client", gettext("Find the client by name, e-mail or phone and choose them."))
        if cleaned.get("kind") == NEW and not cleaned.get("name"):
            self.add_error("name", gettext("Enter the name."))
        if cleaned.get("kind") == NEW and not cleaned.get("email") and not cleaned.get("phone"):
            self.add_error(
                "email", gettext("Enter an e-mail or a phone number: the practice has to reach the client.")
            )
        if cleaned.get("consent") and not cleaned.get("ground"):
            self.add_error("ground", gettext("Say what proves the consent."))
        return cleaned


def consent_on_paper(data: Mapping[str, Any], *, recorded_by: Any) -> GivenConsents:
    """The consent that ``consent`` and ``ground`` of a dialog tell of, for the document in force."""
    if not data.get("consent"):
        return GivenConsents(channel="staff", evidence={})
    document = identity.document_in_force(purpose=PERSONAL_DATA, at=datetime.now(UTC))
    return GivenConsents(
        documents=[(document.purpose, document.version)],
        channel="staff",
        evidence={"ground": data["ground"], "recorded_by": str(recorded_by)},
    )


def slots_html(slug: str, day: date | str | None, *, chosen: str = "") -> str:
    """The free times of a service as radio buttons, or an invitation to choose one."""
    if not slug:
        return render_to_string("booking/slots.html", {"refusal": nothing_chosen(), "days": []})
    return render_slots(partial(slots_of_service, slug, first_day(str(day or ""))), chosen=chosen)


def found_html(term: str, *, chosen: str = "") -> str:
    """The clients that match ``term`` as radio buttons."""
    term = term.strip()
    if len(term) < _SHORTEST_TERM:
        return ""
    return render_found(identity.search_clients(term=term, limit=FOUND_AT_MOST), chosen=chosen)


def render_found(people: list[identity.Client], *, chosen: str = "") -> SafeString:
    return render_to_string("booking/clients_found.html", {"people": people, "chosen": str(chosen or "")})


def _is_uuid(value: Any) -> bool:
    try:
        UUID(str(value))
    except ValueError:
        return False
    return True
