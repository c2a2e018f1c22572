"""Intake form templates: the questions that a client answers before the first session."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from apps.booking import models, wiring
from apps.booking.domain.intake import questions_of
from apps.kernel.domain.errors import DomainError, StaleVersion
from apps.kernel.presentation.admin.acting import actor_of
from apps.kernel.presentation.admin.refusals import sentence


class IntakeTemplateForm(forms.ModelForm):
    """``seen`` is the text that the page was opened with: a template changed meanwhile is not saved over."""

    name = forms.CharField(label=_("Title"), max_length=120, widget=UnfoldAdminTextInputWidget)
    questions = forms.CharField(
        label=_("Questions"),
        help_text=_("One question a line, from 5 to 8. Forms that were begun keep the questions they had."),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 10}),
    )
    seen = forms.CharField(label="", widget=forms.HiddenInput, required=False)

    class Meta:
        model = models.IntakeTemplate
        fields: ClassVar = ["name"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance._state.adding:  # noqa: SLF001 - Django's documented state of a model instance
            self.initial["questions"] = "\n".join(self.instance.questions)
            self.initial["seen"] = _digest(self.instance)

    def clean_questions(self) -> tuple[str, ...]:
        try:
            return questions_of(self.cleaned_data["questions"])
        except DomainError as error:
            raise forms.ValidationError(sentence(error), code=error.code) from error

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if not self.instance._state.adding:  # noqa: SLF001
            now = models.IntakeTemplate.objects.select_for_update().get(pk=self.instance.pk)
            if self.cleaned_data.get("seen") != _digest(now):
                self.add_error(
                    None,
                    gettext(StaleVersion.message),
                )
        return cleaned


@admin.register(models.IntakeTemplate)
class IntakeTemplateAdmin(ModelAdmin):
    form = IntakeTemplateForm
    list_display = ("name", "count", "used_by")
    list_fullwidth = True
    show_full_result_count = False
    search_fields = ("name",)
    actions = None
    warn_unsaved_form = True
    change_form_outer_after_template = "admin/booking/intaketemplate/preview.html"

    class Media:
        css: ClassVar = {"all": ["booking/offer.css"]}

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        may_edit = (
            self.has_add_permission(request) if obj is None else self.has_change_permission(request, obj)
        )
        return ["name", "questions", "seen"] if may_edit else ["name", "shown_questions"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("shown_questions",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[models.IntakeTemplate]:
        services = models.Service.objects.only("id", "name", "intake_template_id", "position")
        return super().get_queryset(request).prefetch_related(Prefetch("services", queryset=services))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A template that a service uses stays."""
        if obj is None or not super().has_delete_permission(request, obj):
            return False
        return not list(obj.services.all())

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        template = self.get_object(request, object_id) if object_id else None
        context = {"template": template, **(extra_context or {})}
        if template is not None:
            context["services"] = [service.name for service in template.services.all()]
        return super().changeform_view(request, object_id, form_url, context)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        before = len(models.IntakeTemplate.objects.get(pk=obj.pk).questions) if change else 0
        obj.questions = list(form.cleaned_data["questions"])
        super().save_model(request, obj, form, change)
        self._record(request, obj, before, len(obj.questions))

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        self._record(request, obj, len(obj.questions), 0)
        super().delete_model(request, obj)

    def _record(self, request: HttpRequest, obj: Any, before: int, after: int) -> None:
        wiring.record_settings(
            actor=actor_of(request),
            entity="intaketemplate",
            entity_id=str(obj.pk),
            changes={"questions_count": (before, after)},
        )

    @display(description=_("questions"))
    def count(self, template: models.IntakeTemplate) -> str:
        number = len(template.questions)
        return ngettext("%(count)d question", "%(count)d questions", number) % {"count": number}

    @display(description=_("used by services"))
    def used_by(self, template: models.IntakeTemplate) -> str:
        return ", ".join(service.name for service in template.services.all()) or gettext("by none yet")

    @display(description=_("questions"))
    def shown_questions(self, template: models.IntakeTemplate) -> str:
        return "\n".join(template.questions)


def _digest(template: models.IntakeTemplate) -> str:
    return "\n".join([template.name, *template.questions])
