"""The queue in tests: what is waiting, and working it off in the test's own process."""

import asyncio
from typing import Any

from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.periodic import PeriodicRegistry

from apps.kernel.infrastructure.models import JobFailure


def waiting(task_name: str) -> list[dict[str, Any]]:
    """The arguments of the jobs of this task that nobody has worked off, oldest first."""
    jobs = ProcrastinateJob.objects.filter(task_name=task_name, status="todo").order_by("id")
    return [job.args for job in jobs]


def work_off(task_name: str) -> int:
    """Run the waiting jobs of one task and return how many there were; what a job raises is raised here."""
    jobs = list(ProcrastinateJob.objects.filter(task_name=task_name, status="todo").order_by("id"))
    for job in jobs:
        app.tasks[task_name].func(**job.args)
        ProcrastinateJob.objects.filter(pk=job.pk).update(status="succeeded")
    return len(jobs)


def run_worker(*, queue: str) -> None:
    """Let a real worker run the jobs of one queue that are due, with all its retries and records, until none
    is left. The test has to be transactional, because the worker has connections of its own."""

    async def run() -> None:
        with app.replace_connector(app.connector.get_worker_connector()) as worker_app:
            periodic, worker_app.periodic_registry = worker_app.periodic_registry, PeriodicRegistry()
            try:
                async with worker_app.open_async():
                    await worker_app.run_worker_async(
                        queues=[queue], wait=False, listen_notify=False, install_signal_handlers=False
                    )
            finally:
                worker_app.periodic_registry = periodic

    asyncio.run(run())


def make_due() -> None:
    """Let every job that waits for its next try be due now."""
    ProcrastinateJob.objects.filter(status="todo").update(scheduled_at=None)


def make_resting_job(*, task_name: str = "payments.send_receipt", args: Any = None, **failure: Any) -> int:
    """A job that has failed for the last time, with its record; returns its number."""
    job = ProcrastinateJob.objects.create(
        queue_name="test",
        task_name=task_name,
        priority=0,
        args=args or {"receipt_id": "0b1e"},
        status="failed",
        attempts=5,
        abort_requested=False,
    )
    at = timezone.now()
    JobFailure.objects.create(
        job_id=job.pk,
        **{
            "task_name": task_name,
            "kind": "outside",
            "code": "no_answer",
            "error": "",
            "place": "",
            "runs": 5,
            "runs_by_kind": {"outside": 5},
            "first_failed_at": at,
            "last_failed_at": at,
            "given_up_at": at,
            **failure,
        },
    )
    return int(job.pk)
