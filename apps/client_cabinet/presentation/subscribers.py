"""What the cabinet does when something happens elsewhere."""

from apps.kernel.infrastructure.event_bus import Subscription

SUBSCRIPTIONS: list[Subscription] = []
