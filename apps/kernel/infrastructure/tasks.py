"""Jobs of the kernel."""

from typing import Any

from django.utils import timezone
from procrastinate.contrib.django import app

from apps.kernel.infrastructure import idempotency, rate_limit
from apps.kernel.infrastructure.event_bus import from_json, subscriptions


@app.task(name="kernel.deliver_event", queue="events", pass_context=False)
def deliver_event(*, subscriber: str, event: dict[str, Any]) -> None:
    """Hand a stored event to one subscriber; run again after a crash, so subscribers are idempotent."""
    subscription = subscriptions.named(subscriber)
    subscription.handler(from_json(subscription.event, event))


@app.periodic(cron="17 * * * *")
@app.task(name="kernel.purge_api_records", queue="upkeep", queueing_lock="kernel.purge_api_records")
def purge_api_records(timestamp: int) -> None:
    """Drop the answers and counters that nobody can ask for any more; ``timestamp`` names the hour."""
    idempotency.purge(before=timezone.now() - idempotency.LIFETIME)
    rate_limit.purge(before=timezone.now() - rate_limit.LONGEST_WINDOW)
