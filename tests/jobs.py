"""The queue in tests: what is waiting, and working it off in the test's own process."""

from typing import Any

from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob


def waiting(task_name: str) -> list[dict[str, Any]]:
    """The arguments of the jobs of this task that nobody has worked off, oldest first."""
    jobs = ProcrastinateJob.objects.filter(task_name=task_name, status="todo").order_by("id")
    return [job.args for job in jobs]


def work_off(task_name: str) -> int:
    """Run the waiting jobs of one task as a worker would, and return how many there were."""
    jobs = list(ProcrastinateJob.objects.filter(task_name=task_name, status="todo").order_by("id"))
    for job in jobs:
        app.tasks[task_name].func(**job.args)
        ProcrastinateJob.objects.filter(pk=job.pk).update(status="succeeded")
    return len(jobs)
