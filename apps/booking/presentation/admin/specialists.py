"""Specialists: the settings of the one who receives clients. For the owner only."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.contrib.auth import get_user_model
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import display
from unfold.widgets import UnfoldAdminSelectWidget

from apps.booking import models, wiring
from apps.kernel.domain.errors import StaleVersion
from apps.kernel.presentation.admin.acting import actor_of
from apps.kernel.presentation.admin.wording import zone_text
from apps.kernel.presentation.admin.zones import zone_choices

STAFF = ("owner", "assistant", "editor")
AUDITED = (
    "time_zone",
    "hold_minutes",
    "accepted_hold_minutes",
    "answer_within_hours",
    "offer_hours",
    "daily_limit",
)


class SpecialistForm(forms.ModelForm):
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        widget=UnfoldAdminSelectWidget,
        help_text=_("Working hours are by this clock. Clients see times by their own."),
    )
    seen = forms.CharField(label="", widget=forms.HiddenInput, required=False)

    class Meta:
        model = models.Specialist
        fields: ClassVar = [
            "display_name",
            "user",
            "time_zone",
            "meeting_link",
            "hold_minutes",
            "accepted_hold_minutes",
            "answer_within_hours",
            "offer_hours",
            "daily_limit",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zones: Any = self.fields["time_zone"]
        zones.choices = zone_choices(wiring.clock.now(), also=[self.instance.time_zone])
        if "user" in self.fields:
            accounts: Any = self.fields["user"]
            accounts.queryset = get_user_model().objects.filter(role__in=STAFF)
        if not self.instance._state.adding:  # noqa: SLF001 - Django's documented state of a model instance
            self.initial["seen"] = _digest(self.instance)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if not self.instance._state.adding:  # noqa: SLF001
            now = models.Specialist.objects.select_for_update().get(pk=self.instance.pk)
            if self.cleaned_data.get("seen") != _digest(now):
                self.add_error(
                    None,
                    gettext(StaleVersion.message),
                )
        return cleaned


@admin.register(models.Specialist)
class SpecialistAdmin(ModelAdmin):
    form = SpecialistForm
    list_display = ("display_name", "shown_zone", "daily_limit")
    list_fullwidth = True
    show_full_result_count = False
    actions = None
    warn_unsaved_form = True
    fieldsets: ClassVar = [
        (
            _("Who receives clients"),
            {"fields": ["seen", "display_name", "user", "time_zone", "meeting_link"]},
        ),
        (
            _("How long we wait"),
            {
                "description": _(
                    "A paid booking keeps its time until it is paid for; when the wait is over, "
                    "the time is free again."
                ),
                "fields": ["hold_minutes", "accepted_hold_minutes", "answer_within_hours", "offer_hours"],
            },
        ),
        (
            _("How much is enough"),
            {
                "description": _("A limit over all services together, by the date of the session."),
                "fields": ["daily_limit"],
            },
        ),
    ]

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field: Any = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(field.widget, RelatedFieldWidgetWrapper):
            # Accounts have a page of their own.
            field.widget = field.widget.widget
        return field

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Appointments and services refer to a specialist for good."""
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        old = models.Specialist.objects.get(pk=obj.pk) if change else None
        super().save_model(request, obj, form, change)
        wiring.record_settings(
            actor=actor_of(request),
            entity="specialist",
            entity_id=str(obj.pk),
            changes={
                name: (getattr(old, name, None), getattr(obj, name))
                for name in AUDITED
                if getattr(old, name, None) != getattr(obj, name)
            },
        )

    @display(description=_("time zone"))
    def shown_zone(self, specialist: models.Specialist) -> str:
        return zone_text(specialist.time_zone, wiring.clock.now())


def _digest(specialist: models.Specialist) -> str:
    return "|".join(
        str(getattr(specialist, name))
        for name in (*SpecialistForm.Meta.fields[:1], *AUDITED, "meeting_link", "user_id")
    )
