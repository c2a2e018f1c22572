"""The terms of keeping: the rules in words, and what was removed when. Policy: nothing is changed here."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib import admin
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import display

from apps.kernel.application.retention import RetentionRule, Term, rules
from apps.kernel.infrastructure.retention import HOURLY, NIGHTLY
from apps.kernel.infrastructure.upkeep_records import RetentionRun
from apps.kernel.presentation.admin.wording import instant_text

RECENT = timedelta(days=30)


def term_text(term: Term) -> str:
    """``3 years``, ``90 days``, ``24 hours``; empty when there is none."""
    parts = [
        (term.years, ngettext("%(count)s year", "%(count)s years", term.years)),
        (term.days, ngettext("%(count)s day", "%(count)s days", term.days)),
        (term.hours, ngettext("%(count)s hour", "%(count)s hours", term.hours)),
    ]
    return " ".join(text % {"count": count} for count, text in parts if count)


def next_run(rule: RetentionRule, *, now: datetime) -> datetime:
    """When the rule is applied the next time."""
    minute, hour = (HOURLY if rule.hourly else NIGHTLY).split()[:2]
    moment = now.astimezone(UTC).replace(minute=int(minute), second=0, microsecond=0)
    if hour != "*":
        moment = moment.replace(hour=int(hour))
    return moment if moment > now else moment + (timedelta(hours=1) if hour == "*" else timedelta(days=1))


@admin.register(RetentionRun)
class RetentionRunAdmin(ModelAdmin):
    """What was removed because its term was over; above the list, the rules themselves."""

    list_display = ("what", "shown_removed", "older_than", "when")
    list_display_links = None
    list_per_page = 25
    list_fullwidth = True
    show_full_result_count = False
    sortable_by = ()
    actions = None
    list_before_template = "kernel/retention_rules.html"
    fields = ("what", "shown_removed", "older_than", "when")
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        context = {**(extra_context or {}), "retention_rules": _rules_in_words(timezone.now())}
        return super().changelist_view(request, extra_context=context)

    @display(description=_("what was removed"))
    def what(self, run: RetentionRun) -> str:
        titles = {rule.code: gettext(rule.title) for rule in rules()}
        return titles.get(run.rule, run.rule)

    @display(description=_("how many"))
    def shown_removed(self, run: RetentionRun) -> str:
        return str(run.removed) if run.removed else gettext("nothing was due")

    @display(description=_("older than"))
    def older_than(self, run: RetentionRun) -> str:
        return _moment_text(run.cut_off)

    @display(description=_("when"))
    def when(self, run: RetentionRun) -> str:
        return _moment_text(run.finished_at)


def _rules_in_words(now: datetime) -> list[dict[str, Any]]:
    """Every rule with its last run and what went in the last thirty days: two statements."""
    runs = RetentionRun.objects.order_by("rule", "-finished_at").distinct("rule")
    last = {run.rule: run for run in runs}
    recent = RetentionRun.objects.filter(finished_at__gt=now - RECENT).order_by().values("rule")
    sums = {row["rule"]: row["sum"] for row in recent.annotate(sum=Sum("removed"))}
    return [
        {
            "title": gettext(rule.title),
            "kept": capfirst(f"{term_text(rule.term)} {gettext(rule.since)}".strip()),
            "last": _moment_text(last[rule.code].finished_at) if rule.code in last else "",
            "next": _moment_text(next_run(rule, now=now)),
            "recent": sums.get(rule.code, 0),
        }
        for rule in rules()
    ]


def _moment_text(moment: datetime) -> str:
    return instant_text(moment, timezone.get_current_timezone_name())
