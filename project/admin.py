"""Jobs that need attention. Policy: nothing is edited; a job is tried again or dropped, by dialog."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.admin import ModelAdmin
from unfold.decorators import display
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from apps.identity.infrastructure.consent_desk import is_broken
from apps.kernel.infrastructure.models import JobFailure
from apps.kernel.presentation.admin.acting import actor_of
from apps.kernel.presentation.admin.dialogs import DialogForm, Done, dialog_action
from apps.kernel.presentation.admin.wording import instant_text
from project import attention, job_words
from project.backup.standing import is_missed, last_good

DECIDE = ["decide"]
MOST_AT_ONCE = 100


class SeveralForm(DialogForm):
    """Which jobs; all of them unless something else is chosen."""

    jobs = forms.TypedMultipleChoiceField(
        label=_("Jobs"), coerce=int, widget=UnfoldAdminCheckboxSelectMultipleWidget
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        failures: list[Any] = list(attention.resting().order_by("-last_failed_at")[:MOST_AT_ONCE])
        choices = [(failure.pk, job_words.label(failure, failure.arguments)) for failure in failures]
        field: Any = self.fields["jobs"]
        field.choices = choices
        self.initial.setdefault("jobs", [number for number, _text in choices])


@admin.register(JobFailure)
class JobFailureAdmin(ModelAdmin):
    """Jobs that have failed for the last time."""

    list_display = ("what", "about", "reason", "runs", "failed")
    list_display_links = ("what",)
    list_per_page = 25
    list_fullwidth = True
    show_full_result_count = False
    ordering = ("-last_failed_at", "-job_id")
    sortable_by = ()
    actions = None
    actions_list = ("try_several_again", "dismiss_several")
    actions_detail = ("try_again", "dismiss")
    actions_row = ("try_again", "dismiss")
    list_before_template = "kernel/attention_intro.html"
    fields = ("what", "about", "reason", "runs", "first_failed", "failed", "error", "place", "job_id")
    readonly_fields = ("what", "about", "reason", "first_failed", "failed")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_decide_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Whether jobs may be tried again and dropped."""
        return request.user.has_perm("kernel.change_jobfailure")

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        context = {**(extra_context or {}), **_backups(), **_chain()}
        return super().changelist_view(request, extra_context=context)

    def get_queryset(self, request: HttpRequest) -> QuerySet[JobFailure]:
        return attention.resting()

    @display(description=_("what"))
    def what(self, failure: Any) -> str:
        return job_words.task_text(failure.task_name, failure.arguments)

    @display(description=_("about"))
    def about(self, failure: Any) -> SafeString | str:
        lines = job_words.about(failure.arguments)
        return format_html('<span class="ws-sub">{}</span>', ", ".join(lines)) if lines else "—"

    @display(description=_("reason"))
    def reason(self, failure: Any) -> str:
        return job_words.reason_text(failure)

    @display(description=_("first failed"))
    def first_failed(self, failure: Any) -> str:
        return instant_text(failure.first_failed_at, timezone.get_current_timezone_name())

    @display(description=_("last failed"))
    def failed(self, failure: Any) -> str:
        return instant_text(failure.last_failed_at, timezone.get_current_timezone_name())

    @dialog_action(
        title=_("Run again"),
        heading=_("Try this job again"),
        description=_("It runs within seconds, and is repeated with growing pauses if it fails."),
        permissions=DECIDE,
        submit=_("Run again"),
        icon="replay",
        primary=True,
    )
    def try_again(self, request: HttpRequest, form: Any, object_id: str) -> Done:
        return self._try_again(request, [_number(object_id)])

    @dialog_action(
        title=_("Dismiss"),
        heading=_("Drop this job undone"),
        description=_("What it was to do will not be done. Choose this when it was done in another way."),
        permissions=DECIDE,
        submit=_("Dismiss"),
        icon="delete",
        danger=True,
    )
    def dismiss(self, request: HttpRequest, form: Any, object_id: str) -> Done:
        return self._dismiss(request, [_number(object_id)])

    @dialog_action(
        title=_("Try several again"),
        description=_("They run within seconds, and are repeated with growing pauses if they fail."),
        permissions=DECIDE,
        form_class=SeveralForm,
        submit=_("Run again"),
        icon="replay",
        primary=True,
    )
    def try_several_again(self, request: HttpRequest, form: SeveralForm) -> Done:
        return self._try_again(request, form.cleaned_data["jobs"])

    @dialog_action(
        title=_("Dismiss several"),
        description=_("What they were to do will not be done."),
        permissions=DECIDE,
        form_class=SeveralForm,
        submit=_("Dismiss"),
        icon="delete",
        danger=True,
    )
    def dismiss_several(self, request: HttpRequest, form: SeveralForm) -> Done:
        return self._dismiss(request, form.cleaned_data["jobs"])

    def _try_again(self, request: HttpRequest, job_ids: list[int]) -> Done:
        count = attention.try_again(job_ids, actor=actor_of(request), at=timezone.now())
        text = ngettext("The job runs again.", "%(count)s jobs run again.", count)
        return Done(message=text % {"count": count}, url=self._list())

    def _dismiss(self, request: HttpRequest, job_ids: list[int]) -> Done:
        count = attention.dismiss(job_ids, actor=actor_of(request), at=timezone.now())
        text = ngettext("The job is dropped.", "%(count)s jobs are dropped.", count)
        return Done(message=text % {"count": count}, url=self._list())

    def _list(self) -> str:
        return reverse("admin:kernel_jobfailure_changelist")


def _chain() -> dict[str, Any]:
    """What the page says of the chain of consents: nothing, unless its last check found a problem."""
    if not is_broken():
        return {}
    return {"chain_problem": True, "chain_url": reverse("admin:identity_consentchaincheck_changelist")}


def _backups() -> dict[str, Any]:
    """What the page says of backups: nothing, unless one was missed."""
    if not is_missed():
        return {}
    last = last_good()
    zone = timezone.get_current_timezone_name()
    return {
        "backup_missed": True,
        "backup_last": instant_text(last.finished_at, zone, relative=False) if last else "",
    }


def _number(object_id: str) -> int:
    """The number in an address; one that no job can have when it is none."""
    return int(object_id) if object_id.isdecimal() and len(object_id) < 19 else 0
