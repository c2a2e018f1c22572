"""The first page: the specialist's day at a glance."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import gettext, ngettext

from apps.booking.domain.lifecycle import AppointmentStatus
from apps.booking.domain.service import ServiceStatus
from apps.booking.infrastructure.queries import agenda
from apps.booking.infrastructure.queries.agenda import AppointmentLine, SpecialistCard, Waiting
from apps.booking.infrastructure.queries.next_free import next_free
from apps.booking.infrastructure.queries.waitlist_list import count_open
from apps.booking.infrastructure.queries.week_load import DayLoad, loads, schedule_of
from apps.booking.models import Service
from apps.booking.presentation.admin.appointment_commands import possible
from apps.booking.presentation.admin.appointment_wording import (
    FORMAT_ICONS,
    FORMAT_NAMES,
    STATUS_ICONS,
    STATUS_NAMES,
    paid_text,
)
from apps.booking.presentation.admin.follow_ups import card as follow_up_card
from apps.identity.facade import Access, Area, access, may
from apps.kernel.presentation.admin.wording import instant_text, length_text, money_text

_S = AppointmentStatus
ANSWERS_SHOWN = 5
SERVICES_SHOWN = 5
EARNING = {_S.CONFIRMED, _S.COMPLETED, _S.NO_SHOW}
MORNING, DAY, EVENING = 5, 12, 18
_MINUTES = 60


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Unfold's callback: the context of the first page; a constant number of statements."""
    now = timezone.now()
    context |= {"title": gettext("Overview"), "breadcrumbs": [(gettext("Overview"), "")]}
    role = getattr(request.user, "role", "")
    if not may(role, Area.DASHBOARD, "view"):
        return {
            **context,
            "ws_closed": True,
            "greeting": _greeting(request, now, timezone.get_default_timezone_name()),
        }
    specialist = agenda.specialist_for(request.user.pk)
    zone = specialist.time_zone if specialist else timezone.get_default_timezone_name()
    context |= {
        "greeting": _greeting(request, now, zone),
        "today": date_format(now.astimezone(ZoneInfo(zone)).date(), "l, j E").capitalize(),
        "specialist": specialist,
        "book_url": reverse("admin:booking_appointment_book"),
        "may_book": request.user.has_perm("booking.add_appointment"),
        "may_change": request.user.has_perm("booking.change_appointment"),
    }
    if specialist is None:
        return context
    return {**context, **_day(specialist, now, whole=access(role, Area.DASHBOARD) is Access.FULL)}


def _day(specialist: SpecialistCard, now: datetime, *, whole: bool) -> dict[str, Any]:
    zone, today = specialist.time_zone, specialist.today(now)
    monday = today - timedelta(days=today.weekday())
    sunday = monday + timedelta(days=6)
    week = agenda.between(specialist.id, *agenda.day_bounds(monday, sunday, zone), now=now)
    start, end = agenda.day_bounds(today, today, zone)
    of_today = [line for line in week if start <= line.start < end]
    load = loads(schedule_of(specialist.id, zone, monday, sunday), monday, sunday, week)
    waiting = agenda.count_waiting(now)
    return {
        "cards": [
            *_cards(of_today, load[today.weekday()], waiting, week, whole=whole, now=now),
            *follow_up_card(now),
        ],
        "agenda": [_row(line, zone, now) for line in of_today],
        "answers": [_row(line, zone, now) for line in agenda.awaiting_answer(now, limit=ANSWERS_SHOWN)],
        "week": [_bar(day, today, max((each.available for each in load), default=0)) for day in load],
        "week_total": _week_total(load),
        "free": _free_times(now, zone),
    }


def _greeting(request: HttpRequest, now: datetime, zone: str) -> str:
    hour = now.astimezone(ZoneInfo(zone)).hour
    name = {"name": str(request.user)}
    if MORNING <= hour < DAY:
        return gettext("Good morning, %(name)s") % name
    if DAY <= hour < EVENING:
        return gettext("Good afternoon, %(name)s") % name
    return gettext("Good evening, %(name)s") % name


