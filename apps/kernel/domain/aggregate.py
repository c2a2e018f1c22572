"""The base of aggregates: identity, and the events waiting to be published."""

from dataclasses import dataclass, field

from apps.kernel.domain.events import DomainEvent


@dataclass(kw_only=True, eq=False)
class Aggregate:
    """Records events; the use case pulls and publishes them in the transaction of the change."""

    _events: list[DomainEvent] = field(default_factory=list, init=False, repr=False)

    def record(self, event: DomainEvent) -> None:
        self._events.append(event)

    @property
    def pending_events(self) -> tuple[DomainEvent, ...]:
        """The events recorded and not pulled yet, oldest first."""
        return tuple(self._events)

    def pull_events(self) -> list[DomainEvent]:
        """The events recorded since the last call, oldest first."""
        events, self._events = self._events, []
        return events
