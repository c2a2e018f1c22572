"""How the queue stands, read with one statement each."""

from dataclasses import dataclass

from django.db import connection

from apps.kernel.infrastructure.stalled_jobs import SILENCE

# A job that was never given a time waits since it was enqueued, which is its first event.
_STANDING = """
SELECT
    (SELECT count(*) FROM procrastinate_jobs
        WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now())),
    extract(epoch FROM now() - least(
        (SELECT min(scheduled_at) FROM procrastinate_jobs WHERE status = 'todo' AND scheduled_at <= now()),
        (SELECT min(at) FROM procrastinate_events WHERE job_id = (
            SELECT min(id) FROM procrastinate_jobs WHERE status = 'todo' AND scheduled_at IS NULL))
    )),
    (SELECT count(*) FROM kernel_jobfailure WHERE given_up_at IS NOT NULL),
    (SELECT count(*) FROM kernel_jobfailure WHERE given_up_at IS NULL),
    count(*) FILTER (WHERE last_heartbeat > now() - make_interval(secs => %s)),
    extract(epoch FROM now() - max(last_heartbeat))
FROM procrastinate_workers
"""
_COUNTS = "SELECT queue_name, status::text, count(*) FROM procrastinate_jobs GROUP BY 1, 2 ORDER BY 1, 2"


@dataclass(frozen=True, kw_only=True)
class Standing:
    """``waiting`` jobs are due, the oldest for ``oldest_waiting`` seconds (None when there is none).

    ``resting`` jobs wait for a person, ``failing`` ones are tried again by themselves. ``workers`` live, and
    the last sign of life of any is ``heartbeat_age`` seconds old (None when no worker has been heard of).
    """

    waiting: int
    oldest_waiting: float | None
    resting: int
    failing: int
    workers: int
    heartbeat_age: float | None


def standing() -> Standing:
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, [SILENCE])
        waiting, oldest, resting, failing, workers, silence = cursor.fetchone()
    return Standing(
        waiting=waiting,
        oldest_waiting=None if oldest is None else max(float(oldest), 0.0),
        resting=resting,
        failing=failing,
        workers=workers,
        heartbeat_age=None if silence is None else max(float(silence), 0.0),
    )


def counts() -> list[tuple[str, str, int]]:
    """(queue, status, number of jobs) of all that are kept: what succeeded is not."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS)
        return list(cursor.fetchall())
