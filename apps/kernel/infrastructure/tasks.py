"""Jobs of the kernel."""

from typing import Any

from procrastinate.contrib.django import app

from apps.kernel.infrastructure.event_bus import from_json, subscriptions


@app.task(name="kernel.deliver_event", queue="events", pass_context=False)
def deliver_event(*, subscriber: str, event: dict[str, Any]) -> None:
    """Hand a stored event to one subscriber; run again after a crash, so subscribers are idempotent."""
    subscription = subscriptions.named(subscriber)
    subscription.handler(from_json(subscription.event, event))
