"""The record of failed runs: one row per job that has failed and has not succeeded since."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from procrastinate.jobs import Job

from apps.kernel.infrastructure.failure_reasons import Reason
from apps.kernel.infrastructure.models import JobFailure

_RENAMED = re.compile(r" #\d+$")  # what migration 0002 adds to the lock of a job that came back

_RECORD = """
INSERT INTO kernel_jobfailure AS failure (
    job_id, task_name, queueing_lock, kind, code, error, place, runs, runs_by_kind,
    first_failed_at, last_failed_at, given_up_at
) VALUES (
    %(job_id)s, %(task)s, %(lock)s, %(kind)s::text, %(code)s, %(error)s, %(place)s, 1,
    jsonb_build_object(%(kind)s::text, 1), now(), now(), CASE WHEN %(limit)s::int <= 1 THEN now() END
)
ON CONFLICT (job_id) DO UPDATE SET
    kind = EXCLUDED.kind, code = EXCLUDED.code, error = EXCLUDED.error, place = EXCLUDED.place,
    runs = failure.runs + 1,
    runs_by_kind = failure.runs_by_kind || jsonb_build_object(
        %(kind)s::text, coalesce((failure.runs_by_kind ->> %(kind)s::text)::int, 0) + 1),
    last_failed_at = now(),
    given_up_at = CASE
        WHEN coalesce((failure.runs_by_kind ->> %(kind)s::text)::int, 0) + 1 >= %(limit)s::int THEN now() END
RETURNING (runs_by_kind ->> %(kind)s::text)::int
"""
_ANOTHER_WAITS = """
SELECT EXISTS (
    SELECT FROM procrastinate_jobs WHERE status = 'todo' AND id <> %(job_id)s AND task_name = %(task)s
        AND (queueing_lock = %(lock)s::text OR starts_with(queueing_lock, %(lock)s::text || ' #'))
)
"""
_CLOSE_ALL = """
WITH forgotten AS (
    DELETE FROM kernel_jobfailure WHERE queueing_lock = %(lock)s
        AND (job_id = %(job_id)s OR given_up_at IS NOT NULL) RETURNING job_id
)
DELETE FROM procrastinate_jobs WHERE status = 'failed' AND id IN (SELECT job_id FROM forgotten)
"""
_ADOPT = """
INSERT INTO kernel_jobfailure (
    job_id, task_name, queueing_lock, kind, code, error, place, runs, runs_by_kind,
    first_failed_at, last_failed_at, given_up_at
)
SELECT id, task_name, regexp_replace(queueing_lock, ' #[0-9]+$', ''), 'unknown', '', '', '', attempts, '{}',
    now(), now(), now()
FROM procrastinate_jobs WHERE status = 'failed'
ON CONFLICT (job_id) DO UPDATE SET given_up_at = now() WHERE kernel_jobfailure.given_up_at IS NULL
"""
_LEFT_BEHIND = """
DELETE FROM kernel_jobfailure AS failure
WHERE NOT EXISTS (SELECT FROM procrastinate_jobs AS job WHERE job.id = failure.job_id)
"""
_RESTING = """
SELECT id, task_name FROM procrastinate_jobs WHERE status = 'failed' AND id = ANY(%s) ORDER BY id FOR UPDATE
"""
_TRY_AGAIN = "SELECT procrastinate_retry_job_v2(id, NULL, NULL, NULL, NULL) FROM unnest(%s::bigint[]) AS id"


@dataclass(frozen=True)
class RestingJob:
    job_id: int
    task_name: str


def lock_of(job: Job) -> str | None:
    """The queueing lock that the job was enqueued with."""
    return None if job.queueing_lock is None else _RENAMED.sub("", job.queueing_lock)


def record(job: Job, reason: Reason, *, given_up_at: int) -> int:
    """Write a failed run down; return how many runs of the job have failed in this way.

    The job is marked as given up when that is at least ``given_up_at``.
    """
    values: dict[str, str | int | None] = {
        "job_id": job.id,
        "task": job.task_name,
        "lock": lock_of(job),
        "kind": reason.kind.value,
        "code": reason.code,
        "error": reason.error,
        "place": reason.place,
        "limit": given_up_at,
    }
    with connection.cursor() as cursor:
        cursor.execute(_RECORD, values)
        return int(cursor.fetchone()[0])


def forget(job: Job) -> None:
    """The job has succeeded, or another one does its work."""
    JobFailure.objects.filter(job_id=job.id or 0).delete()


def another_waits(job: Job) -> bool:
    """Whether a job that coalesces with this one waits to be run."""
    with connection.cursor() as cursor:
        cursor.execute(_ANOTHER_WAITS, {"job_id": job.id, "task": job.task_name, "lock": lock_of(job)})
        return bool(cursor.fetchone()[0])


def close_all_of(job: Job) -> None:
    """A coalescing job has succeeded: those that rest as failed have nothing left to do."""
    with connection.cursor() as cursor:
        cursor.execute(_CLOSE_ALL, {"job_id": job.id, "lock": lock_of(job)})


def adopt() -> None:
    """Let every job that rests have a record, and no record be without its job.

    A worker that loses PostgreSQL cannot write a reason down; a task that is not known any more has none.
    """
    with connection.cursor() as cursor:
        cursor.execute(_ADOPT)
        cursor.execute(_LEFT_BEHIND)


def try_again(job_ids: Sequence[int]) -> list[RestingJob]:
    """Let resting jobs be run again at once, with all patience; return those that did rest.

    Call it in a transaction.
    """
    jobs = _lock_resting(job_ids)
    numbers = [job.job_id for job in jobs]
    with connection.cursor() as cursor:
        cursor.execute(_TRY_AGAIN, [numbers])
    JobFailure.objects.filter(job_id__in=numbers).update(runs_by_kind={}, given_up_at=None)
    return jobs


def dismiss(job_ids: Sequence[int]) -> list[RestingJob]:
    """Drop resting jobs; return those that did rest. Call it in a transaction."""
    jobs = _lock_resting(job_ids)
    numbers = [job.job_id for job in jobs]
    JobFailure.objects.filter(job_id__in=numbers).delete()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE id = ANY(%s)", [numbers])
    return jobs


def _lock_resting(job_ids: Sequence[int]) -> list[RestingJob]:
    with connection.cursor() as cursor:
        cursor.execute(_RESTING, [list(job_ids)])
        return [RestingJob(*row) for row in cursor.fetchall()]
