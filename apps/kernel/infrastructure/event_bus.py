"""Delivery of domain events: at once in memory, or through the queue in the transaction of the change."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from pydantic import TypeAdapter

from apps.kernel.domain.events import DomainEvent

type Handler = Callable[[Any], None]


@dataclass(frozen=True, kw_only=True)
class Subscription:
    """``handler`` hears ``event``; ``name`` is stable, because queued jobs carry it."""

    event: type[DomainEvent]
    name: str
    handler: Handler


@dataclass
class Subscriptions:
    """Who hears what; filled once at start-up."""

    _by_event: dict[type[DomainEvent], list[Subscription]] = field(default_factory=lambda: defaultdict(list))
    _by_name: dict[str, Subscription] = field(default_factory=dict)

    def add(self, subscriptions: Iterable[Subscription]) -> None:
        for subscription in subscriptions:
            if subscription.name in self._by_name:
                raise ValueError(f"two subscribers are named {subscription.name}")
            self._by_name[subscription.name] = subscription
            self._by_event[subscription.event].append(subscription)

    def with_others(self, subscriptions: Iterable[Subscription]) -> "Subscriptions":
        """A copy in which each of ``subscriptions`` stands in place of the one of its name.

        Raises KeyError when no subscriber has the name.
        """
        others = {each.name: each for each in subscriptions}
        copy = Subscriptions()
        copy.add(others.pop(name, kept) for name, kept in self._by_name.items())
        if others:
            raise KeyError(*others)
        return copy

    def of(self, event: DomainEvent) -> list[Subscription]:
        return self._by_event.get(type(event), [])

    def named(self, name: str) -> Subscription:
        """Raises KeyError when no subscriber has this name."""
        return self._by_name[name]


subscriptions = Subscriptions()


class InMemoryEventBus:
    """Calls subscribers at once, in order, inside the caller's transaction: for tests and for handlers that
    must share the fate of the change."""

    def __init__(self, subscriptions: Subscriptions) -> None:
        self._subscriptions = subscriptions

    def publish(self, events: Iterable[DomainEvent]) -> None:
        for event in events:
            for subscription in self._subscriptions.of(event):
                subscription.handler(event)


class QueuedEventBus:
    """Writes one job per event and subscriber in the current transaction; workers deliver at least once."""

    def __init__(self, subscriptions: Subscriptions) -> None:
        self._subscriptions = subscriptions

    def publish(self, events: Iterable[DomainEvent]) -> None:
        from apps.kernel.infrastructure.tasks import deliver_event  # needs the app registry

        jobs: list[dict[str, Any]] = [
            {"subscriber": subscription.name, "event": to_json(event)}
            for event in events
            for subscription in self._subscriptions.of(event)
        ]
        if jobs:
            deliver_event.batch_defer(*jobs)


def to_json(event: DomainEvent) -> dict[str, Any]:
    """The event as JSON values (UUIDs and instants as text)."""
    return TypeAdapter(type(event)).dump_python(event, mode="json")


def from_json(event: type[DomainEvent], data: dict[str, Any]) -> DomainEvent:
    """The event out of :func:`to_json`. Raises pydantic.ValidationError when the data do not fit."""
    return TypeAdapter(event).validate_python(data)
