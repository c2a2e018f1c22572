"""Counting of calls in fixed windows, shared by every process."""

from datetime import datetime, timedelta

from django.db import connection

LONGEST_WINDOW = timedelta(days=1)

_COUNT = """
INSERT INTO kernel_ratelimitcounter AS counter (scope, subject, window_start, hits)
VALUES (%s, %s, %s, 1)
ON CONFLICT (scope, subject, window_start) DO UPDATE SET hits = counter.hits + 1
RETURNING counter.hits
"""
_PURGE = """
DELETE FROM kernel_ratelimitcounter WHERE id = ANY (ARRAY(
    SELECT id FROM kernel_ratelimitcounter WHERE window_start <= %s
    ORDER BY window_start LIMIT %s FOR UPDATE SKIP LOCKED))
"""


def count(*, scope: str, subject: str, window_start: datetime) -> int:
    """Count one call and return how many there were in the window, this one included: one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [scope, subject, window_start])
        return int(cursor.fetchone()[0])


def window_of(*, at: datetime, length: int) -> datetime:
    """When the window of ``length`` seconds that contains ``at`` began."""
    return at - timedelta(seconds=at.timestamp() % length)


def purge(before: datetime, most: int) -> int:
    """Drop at most ``most`` of the windows that began up to ``before``; return how many."""
    with connection.cursor() as cursor:
        cursor.execute(_PURGE, [before, most])
        return cursor.rowcount
