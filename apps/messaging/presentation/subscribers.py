"""What messaging does when it hears an event: it plans letters, which are composed when they are sent."""

from apps.booking.events import (
    AppointmentCanceled,
    AppointmentConfirmed,
    AppointmentDeclined,
    AppointmentHeld,
    AppointmentRescheduled,
    WaitlistOffered,
)
from apps.identity.events import SignInCodeRequested
from apps.kernel.infrastructure.event_bus import Subscription
from apps.messaging import wiring
from apps.payments.events import PaymentSucceeded, RefundSucceeded

plan = wiring.plan_messages


def appointment_confirmed(event: AppointmentConfirmed) -> None:
    plan.confirmed(appointment_id=event.appointment_id, occurred_at=event.occurred_at)


def appointment_moved(event: AppointmentRescheduled) -> None:
    plan.moved(
        appointment_id=event.appointment_id,
        start=event.start,
        old_start=event.old_start,
        event_id=event.event_id,
        occurred_at=event.occurred_at,
    )


def appointment_canceled(event: AppointmentCanceled) -> None:
    plan.canceled(
        appointment_id=event.appointment_id, refund_minor=event.refund_minor, currency=event.currency
    )


def request_declined(event: AppointmentDeclined) -> None:
    plan.declined(appointment_id=event.appointment_id, by=event.by)


def appointment_held(event: AppointmentHeld) -> None:
    plan.held(appointment_id=event.appointment_id, occurred_at=event.occurred_at)


def waitlist_offered(event: WaitlistOffered) -> None:
    plan.offered(offer_id=event.offer_id, appointment_id=event.appointment_id, expires_at=event.expires_at)


def payment_received(event: PaymentSucceeded) -> None:
    """Money that the appointment did not take is given back by itself: the letter about that says so."""
    if event.taken:
        plan.paid(
            payment_id=event.payment_id,
            appointment_id=event.appointment_id,
            amount_minor=event.amount_minor,
            currency=event.currency,
        )


def payment_returned(event: RefundSucceeded) -> None:
    plan.returned(
        refund_id=event.refund_id,
        payment_id=event.payment_id,
        appointment_id=event.appointment_id,
        amount_minor=event.amount_minor,
        currency=event.currency,
    )


def sign_in_code_requested(event: SignInCodeRequested) -> None:
    plan.sign_in(row_id=event.row_id, request_number=event.request_number, event_id=event.event_id)


SUBSCRIPTIONS = [
    Subscription(event=AppointmentConfirmed, name="messaging.confirmed", handler=appointment_confirmed),
    Subscription(event=AppointmentRescheduled, name="messaging.moved", handler=appointment_moved),
    Subscription(event=AppointmentCanceled, name="messaging.canceled", handler=appointment_canceled),
    Subscription(event=AppointmentDeclined, name="messaging.declined", handler=request_declined),
    Subscription(event=AppointmentHeld, name="messaging.held", handler=appointment_held),
    Subscription(event=WaitlistOffered, name="messaging.offered", handler=waitlist_offered),
    Subscription(event=PaymentSucceeded, name="messaging.paid", handler=payment_received),
    Subscription(event=RefundSucceeded, name="messaging.returned", handler=payment_returned),
    Subscription(event=SignInCodeRequested, name="messaging.sign_in", handler=sign_in_code_requested),
]
