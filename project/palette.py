"""The command palette: pages, clients by name or contact, appointments by id or date."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from unfold.dataclasses import SearchResult

from apps.booking.infrastructure.queries.agenda import (
    AppointmentLine,
    SpecialistCard,
    between,
    day_bounds,
    one,
    specialist_for,
)
from apps.booking.presentation.admin.appointment_wording import STATUS_NAMES
from apps.identity.facade import Client, search_clients
from apps.kernel.presentation.admin.wording import instant_text
from project.navigation import GROUPS

LIMIT = 8
"""How many results are shown at most."""
_SHORTEST = 2
_FEW = 2


def find(request: HttpRequest, term: str) -> list[SearchResult]:
    """What matches ``term``, of what ``request.user`` may open; at most LIMIT."""
    term = term.strip()
    if len(term) < _SHORTEST:
        return []
    results = [*_pages(request, term), *_appointments(request, term), *_clients(request, term)]
    return results[:LIMIT]


def _pages(request: HttpRequest, term: str) -> list[SearchResult]:
    return [
        SearchResult(
            title=str(page.title), description=str(group.title), link=page.url + page.query, icon=page.icon
        )
        for group in GROUPS
        for page in group.pages
        if term.casefold() in str(page.title).casefold() and page.is_open_to(request)
    ]


def _clients(request: HttpRequest, term: str) -> list[SearchResult]:
    if not request.user.has_perm("identity.view_client"):
        return []
    results = []
    found = search_clients(term=term, limit=LIMIT)
    for client in found:
        name = client.display_name or client.email or client.phone or ""
        results.append(_client(client, name))
        if len(found) <= _FEW and request.user.has_perm("identity.view_consent"):
            results.append(_consents(client, name))
    return results


def _client(client: Client, name: str) -> SearchResult:
    return SearchResult(
        title=name,
        description=client.email or client.phone or gettext("client"),
        link=reverse("admin:identity_client_change", args=[client.id]),
        icon="person",
    )


def _consents(client: Client, name: str) -> SearchResult:
    return SearchResult(
        title=name,
        description=gettext("consents"),
        link=reverse("admin:identity_consent_person", args=[client.id]),
        icon="handshake",
    )


def _appointments(request: HttpRequest, term: str) -> list[SearchResult]:
    if not request.user.has_perm("booking.view_appointment"):
        return []
    specialist = specialist_for(request.user.pk)
    if specialist is None:
        return []
    return [
        SearchResult(
            title=f"{instant_text(line.start, specialist.time_zone).capitalize()} · {line.client}",
            description=f"{line.service}, {STATUS_NAMES[line.status]}",
            link=reverse("admin:booking_appointment_change", args=[line.id]),
            icon="event_note",
        )
        for line in _matching(term, specialist)
    ]


def _matching(term: str, specialist: SpecialistCard) -> list[AppointmentLine]:
    now = timezone.now()
    try:
        line = one(UUID(term), now=now)
        return [line] if line else []
    except ValueError:
        day = _day(term, specialist.today(now))
    return between(specialist.id, *day_bounds(day, day, specialist.time_zone), now=now) if day else []


def _day(term: str, today: date) -> date | None:
    """A day as people type it: today's name, ``12.12.2026``, ``12.12``, ``2026-12-12``."""
    near = {gettext("today"): 0, gettext("tomorrow"): 1, gettext("yesterday"): -1}
    if term.casefold() in near:
        return today + timedelta(days=near[term.casefold()])
    for pattern in ("%d.%m.%Y", "%d.%m.%y", "%Y-%m-%d"):
        for text in (term, f"{term}.{today.year}"):
            try:
                return datetime.strptime(text, pattern).date()  # noqa: DTZ007 - a date has no zone
            except ValueError:
                continue
    return None
