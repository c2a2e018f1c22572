"""The waitlist as the practice works through it: in the order in which people joined."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, DateTimeField, Exists, F, OuterRef, Prefetch, Q, QuerySet, When

from apps.booking.domain.lifecycle import ACTIVE, AppointmentStatus
from apps.booking.domain.outcome import Outcome
from apps.booking.domain.waitlist import OPEN
from apps.booking.domain.waitlist_offer import OfferStatus
from apps.booking.infrastructure import models
from apps.booking.infrastructure.queries.agenda import overdue
from apps.booking.infrastructure.queries.waitlist_offers import status_of

P1 = ("name", "contact")
"""Encrypted; read on the page of one request only."""


def queue(requests: QuerySet[models.WaitlistRequest], *, now: datetime) -> QuerySet[models.WaitlistRequest]:
    """Two statements; names and contacts stay in the database. ``freed`` is freed time that is ahead and
    still free; ``kept`` are the offers (one at most) whose time is kept now."""
    kept = models.WaitlistOffer.objects.select_related("appointment").filter(
        status=OfferStatus.OFFERED,
        appointment__status=AppointmentStatus.PENDING_PAYMENT,
        appointment__hold_expires_at__gt=now,
    )
    return (
        requests.select_related("service", "service__specialist")
        .defer(*P1)
        .annotate(
            freed=Case(
                When(with_opening(now), then=F("opening_start")),
                default=None,
                output_field=DateTimeField(),
            )
        )
        .prefetch_related(Prefetch("offers", queryset=kept, to_attr="kept"))
    )


def with_opening(now: datetime) -> Q:
    """Open requests for which a time was freed that is ahead and that nobody has taken since."""
    taken = models.Appointment.objects.filter(
        specialist=OuterRef("service__specialist"),
        status__in=sorted(ACTIVE),
        start__lte=OuterRef("opening_start"),
        end__gt=OuterRef("opening_start"),
    ).exclude(overdue(now))
    return Q(opening_start__gt=now, status__in=sorted(OPEN)) & ~Q(Exists(taken))


def count_open(now: datetime) -> tuple[int, int]:
    """How many open requests there are, and for how many of them a time is free."""
    found = only_open(models.WaitlistRequest.objects.all()).aggregate(
        open=Count("id"), with_opening=Count("id", filter=with_opening(now))
    )
    return found["open"], found["with_opening"]


def only_open(requests: QuerySet[models.WaitlistRequest]) -> QuerySet[models.WaitlistRequest]:
    return requests.filter(status__in=sorted(OPEN))


def only_done(requests: QuerySet[models.WaitlistRequest]) -> QuerySet[models.WaitlistRequest]:
    return requests.exclude(status__in=sorted(OPEN))


def place_in_queue(request: models.WaitlistRequest) -> int:
    """Which place an open request has among those for the same service, the first is 1."""
    before = Q(created_at__lt=request.created_at) | Q(created_at=request.created_at, id__lt=request.id)
    rows = only_open(models.WaitlistRequest.objects.filter(service_id=request.service_id))
    return rows.filter(before).count() + 1


@dataclass(frozen=True, kw_only=True)
class PastOffer:
    """One offer as it is at the instant it was read; ``by`` (P1) is the one who offered by hand, empty where
    the waitlist did it by itself. ``withdrawn``: the practice took a declined one back."""

    appointment_id: UUID
    start: datetime
    offered_at: datetime
    expires_at: datetime
    status: OfferStatus
    withdrawn: bool
    by: str


def offers_of(request_id: UUID, *, now: datetime) -> list[PastOffer]:
    """All offers of a request, the latest first, in one statement."""
    by_practice = models.OutcomeRecord.objects.filter(
        appointment=OuterRef("appointment"), outcome=Outcome.CANCELED_BY_PROVIDER
    )
    rows: Any = (
        models.WaitlistOffer.objects.filter(waitlist_request_id=request_id)
        .select_related("appointment", "offered_by")
        .annotate(withdrawn=Exists(by_practice))
        .order_by("-offered_at", "-id")
    )
    return [
        PastOffer(
            appointment_id=row.appointment_id,
            start=row.start,
            offered_at=row.offered_at,
            expires_at=row.expires_at,
            status=status_of(row, now=now),
            withdrawn=row.withdrawn,
            by=str(row.offered_by) if row.offered_by else "",
        )
        for row in rows
    ]