def _cards(
    of_today: list[AppointmentLine],
    load: DayLoad,
    waiting: Waiting,
    week: list[AppointmentLine],
    *,
    whole: bool,
    now: datetime,
) -> list[dict[str, Any]]:
    appointments = reverse("admin:booking_appointment_changelist")
    sessions = len(of_today)
    queue, with_opening = count_open(now)
    cards: list[dict[str, Any]] = [
        {
            "title": gettext("Today"),
            "value": ngettext("%(count)d session", "%(count)d sessions", sessions) % {"count": sessions},
            "note": gettext("%(share)d %% of working time") % {"share": load.share}
            if load.available
            else gettext("a day without working hours"),
            "share": load.share if load.available else None,
            "url": f"{appointments}?tab=today",
            "icon": "today",
        },
        {
            "title": gettext("Awaiting an answer"),
            "value": ngettext("%(count)d request", "%(count)d requests", waiting.answer)
            % {"count": waiting.answer},
            "note": gettext("answer them first") if waiting.answer else gettext("everybody has an answer"),
            "tone": "requested" if waiting.answer else "",
            "url": f"{appointments}?tab=answer",
            "icon": "notification_important",
        },
        {
            "title": gettext("Awaiting payment"),
            "value": ngettext("%(count)d hold", "%(count)d holds", waiting.payment)
            % {"count": waiting.payment},
            "note": gettext("the time is kept for them")
            if waiting.payment
            else gettext("nothing is on hold"),
            "url": f"{appointments}?tab=payment",
            "icon": "hourglass_top",
        },
        {
            "title": gettext("Waitlist"),
            "value": ngettext("%(count)d person", "%(count)d people", queue) % {"count": queue},
            "note": gettext("a suitable time is free for %(count)d") % {"count": with_opening}
            if with_opening
            else gettext("no suitable time yet")
            if queue
            else gettext("nobody is waiting"),
            "tone": "confirmed" if with_opening else "",
            "url": reverse("admin:booking_waitlistrequest_changelist"),
            "icon": "group_add",
        },
    ]
    if whole:
        earned = sum(line.paid_minor for line in week if line.status in EARNING)
        expected = sum(line.price_minor for line in week if line.status in EARNING)
        cards.append(
            {
                "title": gettext("Revenue of the week"),
                "value": money_text(earned),
                "note": gettext("all is paid")
                if expected == earned
                else gettext("of %(amount)s confirmed") % {"amount": money_text(expected)},
                "url": f"{appointments}?tab=all",
                "icon": "account_balance_wallet",
            }
        )
    return cards


def _row(line: AppointmentLine, zone: str, now: datetime) -> dict[str, Any]:
    offered = possible(
        status=line.status,
        start=line.start,
        paid_minor=line.paid_minor,
        price_minor=line.price_minor,
        now=now,
    )
    local = ZoneInfo(zone)
    due = line.answer_due_at if line.status is _S.REQUESTED else line.hold_expires_at
    return {
        "line": line,
        "url": reverse("admin:booking_appointment_change", args=[line.id]),
        "time": f"{line.start.astimezone(local):%H:%M}",
        "until": f"{line.end.astimezone(local):%H:%M}",
        "when": instant_text(line.start, zone, now=now),
        "is_past": line.end <= now,
        "is_now": line.start <= now < line.end,
        "left": length_text(due - now) if due and due > now else "",
        "status": {
            "status": line.status.value,
            "name": STATUS_NAMES[line.status],
            "icon": STATUS_ICONS[line.status],
        },
        "format": {"icon": FORMAT_ICONS[line.meeting_format], "text": FORMAT_NAMES[line.meeting_format]},
        "money": paid_text(line.paid_minor, line.price_minor, line.currency),
        "commands": [{"command": each, "url": each.url(line.id)} for each in offered],
        "menu": [
            {"title": each.title, "icon": each.icon, "url": each.url(line.id)}
            for each in offered
            if each.tone != "primary"
        ],
    }


def _bar(day: DayLoad, today: date, most: int) -> dict[str, Any]:
    top = max(most, day.booked, 1)
    return {
        "name": date_format(day.day, "D"),
        "date": date_format(day.day, "j E"),
        "is_today": day.day == today,
        "available": round(100 * day.available / top),
        "booked": round(100 * day.booked / top),
        "text": gettext("%(booked)s of %(available)s h")
        % {"booked": _hours(day.booked), "available": _hours(day.available)}
        if day.available
        else gettext("day off")
        if not day.booked
        else gettext("%(booked)s h outside working hours") % {"booked": _hours(day.booked)},
        "short": f"{_hours(day.booked)}/{_hours(day.available)}" if day.available else "—",
    }


def _hours(minutes: int) -> str:
    return f"{minutes / _MINUTES:.1f}".removesuffix(".0").replace(".", ",")


def _week_total(load: list[DayLoad]) -> str:
    booked, available = sum(day.booked for day in load), sum(day.available for day in load)
    if not available:
        return gettext("There are no working hours this week.")
    return gettext("%(booked)s h of %(available)s h are booked: %(share)d %%") % {
        "booked": _hours(booked),
        "available": _hours(available),
        "share": round(100 * booked / available),
    }


def _free_times(now: datetime, zone: str) -> list[dict[str, Any]]:
    services = Service.objects.filter(status=ServiceStatus.PUBLISHED).select_related("specialist")
    rows = list(services.order_by("position", "name")[:SERVICES_SHOWN])
    found = next_free(rows, now=now)
    times = []
    for row in rows:
        start = found.get(row.pk)
        local = start.astimezone(ZoneInfo(row.specialist.time_zone)) if start else None
        query = (
            {"service": row.slug, "from_day": local.date().isoformat(), "start": start.isoformat()}
            if start and local
            else {}
        )
        times.append(
            {
                "service": str(row),
                "when": instant_text(start, zone, now=now) if start else "",
                "url": f"{reverse('admin:booking_appointment_book')}?{urlencode(query)}" if query else "",
            }
        )
    return times
