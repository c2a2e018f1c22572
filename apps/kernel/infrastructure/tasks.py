"""Jobs of the kernel."""

from contextlib import suppress
from typing import Any

from django.db import transaction
from django.utils import timezone
from procrastinate.exceptions import AlreadyEnqueued

from apps.kernel.application.retention import rule_of, rules
from apps.kernel.infrastructure import retention, stalled_jobs
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


@job(name="kernel.apply_retention_rule", queue="upkeep")
def apply_retention_rule(*, code: str) -> None:
    """Remove what is beyond the term of one rule; a rule that fails is tried again without the others."""
    retention.apply(rule_of(code), at=timezone.now())


@job(name="kernel.apply_hourly_rules", queue="upkeep", cron=retention.HOURLY)
def apply_hourly_rules(timestamp: int) -> None:
    """Every hour: let the rules of what lives for hours be applied; ``timestamp`` names the hour."""
    _apply([rule.code for rule in rules() if rule.hourly])


@job(name="kernel.apply_nightly_rules", queue="upkeep", cron=retention.NIGHTLY)
def apply_nightly_rules(timestamp: int) -> None:
    """Every night: let all other rules be applied."""
    _apply([rule.code for rule in rules() if not rule.hourly])


def _apply(codes: list[str]) -> None:
    for code in codes:
        waiting = apply_retention_rule.configure(queueing_lock=f"kernel.apply_retention_rule {code}")
        with suppress(AlreadyEnqueued), transaction.atomic():  # a refusal breaks the innermost one only
            waiting.defer(code=code)
