"""Jobs of the queue: functions that workers run later, at least once, with patience.

``@job(name=…, queue=…)`` turns a plain function with JSON keyword arguments (ids and P0 data only) into a
task of procrastinate. A run that fails is tried again after growing pauses, as many times as its kind of
failure deserves (:data:`PACES`); after the last one the job rests as failed and needs a person's attention.
Each failure's reason is kept in :class:`JobFailure` without any text of the exception, which may name people.

A job with a queueing lock *coalesces*: its one run does the work of every run that was asked for before, so
one waiting job is enough. When a run fails while another one waits, it is left to that one. A retry never
collides with the lock: the database renames the lock of what comes back (migration 0002).
"""

import asyncio
import logging
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import structlog
from django.db import DatabaseError, close_old_connections, transaction
from procrastinate import BaseRetryStrategy, JobContext, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued, JobAborted
from procrastinate.jobs import Job
from procrastinate.tasks import Task
from procrastinate.worker import Worker

from apps.kernel.infrastructure import job_failures
from apps.kernel.infrastructure.failure_reasons import FailureKind, Reason, reason_of

_log = structlog.get_logger("queue")


@dataclass(frozen=True, kw_only=True)
class Pace:
    """How often a job is run that keeps failing in one way, and the pauses between the runs.

    The pauses grow by ``factor`` from ``first`` to ``longest`` seconds; each is shortened by up to a tenth at
    random, so that what failed together does not come back together.
    """

    runs: int
    first: float
    factor: float
    longest: float

    def pause_after(self, failures: int) -> float | None:
        """Seconds to wait after so many failures of this kind; None when that was the last run."""
        if failures >= self.runs:
            return None
        pause = min(self.first * self.factor ** min(failures - 1, 30), self.longest)
        return pause * random.uniform(0.9, 1.0)  # noqa: S311 - jitter, no secret


PACES = {
    # Something outside is down: 2, 4 … 512, 600, 600 s … for about a day.
    FailureKind.OUTSIDE: Pace(runs=155, first=2, factor=2, longest=600),
    # PostgreSQL went away, or two writers met: it is back in seconds as a rule, and may take a day.
    FailureKind.DATABASE: Pace(runs=6000, first=1, factor=2, longest=15),
    # The worker was killed at work. A job that kills its worker each time comes to rest all the same.
    FailureKind.KILLED: Pace(runs=30, first=1, factor=1.5, longest=60),
    # A rule refused, or a defect of ours: another try rarely helps. 10, 40, 160, 640 s.
    FailureKind.REFUSED: Pace(runs=5, first=10, factor=4, longest=900),
    FailureKind.DEFECT: Pace(runs=5, first=10, factor=4, longest=900),
}


class Setback(Exception):
    """A run failed for ``reason`` (all P0); the next one is in ``pause`` seconds, or never when None.

    It takes the place of the exception that a job raised, whose text and traceback may tell personal data.
    """

    def __init__(self, reason: Reason, pause: float | None) -> None:
        super().__init__(str(reason))
        self.reason = reason
        self.pause = pause


def job[**P, R](
    name: str,
    queue: str,
    *,
    lock: str | None = None,
    queueing_lock: str | None = None,
    cron: str | None = None,
    priority: int = 0,
) -> Callable[[Callable[P, R]], Task[P, R, P]]:
    """Make a plain function a job.

    ``name`` is stable, because queued jobs carry it. ``lock``: jobs of one lock run one after another in the
    order they came, a failing one holding up the rest until it succeeds or rests. ``queueing_lock``: the job
    coalesces (see the module); use :func:`enqueue_once` to enqueue it. ``cron`` (five fields, or six with
    seconds last): run at these times with ``timestamp``, the moment's Unix time; such a job always coalesces.
    Of jobs that are due, the one of the highest ``priority`` runs first.
    """
    if cron is not None:
        queueing_lock = queueing_lock or name

    def register(function: Callable[P, R]) -> Task[P, R, P]:
        task: Task[P, R, P] = app.task(
            name=name,
            queue=queue,
            lock=lock,
            queueing_lock=queueing_lock,
            priority=priority,
            retry=_Patience(),
            task_middleware=[_watch],
        )(function)
        if cron is not None:
            periodic: Any = app.periodic(cron=cron)  # its types do not see `timestamp` in P
            periodic(task)
        return task

    return register


def enqueue_once(task: Task[..., Any, Any], **arguments: Any) -> bool:
    """Enqueue a coalescing job in the current transaction; False when one waits already."""
    try:
        with transaction.atomic():  # a refusal breaks the innermost transaction only
            task.defer(**arguments)
    except AlreadyEnqueued:
        return False
    return True


class _Patience(BaseRetryStrategy):
    """What :func:`_watch` has decided; a run that the worker broke off is repeated at once."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if isinstance(exception, Setback) and exception.pause is not None:
            return RetryDecision(retry_in={"milliseconds": round(exception.pause * 1000)})
        if isinstance(exception, (JobAborted, asyncio.CancelledError)):
            return RetryDecision()
        return None


def _watch(run: Callable[[], Any], context: JobContext, worker: Worker) -> None:
    """Run a job; turn its failure into a setback, and what it returns into nothing, since workers log it."""
    job = context.job
    try:
        run()
        if job.queueing_lock:
            job_failures.close_all_of(job)
        elif job.attempts:
            job_failures.forget(job)
        return
    except Exception as error:  # noqa: BLE001 - every failure is recorded and judged
        setback = _set_back(job, error)
    if setback is not None:
        raise setback  # outside of `except`: it must not carry the first exception along


def _set_back(job: Job, error: Exception) -> Setback | None:
    """Record the failure; None when the work is left to a job that waits already."""
    reason = reason_of(error)
    pace = PACES[reason.kind]
    failures = job.attempts + 1
    try:
        close_old_connections()  # the failure may have been the connection's end
        if job.queueing_lock and job_failures.another_waits(job):
            _log.warning("job left to the next one", task=job.task_name, job=job.id, reason=str(reason))
            job_failures.forget(job)
            return None
        failures = job_failures.record(job, reason, given_up_at=pace.runs)
    except DatabaseError as trouble:
        _log.warning("failure not recorded", task=job.task_name, job=job.id, error=type(trouble).__name__)
    pause = pace.pause_after(failures)
    _log.log(
        logging.ERROR if pause is None else logging.WARNING,
        "job given up" if pause is None else "job failed",
        task=job.task_name,
        job=job.id,
        reason=str(reason),
        failures=failures,
        pause=round(pause, 1) if pause is not None else None,
    )
    return Setback(reason, pause)
