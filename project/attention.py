"""What the owner decides about jobs that rest as failed: try again or drop, with a record of who did."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from procrastinate.contrib.django.models import ProcrastinateJob

from apps.audit import facade as audit
from apps.kernel.domain.actor import Actor
from apps.kernel.domain.errors import DomainError, gettext_noop
from apps.kernel.infrastructure import job_failures
from apps.kernel.infrastructure.job_failures import RestingJob
from apps.kernel.infrastructure.models import JobFailure

COUNT_KEY = "attention.count"
COUNT_SECONDS = 30


class JobRestsNoMore(DomainError):
    code = "job_rests_no_more"
    message = gettext_noop("Somebody has seen to this already.")


def resting() -> QuerySet[JobFailure]:
    """The jobs that wait for a decision, each with its arguments as ``arguments``."""
    job = ProcrastinateJob.objects.filter(pk=OuterRef("job_id"))
    return JobFailure.objects.filter(given_up_at__isnull=False).annotate(
        arguments=Subquery(job.values("args")[:1])
    )


def count() -> int:
    """How many jobs wait for a decision, at most 30 s old."""
    known: int | None = cache.get(COUNT_KEY)
    if known is None:
        known = JobFailure.objects.filter(given_up_at__isnull=False).count()
        cache.set(COUNT_KEY, known, COUNT_SECONDS)
    return known


def try_again(job_ids: Sequence[int], *, actor: Actor, at: datetime) -> int:
    """Let the jobs run again; return how many there are. Raises JobRestsNoMore when none of them rests."""
    return _decide(job_failures.try_again, job_ids, "job_tried_again", actor=actor, at=at)


def dismiss(job_ids: Sequence[int], *, actor: Actor, at: datetime) -> int:
    """Drop the jobs undone; return how many there were. Raises JobRestsNoMore when none of them rests."""
    return _decide(job_failures.dismiss, job_ids, "job_dismissed", actor=actor, at=at)


def _decide(
    decision: Callable[[Sequence[int]], list[RestingJob]],
    job_ids: Sequence[int],
    action: str,
    *,
    actor: Actor,
    at: datetime,
) -> int:
    with transaction.atomic():
        jobs = decision(job_ids)
        if not jobs:
            raise JobRestsNoMore
        for job in jobs:
            changes: dict[str, Any] = {"task": (job.task_name, None)}
            audit.record(
                actor=actor, action=action, entity="job", entity_id=str(job.job_id), at=at, changes=changes
            )
    cache.delete(COUNT_KEY)
    return len(jobs)
