"""What booking does when it hears an event."""

from apps.booking import wiring
from apps.booking.domain.events import SlotFreed
from apps.kernel.infrastructure.event_bus import Subscription


def notice_opening(event: SlotFreed) -> None:
    wiring.notice_opening(event=event)


SUBSCRIPTIONS = [
    Subscription(event=SlotFreed, name="booking.notice_opening", handler=notice_opening),
]
