"""The week editor: one page per specialist, saved whole, after a look at the appointments it touches."""

from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext
from unfold.admin import ModelAdmin

from apps.booking import models, wiring
from apps.booking.application.change_schedule import AppointmentsTouched, KeptSchedule
from apps.booking.infrastructure import labels
from apps.booking.infrastructure.queries.schedule_impact import touched_appointments
from apps.booking.presentation.admin.schedule_edits import Editor, edit
from apps.booking.presentation.admin.schedule_picture import two_weeks
from apps.booking.presentation.admin.schedule_rows import MOST_OVERRIDES, ScheduleRows
from apps.kernel.domain.errors import DomainError, StaleVersion
from apps.kernel.presentation.admin.acting import actor_of
from apps.kernel.presentation.admin.refusals import sentence
from apps.kernel.presentation.admin.wording import span_text, zone_text

CLOCK_TIMES = [f"{minute // 60:02d}:{minute % 60:02d}" for minute in range(7 * 60, 24 * 60 + 1, 30)]
"""What the fields of times suggest."""


@admin.register(models.WeeklyHours)
class ScheduleAdmin(ModelAdmin):
    """The list of weekly hours is the editor; there are no pages of single rows."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._to_editor(request)

    def history_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._to_editor(request)

    def _to_editor(self, request: HttpRequest) -> HttpResponse:
        if request.method == "POST" or not self.has_view_permission(request):
            raise PermissionDenied
        return HttpResponseRedirect(reverse(f"{self.admin_site.name}:booking_weeklyhours_changelist"))

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method == "POST" and not self.has_change_permission(request):
            raise PermissionDenied
        specialists = list(models.Specialist.objects.all())
        specialist = _chosen(specialists, request.GET.get("specialist", ""))
        if specialist is None:
            return self._page(request, specialists, None)
        if request.method != "POST":
            return self._page(request, specialists, _opened(specialist))
        editor = _posted(specialist, request)
        if request.POST.get("do", "save") in {"save", "save_anyway"}:
            saved = _save(request, editor)
            if saved is not None:
                messages.success(request, saved)
                return HttpResponseRedirect(request.get_full_path())
        else:
            edit(editor, request)
        return self._page(request, specialists, editor)

    def _page(
        self, request: HttpRequest, specialists: list[models.Specialist], editor: Editor | None
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Schedule"),
            "specialists": specialists,
            "editor": editor,
            "may_change": self.has_change_permission(request),
        }
        if editor is not None:
            zone = editor.specialist.time_zone
            context |= {
                "days": _days(editor),
                "weekdays": labels.WEEKDAYS,
                "clock_times": CLOCK_TIMES,
                "zone": zone_text(zone, wiring.clock.now()),
                "years": [editor.today.year, editor.today.year + 1],
                "picture": two_weeks(editor.specialist, editor.rows, today=editor.today),
                "list_of_dates": _reverse("admin:booking_dateoverride_changelist"),
                "may_import": request.user.has_perm("booking.import_dateoverride"),
            }
        return TemplateResponse(request, "admin/booking/schedule/editor.html", context)


def touched_words(ids: tuple[UUID, ...], specialist: models.Specialist) -> list[dict[str, Any]]:
    """The appointments as the page lists them."""
    return [
        {
            "id": str(each.id),
            "when": span_text(each.start, each.end, specialist.time_zone, now=wiring.clock.now()),
            "client": each.client,
            "service": each.service,
            "status": each.status,
            "url": _reverse("admin:booking_appointment_change", each.id),
        }
        for each in touched_appointments(ids)
    ]


def local_today(specialist: models.Specialist) -> date:
    return wiring.clock.now().astimezone(ZoneInfo(specialist.time_zone)).date()


def _chosen(specialists: list[models.Specialist], wanted: str) -> models.Specialist | None:
    found = next((each for each in specialists if str(each.pk) == wanted), None)
    return found or (specialists[0] if specialists else None)


def _opened(specialist: models.Specialist) -> Editor:
    kept = wiring.schedules.get(specialist.pk, lock=False)
    today = local_today(specialist)
    until, hidden = _shown_until(kept, today)
    return Editor(
        specialist=specialist,
        today=today,
        rows=ScheduleRows.of_schedule(
            kept.schedule.weekly,
            [each for each in kept.overrides if until is None or each.override.date < until],
            today=today,
        ),
        version=kept.version,
        until=until,
        hidden_count=hidden,
    )


def _shown_until(kept: KeptSchedule, today: date) -> tuple[date | None, int]:
    """Where the page ends when there are more exceptions than one page holds; the rest stays untouched."""
    dates = [each.override.date for each in kept.overrides if each.override.date >= today]
    room = MOST_OVERRIDES - 30
    if len(dates) <= room:
        return None, 0
    until = dates[room]
    return until, sum(day >= until for day in dates)


def _posted(specialist: models.Specialist, request: HttpRequest) -> Editor:
    today = local_today(specialist)
    try:
        until = date.fromisoformat(request.POST.get("until", ""))
    except ValueError:
        until = None
    hidden = request.POST.get("hidden_count", "")
    return Editor(
        specialist=specialist,
        today=today,
        rows=ScheduleRows.of_post(request.POST, today=today),
        version=request.POST.get("version", ""),
        until=until,
        hidden_count=int(hidden) if hidden.isdecimal() and len(hidden) < 6 else 0,
    )


def _save(request: HttpRequest, editor: Editor) -> str | None:
    """The message of success, or None when something is to be shown first."""
    editor.show_errors = True
    if not editor.rows.is_valid():
        editor.refusal = gettext("Nothing has been saved yet: please mend the rows marked in red.")
        return None
    accepted: frozenset[UUID] = frozenset()
    if request.POST.get("do") == "save_anyway":
        accepted = frozenset(_ids(request.POST.getlist("accepted")))
    try:
        change = wiring.change_schedule(
            actor=actor_of(request),
            specialist_id=editor.specialist.pk,
            weekly=editor.rows.hours,
            overrides=editor.rows.noted,
            since=editor.today,
            until=editor.until,
            expected_version=editor.version,
            accepted=accepted,
        )
    except AppointmentsTouched as error:
        editor.touched = touched_words(error.appointment_ids, editor.specialist)
        return None
    except StaleVersion:
        editor.stale = True
        return None
    except DomainError as error:
        editor.refusal = sentence(error)
        return None
    if change.touched:
        return gettext("The schedule is saved. The appointments outside working time stay as they are.")
    return gettext("The schedule is saved.")


def _ids(texts: list[str]) -> list[UUID]:
    ids = []
    for text in texts:
        try:
            ids.append(UUID(text))
        except ValueError:
            continue
    return ids


def _days(editor: Editor) -> list[dict[str, Any]]:
    """The weekdays, each with its rows and their place among all rows."""
    rows = editor.rows
    return [
        {
            "code": code,
            "name": name,
            "is_focused": editor.focus == f"add-{code}",
            "rows": [
                (index, form)
                for index, form in enumerate(rows.hours_forms)
                if rows.weekly[index]["weekday"] == str(code)
            ],
        }
        for code, name in labels.WEEKDAYS
    ]


def _reverse(view: str, *args: Any) -> str:
    try:
        return reverse(view, args=args)
    except NoReverseMatch:
        return ""
