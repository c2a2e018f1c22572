"""When letters are sent, and which: one page, for the owner."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminTextInputWidget

from apps.kernel.domain.errors import DomainError, StaleVersion
from apps.kernel.presentation.admin.acting import actor_of
from apps.kernel.presentation.admin.refusals import show_refusal
from apps.messaging import wiring
from apps.messaging.domain.delivery_rules import DeliveryRules
from apps.messaging.domain.kinds import KINDS, MessageKind
from apps.messaging.domain.quiet_hours import QuietHours
from apps.messaging.infrastructure import labels
from apps.messaging.infrastructure.models import DeliverySettings

_OPTIONAL = [(code, name) for code, name in labels.KINDS if KINDS[MessageKind(code)].can_be_switched_off]


def _clock(label: Any) -> forms.TimeField:
    return forms.TimeField(
        label=capfirst(label),
        widget=UnfoldAdminTextInputWidget(attrs={"inputmode": "numeric", "placeholder": "21:00"}),
        input_formats=["%H:%M"],
    )


class DeliverySettingsForm(forms.ModelForm):
    """``seen`` is what the page was opened with: settings changed meanwhile are not saved over."""

    quiet_from = _clock(_("quiet hours from"))
    quiet_until = _clock(_("quiet hours until"))
    sent = forms.MultipleChoiceField(
        label=_("Letters that are sent"),
        choices=_OPTIONAL,
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
    )
    seen = forms.CharField(label="", widget=forms.HiddenInput, required=False)

    class Meta:
        model = DeliverySettings
        fields: ClassVar = ["reminder_day_hours", "reminder_hour_hours", "quiet_from", "quiet_until"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        off = set(self.instance.switched_off or [])
        self.initial["sent"] = [code for code, _name in _OPTIONAL if code not in off]
        for name in ("quiet_from", "quiet_until"):
            self.initial[name] = f"{getattr(self.instance, name):%H:%M}"
        self.initial["seen"] = str(self.instance.version)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.errors:
            return cleaned
        if self.cleaned_data.get("seen") != str(wiring.settings.version()):
            self.add_error(None, gettext(StaleVersion.message))
            return cleaned
        try:
            self.rules = self._rules()
        except DomainError as error:
            show_refusal(self, error)
        return cleaned

    def _rules(self) -> DeliveryRules:
        answers = self.cleaned_data
        sent = set(answers["sent"])
        return DeliveryRules(
            reminder_day_hours=answers["reminder_day_hours"],
            reminder_hour_hours=answers["reminder_hour_hours"],
            quiet_hours=QuietHours(answers["quiet_from"], answers["quiet_until"]),
            switched_off=frozenset(MessageKind(code) for code, _name in _OPTIONAL if code not in sent),
        )


@admin.register(DeliverySettings)
class DeliverySettingsAdmin(ModelAdmin):
    form = DeliverySettingsForm
    actions = None
    warn_unsaved_form = True
    fieldsets: ClassVar = [
        (
            _("Reminders"),
            {
                "description": _("How many hours before the session. Planned reminders move along."),
                "fields": ["seen", "reminder_day_hours", "reminder_hour_hours"],
            },
        ),
        (
            _("Quiet hours"),
            {
                "description": _(
                    "By the client's clock. What is not urgent waits: the first reminder, advice, "
                    "refunds. Equal times mean no quiet hours."
                ),
                "fields": ["quiet_from", "quiet_until"],
            },
        ),
        (
            _("Which letters are sent"),
            {
                "description": _("Sign-in letters are always sent."),
                "fields": ["sent"],
            },
        ),
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The one row is the page."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return self.changeform_view(
            request,
            "1",
            extra_context={
                **(extra_context or {}),
                "show_history": False,
                "title": gettext("Settings of letters"),
            },
        )

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._to_the_page(request)

    def history_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._to_the_page(request)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        wiring.change_rules(rules=form.rules, seen=wiring.settings.lock(), actor=actor_of(request))

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        self.message_user(request, gettext("The settings are saved."))
        return self._to_the_page(request)

    def _to_the_page(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return HttpResponseRedirect(reverse("admin:messaging_deliverysettings_changelist"))
