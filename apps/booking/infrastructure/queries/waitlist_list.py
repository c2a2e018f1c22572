"""The waitlist as the practice works through it: in the order in which people joined."""

from datetime import datetime

from django.db.models import Case, DateTimeField, F, QuerySet, When

from apps.booking.domain.waitlist import OPEN
from apps.booking.infrastructure import models

P1 = ("name", "contact")
"""Encrypted; read on the page of one request only."""


def queue(requests: QuerySet[models.WaitlistRequest], *, now: datetime) -> QuerySet[models.WaitlistRequest]:
    """One statement; names and contacts stay in the database. ``freed`` is freed time that is still ahead."""
    return (
        requests.select_related("service", "service__specialist")
        .defer(*P1)
        .annotate(
            freed=Case(
                When(opening_start__gt=now, status__in=sorted(OPEN), then=F("opening_start")),
                default=None,
                output_field=DateTimeField(),
            )
        )
    )


def only_open(requests: QuerySet[models.WaitlistRequest]) -> QuerySet[models.WaitlistRequest]:
    return requests.filter(status__in=sorted(OPEN))


def only_done(requests: QuerySet[models.WaitlistRequest]) -> QuerySet[models.WaitlistRequest]:
    return requests.exclude(status__in=sorted(OPEN))
