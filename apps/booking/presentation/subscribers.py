"""What booking does when it hears an event."""

from apps.booking import wiring
from apps.booking.domain.events import (
    AppointmentCanceled,
    AppointmentConfirmed,
    AppointmentExpired,
    SlotFreed,
)
from apps.kernel.infrastructure.event_bus import Subscription


def notice_opening(event: SlotFreed) -> None:
    wiring.notice_opening(event=event)


def offer_freed_slot(event: SlotFreed) -> None:
    wiring.offer_freed_slot(service_id=event.service_id, start=event.start)


def settle_accepted_offer(event: AppointmentConfirmed) -> None:
    wiring.settle_offer(appointment_id=event.appointment_id, confirmed=True)


def settle_missed_offer(event: AppointmentCanceled | AppointmentExpired) -> None:
    wiring.settle_offer(appointment_id=event.appointment_id)


SUBSCRIPTIONS = [
    Subscription(event=SlotFreed, name="booking.notice_opening", handler=notice_opening),
    Subscription(event=SlotFreed, name="booking.offer_freed_slot", handler=offer_freed_slot),
    Subscription(
        event=AppointmentConfirmed, name="booking.settle_accepted_offer", handler=settle_accepted_offer
    ),
    Subscription(
        event=AppointmentCanceled, name="booking.settle_declined_offer", handler=settle_missed_offer
    ),
    Subscription(event=AppointmentExpired, name="booking.settle_expired_offer", handler=settle_missed_offer),
]
