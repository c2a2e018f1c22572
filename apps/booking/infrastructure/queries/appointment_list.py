"""The workspace's list of appointments: fast on every page of a table that grows for years."""

from contextlib import suppress
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.postgres.expressions import ArraySubquery
from django.core.cache import cache
from django.core.paginator import Page, Paginator
from django.db import connection
from django.db.models import Func, IntegerField, Q, QuerySet

from apps.booking.domain.lifecycle import ACTIVE, AppointmentStatus
from apps.booking.infrastructure.models import Appointment, Service
from apps.booking.infrastructure.queries.agenda import SEEN, day_bounds, overdue
from apps.kernel.infrastructure.fields import preload_keys

_S = AppointmentStatus
COUNTED_EXACTLY = 200_000
"""Up to this many rows, as the planner estimates, counting costs a few milliseconds; above, the estimate
serves."""
MOST_COUNTED = 100
"""Counts beside tabs stop here: nobody needs to know more than "99+"."""
_TABLE = Appointment._meta.db_table
_COUNTS_KEY = "booking/waiting-counts"
_COUNTS_LIFETIME = timedelta(seconds=30)


class Tab(StrEnum):
    TODAY = "today"
    UPCOMING = "upcoming"
    AWAITING_ANSWER = "answer"
    AWAITING_PAYMENT = "payment"
    WITHOUT_OUTCOME = "outcome"
    PAST = "past"
    ALL = "all"

    @property
    def is_ascending(self) -> bool:
        """Whether the earliest comes first: what lies ahead is read forwards, the past backwards."""
        return self not in {Tab.PAST, Tab.ALL}


ORDERING = ("-start", "id")


def ordering_of(tab: Tab) -> tuple[str, ...]:
    """Both directions are served by one index."""
    return ("start", "-id") if tab.is_ascending else ORDERING


def of_tab(tab: Tab, *, now: datetime, time_zone: str) -> Q:
    """What a tab shows; ``time_zone`` decides when today begins."""
    if tab is Tab.TODAY:
        today = now.astimezone(ZoneInfo(time_zone)).date()
        start, end = day_bounds(today, today, time_zone)
        return Q(start__gte=start, start__lt=end, status__in=list(SEEN)) & ~overdue(now)
    if tab is Tab.UPCOMING:
        return Q(start__gte=now, status__in=sorted(ACTIVE)) & ~overdue(now)
    if tab is Tab.PAST:
        return Q(start__lt=now)
    return _waits(now).get(tab, Q())


def waiting_counts(now: datetime) -> dict[Tab, int]:
    """How many appointments wait for the specialist, per tab, at most 30 s old, up to MOST_COUNTED each."""
    counts: dict[Tab, int] | None = cache.get(_COUNTS_KEY)
    if counts is None:
        counts = _count(now)
        cache.set(_COUNTS_KEY, counts, _COUNTS_LIFETIME.total_seconds())
    return counts


def forget_counts() -> None:
    """After a command: the person who gave it sees fresh counts."""
    cache.delete(_COUNTS_KEY)


def matching(term: str, *, client_ids: list[UUID]) -> Q:
    """Appointments of these clients, of services named like ``term``, or with this very id."""
    services = Service.objects.filter(Q(name__icontains=term) | Q(internal_name__icontains=term))
    found = Q(service_id__in=services.order_by().values("id"))
    if client_ids:
        found |= Q(client_id__in=client_ids)
    with suppress(ValueError):
        found |= Q(pk=UUID(term))
    return found


class AppointmentPaginator(Paginator):
    """Finds a page by index alone and reads only its rows; from the nearer end, where the count is exact.

    A page after the last is empty instead of an error: the count may be an estimate.
    """

    object_list: QuerySet[Appointment]
    _is_estimate = False

    @cached_property
    def count(self) -> int:
        if not self.object_list.query.where:
            estimate = _estimated_rows()
            if estimate > COUNTED_EXACTLY:
                self._is_estimate = True
                return estimate
        return self.object_list.order_by().values("pk").count()

    def validate_number(self, number: Any) -> int:
        return max(1, int(number))

    def page(self, number: Any) -> Page:
        number = self.validate_number(number)
        first = (number - 1) * self.per_page
        keys = self._keys(first, first + self.per_page)
        rows = Appointment.objects.select_related("client", "specialist").order_by().in_bulk(keys)
        preload_keys(row.client for row in rows.values() if not row.client.display_name)
        return Page([rows[key] for key in keys if key in rows], number, self)

    def _keys(self, first: int, last: int) -> list[UUID]:
        keys = self.object_list.values_list("pk", flat=True)
        if self._is_estimate or first <= self.count // 2:
            return list(keys[first:last])
        if first >= self.count:
            return []
        return list(keys.reverse()[max(self.count - last, 0) : self.count - first])[::-1]


def _count(now: datetime) -> dict[Tab, int]:
    waits = _waits(now)
    counted = {
        tab.value: Func(
            ArraySubquery(Appointment.objects.filter(which).order_by().values("pk")[:MOST_COUNTED]),
            function="cardinality",
            output_field=IntegerField(),
        )
        for tab, which in waits.items()
    }
    found = Appointment.objects.order_by().values(**counted).first()
    return {tab: found[tab.value] if found else 0 for tab in waits}


def _waits(now: datetime) -> dict[Tab, Q]:
    return {
        Tab.AWAITING_ANSWER: Q(status=_S.REQUESTED, answer_due_at__gt=now),
        Tab.AWAITING_PAYMENT: Q(status=_S.PENDING_PAYMENT, hold_expires_at__gt=now),
        Tab.WITHOUT_OUTCOME: Q(status=_S.CONFIRMED, start__lte=now),
    }


def _estimated_rows() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples::bigint FROM pg_class WHERE oid = %s::regclass", [_TABLE])
        return int(cursor.fetchone()[0])
