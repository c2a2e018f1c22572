"""The dialog in which the specialist offers a time to somebody on the waitlist."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cached_property, partial
from typing import Any, ClassVar
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminEmailInputWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

from apps.booking import wiring
from apps.booking.application.ports import PERSONAL_DATA
from apps.booking.domain.service import MeetingFormat, ServiceFormat
from apps.booking.domain.waitlist import OPEN, PreferredContact
from apps.booking.domain.waitlist_offer import OfferStatus
from apps.booking.infrastructure import labels
from apps.booking.infrastructure.queries.waitlist_list import offers_of
from apps.booking.models import WaitlistRequest
from apps.booking.presentation.admin.appointment_forms import DateInput
from apps.booking.presentation.admin.slot_picker import (
    StartField,
    first_day,
    render_slots,
    slots_of_service,
)
from apps.kernel.domain.errors import DomainError
from apps.kernel.presentation.admin.choices import ChoiceCards
from apps.kernel.presentation.admin.dialogs import DialogForm
from apps.kernel.presentation.admin.wording import instant_text

MOST_HOURS = 72


def found(object_id: Any) -> WaitlistRequest:
    """Raises Http404 for an unknown or malformed id."""
    try:
        id_ = UUID(str(object_id))
    except ValueError as error:
        raise Http404 from error
    rows = WaitlistRequest.objects.select_related("client", "service__specialist")
    row = rows.filter(pk=id_).first()
    if row is None:
        raise Http404
    return row


class OfferForm(DialogForm):
    """Asks only what this request leaves open: the format of a hybrid service, a way to make an account for
    somebody known by a Telegram name alone, a consent that is missing."""

    form_before_template = "booking/dialog_summary.html"
    from_day = forms.DateField(label=_("Show times from"), required=False, widget=DateInput)
    start = StartField(label=_("Time"))
    meeting_format = forms.ChoiceField(
        label=_("Format"), choices=labels.MEETING_FORMATS, initial=MeetingFormat.ONLINE, widget=ChoiceCards
    )
    hours = forms.IntegerField(
        label=_("Keep it for, hours"),
        min_value=1,
        max_value=MOST_HOURS,
        widget=UnfoldAdminIntegerFieldWidget,
        help_text=_("Never past the start. Without an answer the time goes to the next one."),
    )
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        widget=UnfoldAdminEmailInputWidget,
        help_text=_("The appointment needs an account: enter an e-mail or a phone number of this person."),
    )
    phone = forms.CharField(
        label=_("Phone"),
        required=False,
        max_length=32,
        widget=UnfoldAdminTextInputWidget(attrs={"type": "tel", "placeholder": "+7 900 000-00-00"}),
    )
    consent = forms.BooleanField(
        label=_("The client has consented to the processing of personal data on paper"),
        required=False,
        widget=UnfoldBooleanWidget,
        help_text=_("The consent given with the request is no longer in force."),
    )
    ground = forms.CharField(
        label=_("What proves the consent"),
        required=False,
        max_length=200,
        widget=UnfoldAdminTextInputWidget(attrs={"placeholder": _("signed form of 12.12.2026, folder 3")}),
    )

    places: ClassVar[Mapping[str, str]] = {
        "consents": "consent",
        "display_name": "email",
        "contact": "email",
        "contact_of_staff": "email",
        "contacts_of_two_people": "email",
        "client_blocked": "email",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        service = self.waiting.service
        if service.format != ServiceFormat.HYBRID:
            del self.fields["meeting_format"]
        if not self.needs_contact:
            del self.fields["email"], self.fields["phone"]
        if not self.needs_consent:
            del self.fields["consent"], self.fields["ground"]
        self.initial.setdefault("hours", service.specialist.offer_hours)
        self.initial.setdefault("from_day", self._first_day())
        source = reverse("admin:booking_appointment_slots")
        self.fields["from_day"].widget.attrs.update(
            {
                "hx-get": f"{source}?{urlencode({'service': service.slug})}",
                "hx-target": "#id_start",
                "hx-trigger": "change",
                "hx-include": "closest form",
            }
        )
        given = self.data if self.is_bound else self.initial
        day, chosen = given.get("from_day"), str(given.get("start") or "")
        self.fields["start"].widget.content = render_slots(
            partial(slots_of_service, service.slug, first_day(str(day or ""))), chosen=chosen
        )

    @cached_property
    def waiting(self) -> WaitlistRequest:
        return found(self.object_id)

    @cached_property
    def now(self) -> datetime:
        return wiring.clock.now()

    @property
    def needs_contact(self) -> bool:
        """Whether nothing is known of which an account could be made."""
        return self.waiting.client_id is None and (
            self.waiting.preferred_contact == PreferredContact.TELEGRAM
        )

    @cached_property
    def needs_consent(self) -> bool:
        try:
            if self.waiting.client_id is not None:
                missing = wiring.consents.missing(
                    client_id=self.waiting.client_id, purpose=PERSONAL_DATA, at=self.now
                )
                return missing is not None
            document = wiring.consents.in_force(purpose=PERSONAL_DATA, at=self.now)
        except DomainError:
            return True
        return document.version != self.waiting.consent_version

    @cached_property
    def closed(self) -> str:
        """Why there is nothing to send; empty where there is."""
        if self.is_bound:
            return ""
        if self.waiting.status not in OPEN:
            return gettext("The request is already closed.")
        if any(each.status is OfferStatus.OFFERED for each in offers_of(self.waiting.pk, now=self.now)):
            return gettext("A time is already kept for this person: wait for the answer or withdraw it.")
        return ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.needs_contact and not cleaned.get("email") and not cleaned.get("phone"):
            self.add_error("email", gettext("Enter an e-mail or a phone number."))
        if cleaned.get("consent") and not cleaned.get("ground"):
            self.add_error("ground", gettext("Say what proves the consent."))
        return cleaned

    def asked(self) -> dict[str, Any]:
        """What the use case is told besides the request and who acts."""
        data = self.cleaned_data
        chosen = data.get("meeting_format")
        return {
            "start": data["start"],
            "meeting_format": MeetingFormat(chosen) if chosen else None,
            "keep_for": timedelta(hours=data["hours"]),
            "email": data.get("email") or None,
            "phone": data.get("phone") or None,
        }

    def get_before_template_context(self, request: Any, object_id: Any = None) -> dict[str, Any]:
        waiting = self.waiting
        return {
            "client": waiting.name or str(waiting.client or gettext("a guest, without an account")),
            "service": waiting.service.name,
            "when": str(waiting.get_window_display()),
            "notice": self.closed or self._notice(),
        }

    def _notice(self) -> str:
        if self.waiting.client_id is None and self.waiting.preferred_contact != PreferredContact.EMAIL:
            return gettext(
                "No letter reaches this person by their request: tell them about the time yourself."
            )
        return gettext("The client gets a letter with a link to pay, accept or decline.")

    def _first_day(self) -> str:
        """The day of the freed time that they wait for, else today."""
        zone = ZoneInfo(self.waiting.service.specialist.time_zone)
        freed = self.waiting.opening_start
        day = freed if freed is not None and freed > self.now else self.now
        return day.astimezone(zone).date().isoformat()

    def date_and_time(self, instant: datetime) -> str:
        return instant_text(instant, self.waiting.service.specialist.time_zone, now=self.now)
