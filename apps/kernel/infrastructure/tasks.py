"""Jobs of the kernel."""

from typing import Any

from django.utils import timezone

from apps.kernel.infrastructure import idempotency, rate_limit, stalled_jobs
from apps.kernel.infrastructure.event_bus import from_json, subscriptions
from apps.kernel.infrastructure.jobs import job


@job(name="kernel.deliver_event", queue="events")
def deliver_event(*, subscriber: str, event: dict[str, Any]) -> None:
    """Hand a stored event to one subscriber; run again after a crash, so subscribers are idempotent."""
    subscription = subscriptions.named(subscriber)
    subscription.handler(from_json(subscription.event, event))


@job(name="kernel.return_stalled_jobs", queue="upkeep", cron="* * * * * */10", priority=100)
def return_stalled_jobs(timestamp: int) -> None:
    """Every 10 s: give back the jobs of workers that died at work."""
    stalled_jobs.give_back()


@job(name="kernel.purge_api_records", queue="upkeep", cron="17 * * * *")
def purge_api_records(timestamp: int) -> None:
    """Drop the answers and counters that nobody can ask for any more; ``timestamp`` names the hour."""
    idempotency.purge(before=timezone.now() - idempotency.LIFETIME)
    rate_limit.purge(before=timezone.now() - rate_limit.LONGEST_WINDOW)
