"""How procrastinate reaches PostgreSQL: jobs through Django's connection, workers through one of their own.

procrastinate gives workers a pool, over which a job that runs in a thread would enqueue other jobs outside of
the thread's transaction: an event would leave although its change is rolled back. So the pool serves the
worker alone, and the code of jobs enqueues over Django's connection as everywhere else.

A worker whose job has ended while PostgreSQL was away must not forget to say so: the job would stay "at work"
for as long as the worker lives. So it says so again until PostgreSQL is back, or ends.
"""

import asyncio
import os
import signal
import time
from collections.abc import Awaitable, Callable
from datetime import datetime

import psycopg
import structlog
from procrastinate import App, PsycopgConnector
from procrastinate.connector import BaseConnector
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.contrib.django.utils import connector_params
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager

_log = structlog.get_logger("queue")

PATIENCE = 30.0  # seconds for which the end of a job is told again
_PAUSE = 0.5


class WorkerConnector(PsycopgConnector):
    """The worker's own connections. They give up soon when PostgreSQL is gone: the worker ends then, and is
    started again (by ``project.supervise`` or the system) instead of waiting ever longer."""

    def __init__(self, alias: str) -> None:
        super().__init__(
            kwargs={**connector_params(alias), "connect_timeout": 5},
            min_size=1,
            max_size=4,
            timeout=5,  # seconds
            reconnect_timeout=5,
        )
        self._jobs_connector = DjangoConnector(alias)

    def get_sync_connector(self) -> BaseConnector:
        return self._jobs_connector


class QueueConnector(DjangoConnector):
    """Django's connection, and :class:`WorkerConnector` for workers."""

    def get_worker_connector(self) -> WorkerConnector:
        return WorkerConnector(self.alias)


class PatientJobManager(JobManager):
    """Tells the end of a job again when PostgreSQL does not hear it; when it never does, the worker ends, and
    the sweep gives the job back."""

    async def finish_job(self, job: Job, status: Status, delete_job: bool) -> None:
        """Set a job to its final state."""
        await _insist(job, lambda: JobManager.finish_job(self, job=job, status=status, delete_job=delete_job))

    async def retry_job(
        self,
        job: Job,
        retry_at: datetime | None = None,
        priority: int | None = None,
        queue: str | None = None,
        lock: str | None = None,
    ) -> None:
        """Let a job wait for its next run."""
        await _insist(
            job,
            lambda: JobManager.retry_job(
                self, job=job, retry_at=retry_at, priority=priority, queue=queue, lock=lock
            ),
        )


async def _insist(job: Job, tell: Callable[[], Awaitable[None]]) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return await tell()
        except ConnectorException as error:
            if isinstance(error.__cause__, psycopg.errors.RaiseException):
                # Somebody has closed the job or given it to another worker: an earlier try was heard, say.
                _log.warning("job had ended already", task=job.task_name, job=job.id)
                return None
            if not isinstance(error.__cause__, (psycopg.OperationalError, psycopg.InterfaceError)):
                raise
        if time.monotonic() > deadline:
            _log.error("end of job cannot be told, worker ends", task=job.task_name, job=job.id)
            os.kill(os.getpid(), signal.SIGTERM)
            return None
        await asyncio.sleep(_PAUSE)


def install(app: App) -> None:
    """Let the app of procrastinate work like this (``PROCRASTINATE_ON_APP_READY``)."""
    app.connector = QueueConnector()
    app.job_manager = PatientJobManager(app.connector)
