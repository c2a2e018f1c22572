"""Jobs whose worker died at work are given back to the queue."""

import structlog
from django.db import connection, transaction
from procrastinate.jobs import Job

from apps.kernel.infrastructure import job_failures
from apps.kernel.infrastructure.failure_reasons import FailureKind, Reason
from apps.kernel.infrastructure.jobs import PACES

_log = structlog.get_logger("queue")

SILENCE = 20  # seconds without a heartbeat, after which a worker counts as dead; it beats every 5 s
KILLED = Reason(kind=FailureKind.KILLED)

# A worker that is pruned leaves its jobs without a worker.
_STALLED = """
SELECT job.id, job.status, job.task_name, job.priority, job.lock, job.queueing_lock, job.args,
       job.scheduled_at, job.queue_name, job.attempts, job.worker_id
FROM procrastinate_jobs AS job LEFT JOIN procrastinate_workers AS worker ON worker.id = job.worker_id
WHERE job.status = 'doing'
  AND (worker.id IS NULL OR worker.last_heartbeat < now() - make_interval(secs => %s))
ORDER BY job.id
FOR UPDATE OF job SKIP LOCKED
"""
_RETRY = "SELECT procrastinate_retry_job_v2(%s, now() + make_interval(secs => %s), NULL, NULL, NULL)"
_REST = "SELECT procrastinate_finish_job_v1(%s, 'failed', false)"
_DROP = "SELECT procrastinate_finish_job_v1(%s, 'succeeded', true)"
_PRUNE = "SELECT procrastinate_prune_stalled_workers_v1(%s)"


def give_back() -> int:
    """Let the jobs of dead workers wait again, and forget those workers; return how many jobs there were.

    Also sees to it that every job that rests as failed is on record.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_STALLED, [SILENCE])
        columns = [column.name for column in cursor.description]
        stalled = [Job.from_row(dict(zip(columns, row, strict=True))) for row in cursor.fetchall()]
        for job in stalled:
            if job.queueing_lock and job_failures.another_waits(job):
                job_failures.forget(job)
                cursor.execute(_DROP, [job.id])
                continue
            pace = PACES[FailureKind.KILLED]
            times = job_failures.record(job, KILLED, given_up_at=pace.runs)
            pause = pace.pause_after(times)
            _log.warning("stalled job returned", task=job.task_name, job=job.id, times=times)
            if pause is None:
                cursor.execute(_REST, [job.id])
            else:
                cursor.execute(_RETRY, [job.id, 0 if times == 1 else pause])
        cursor.execute(_PRUNE, [SILENCE])
        job_failures.adopt()
    return len(stalled)
