"""Jobs whose effects can be counted: each leaves one line in a table, idempotently, in two steps."""

import os
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self
from uuid import uuid4

from django.db import connection, transaction

from apps.kernel.domain.events import DomainEvent
from apps.kernel.infrastructure.event_bus import Subscription, subscriptions
from apps.kernel.infrastructure.jobs import job

TABLES = """
CREATE TABLE traces (number int PRIMARY KEY, followed boolean NOT NULL DEFAULT false);
CREATE TABLE trace_runs (number int, step text, pid int, at timestamptz DEFAULT now());
"""


@job(name="traces.leave", queue="traces")
def leave(*, number: int, seconds: float = 0.0) -> None:
    """Leave a trace and enqueue its follow-up in the same transaction, once however often it runs."""
    _ran(number, "begin")
    time.sleep(seconds)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("INSERT INTO traces (number) VALUES (%s) ON CONFLICT DO NOTHING", [number])
        if cursor.rowcount:
            follow.defer(number=number)
        _ran(number, "leave")


@job(name="traces.follow", queue="traces")
def follow(*, number: int) -> None:
    """Mark the trace; the job exists exactly once for each."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE traces SET followed = true WHERE number = %s", [number])
        _ran(number, "follow")


def _ran(number: int, step: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO trace_runs (number, step, pid) VALUES (%s, %s, %s)", [number, step, os.getpid()]
        )


@dataclass(frozen=True, kw_only=True)
class TraceAsked(DomainEvent):
    """Somebody wants a trace to be left."""

    number: int

    @classmethod
    def of(cls, *, number: int) -> Self:
        return cls(event_id=uuid4(), occurred_at=datetime.now(UTC), number=number)


subscriptions.add(
    [Subscription(event=TraceAsked, name="traces.ask", handler=lambda event: leave.func(number=event.number))]
)
