"""The calendar: a page, and the feed it reads. Moving by drag makes the same call as the dialog does."""

import json
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from apps.booking import wiring
from apps.booking.domain.cancellation import CanceledBy
from apps.booking.domain.working_time import working_periods
from apps.booking.infrastructure.queries.agenda import (
    AppointmentLine,
    SpecialistCard,
    between,
    specialist_for,
)
from apps.booking.infrastructure.queries.appointment_list import forget_counts
from apps.booking.infrastructure.queries.week_load import schedule_of
from apps.booking.presentation.admin.appointment_commands import RESCHEDULE, possible
from apps.booking.presentation.admin.appointment_pages import AppointmentPages
from apps.booking.presentation.admin.appointment_wording import FORMAT_NAMES, STATUS_NAMES
from apps.kernel.domain.errors import DomainError
from apps.kernel.domain.period import Period
from apps.kernel.presentation.admin.acting import actor_of
from apps.kernel.presentation.admin.refusals import sentence
from apps.kernel.presentation.admin.wording import instant_text

MORNING = "08:30:00"
"""Where the day is scrolled to when the calendar opens."""
LONGEST = timedelta(days=62)
SHOWN = ("requested", "pending_payment", "confirmed", "completed", "no_show")


class CalendarPages(AppointmentPages):
    """Addresses of the ModelAdmin."""

    def calendar_urls(self) -> list[URLPattern]:
        return [
            self.named("calendar/", self.calendar_view, "calendar"),
            self.named("calendar/feed/", require_GET(self.feed_view), "calendar_feed"),
            self.named("<uuid:object_id>/drag/", require_POST(self.drag_view), "drag"),
        ]

    def calendar_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        specialist = specialist_for(request.user.pk)
        zone = ZoneInfo(specialist.time_zone if specialist else timezone.get_default_timezone_name())
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Calendar"),
            "breadcrumbs": [(gettext("Calendar"), "")],
            "specialist": specialist,
            "legend": [(status, STATUS_NAMES[status]) for status in SHOWN],
            "calendar": {
                "feed": reverse("admin:booking_appointment_calendar_feed"),
                "book": reverse("admin:booking_appointment_book"),
                "now": _wall(timezone.now(), zone),
                "scroll": MORNING,
                "mayBook": request.user.has_perm("booking.add_appointment"),
                "question": gettext("Move the session with %(client)s to %(when)s?"),
                "failed": gettext("The calendar cannot be reached. Check the connection and try again."),
                "empty": gettext("Nothing is booked in this period."),
            },
        }
        return TemplateResponse(request, "booking/calendar.html", context)

    def feed_view(self, request: HttpRequest) -> JsonResponse:
        """Events of ``[start, end)`` (ISO 8601), by the wall clock of the specialist's zone."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        start, end = _instant(request.GET.get("start")), _instant(request.GET.get("end"))
        specialist = specialist_for(request.user.pk)
        if start is None or end is None or not start < end <= start + LONGEST:
            return JsonResponse({"detail": gettext("Ask for at most two months at a time.")}, status=422)
        if specialist is None:
            return JsonResponse([], safe=False)
        now = timezone.now()
        zone = ZoneInfo(specialist.time_zone)
        lines = between(specialist.id, start - timedelta(days=1), end, now=now)
        events = [_event(line, zone, now) for line in lines if line.end > start]
        return JsonResponse([*events, *_working(specialist, Period(start, end), zone)], safe=False)

    def drag_view(self, request: HttpRequest, object_id: str) -> JsonResponse:
        """Move to ``start`` (wall clock of the specialist's zone); 409 with the reason where it cannot be."""
        if not request.user.has_perm("booking.change_appointment"):
            raise PermissionDenied
        row = self.found(str(object_id))
        start, version = _wanted(request, ZoneInfo(row.specialist.time_zone))
        if start is None:
            return JsonResponse({"detail": gettext("This time does not exist.")}, status=422)
        try:
            view = wiring.reschedule_appointment(
                appointment_id=row.pk,
                actor=actor_of(request),
                by=CanceledBy.SPECIALIST,
                start=start,
                expected_version=version,
            )
        except DomainError as error:
            return JsonResponse({"detail": sentence(error), "code": error.code}, status=409)
        forget_counts()
        when = instant_text(view.start, row.specialist.time_zone, weekday=False, relative=False)
        return JsonResponse({"detail": gettext("Moved to %(when)s.") % {"when": when}})


def _event(line: AppointmentLine, zone: ZoneInfo, now: datetime) -> dict[str, Any]:
    offered = possible(
        status=line.status,
        start=line.start,
        paid_minor=line.paid_minor,
        price_minor=line.price_minor,
        now=now,
    )
    return {
        "id": str(line.id),
        "title": line.client,
        "start": _wall(line.start, zone),
        "end": _wall(line.end, zone),
        "url": reverse("admin:booking_appointment_change", args=[line.id]),
        "classNames": [f"ws-event-{line.status.value}"],
        "editable": RESCHEDULE in offered,
        "extendedProps": {
            "service": line.service,
            "status": str(STATUS_NAMES[line.status]),
            "format": str(FORMAT_NAMES[line.meeting_format]),
            "version": line.version,
            "drag": reverse("admin:booking_appointment_drag", args=[line.id]),
        },
    }


def _working(specialist: SpecialistCard, window: Period, zone: ZoneInfo) -> list[dict[str, Any]]:
    first, last = window.start.astimezone(zone).date(), window.end.astimezone(zone).date()
    schedule = schedule_of(specialist.id, specialist.time_zone, first, last)
    return [
        {
            "start": _wall(period.start, zone),
            "end": _wall(period.end, zone),
            "display": "background",
            "classNames": ["ws-working"],
        }
        for period in working_periods(schedule=schedule, window=window)
    ]


def _wall(instant: datetime, zone: ZoneInfo) -> str:
    return instant.astimezone(zone).replace(tzinfo=None).isoformat()


def _instant(text: str | None) -> datetime | None:
    """A wall-clock or zoned instant; naive ones are read by the practice's clock."""
    try:
        found = parse_datetime((text or "").replace(" ", "+"))
    except ValueError:
        return None
    if found is None:
        return None
    return timezone.make_aware(found) if timezone.is_naive(found) else found


def _wanted(request: HttpRequest, zone: ZoneInfo) -> tuple[datetime | None, int | None]:
    """The start and the version that the browser sent; no start for a time that the zone's clock skips."""
    try:
        body = json.loads(request.body)
        naive = datetime.fromisoformat(str(body["start"])).replace(tzinfo=None)
        version = int(body["version"])
    except (KeyError, TypeError, ValueError):
        return None, None
    start = naive.replace(tzinfo=zone)
    back = start.astimezone(ZoneInfo("UTC")).astimezone(zone).replace(tzinfo=None)
    return (start, version) if back == naive else (None, version)
