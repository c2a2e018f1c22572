"""Jobs of the kernel."""

from typing import Any

import structlog
from django.utils import timezone
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Status

from apps.kernel.infrastructure import idempotency, rate_limit
from apps.kernel.infrastructure.event_bus import from_json, subscriptions

_log = structlog.get_logger("queue")
# Waits of 2, 4, 8 … 2048 s: over an hour for a fault to be mended before an event is given up.
_PATIENT = RetryStrategy(max_attempts=11, exponential_wait=2)


@app.task(name="kernel.deliver_event", queue="events", retry=_PATIENT)
def deliver_event(*, subscriber: str, event: dict[str, Any]) -> None:
    """Hand a stored event to one subscriber; run again after a crash, so subscribers are idempotent."""
    subscription = subscriptions.named(subscriber)
    subscription.handler(from_json(subscription.event, event))


@app.periodic(cron="* * * * *")
@app.task(
    name="kernel.return_stalled_jobs",
    queue="upkeep",
    queueing_lock="kernel.return_stalled_jobs",
    pass_context=True,
)
async def return_stalled_jobs(context: JobContext, timestamp: int) -> int:
    """Give back the jobs of workers that died at work (no heartbeat for 30 s); return how many.

    A job whose queueing lock another waiting job holds is closed as failed: that other one does its work.
    """
    jobs = context.app.job_manager
    stalled = list(await jobs.get_stalled_jobs())
    for job in stalled:
        _log.warning("stalled job returned", task=job.task_name, job=job.id, attempts=job.attempts)
        try:
            await jobs.retry_job(job)
        except UniqueViolation:
            await jobs.finish_job(job, status=Status.FAILED, delete_job=False)
    return len(stalled)


@app.periodic(cron="17 * * * *")
@app.task(name="kernel.purge_api_records", queue="upkeep", queueing_lock="kernel.purge_api_records")
def purge_api_records(timestamp: int) -> None:
    """Drop the answers and counters that nobody can ask for any more; ``timestamp`` names the hour."""
    idempotency.purge(before=timezone.now() - idempotency.LIFETIME)
    rate_limit.purge(before=timezone.now() - rate_limit.LONGEST_WINDOW)
