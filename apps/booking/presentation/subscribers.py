"""What booking does when it hears an event."""

from apps.booking import wiring
from apps.booking.domain.events import (
    AppointmentCanceled,
    AppointmentConfirmed,
    AppointmentExpired,
    SlotFreed,
)
from apps.identity.events import ConsentWithdrawn
from apps.kernel.infrastructure.event_bus import Subscription


def notice_opening(event: SlotFreed) -> None:
    wiring.notice_opening(event=event)


def offer_freed_slot(event: SlotFreed) -> None:
    wiring.offer_freed_slot(service_id=event.service_id, start=event.start)


def settle_accepted_offer(event: AppointmentConfirmed) -> None:
    wiring.settle_offer(appointment_id=event.appointment_id, confirmed=True)


def settle_missed_offer(event: AppointmentCanceled | AppointmentExpired) -> None:
    wiring.settle_offer(appointment_id=event.appointment_id)


def open_follow_ups(event: ConsentWithdrawn) -> None:
    wiring.open_follow_ups(
        withdrawal_id=event.event_id, client_id=event.user_id, purpose=event.purpose, at=event.occurred_at
    )


SUBSCRIPTIONS = [
    Subscription(event=ConsentWithdrawn, name="booking.open_follow_ups", handler=open_follow_ups),
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
