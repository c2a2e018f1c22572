"""What payments do when they hear an event."""

from apps.booking.events import AppointmentCanceled, AppointmentCompleted, OutsidePaymentRecorded
from apps.kernel.domain.money import Money
from apps.kernel.infrastructure.event_bus import Subscription
from apps.payments import wiring
from apps.payments.domain.events import PaymentSucceeded, RefundRequested
from apps.payments.presentation.tasks import send_receipt


def refund_canceled_appointment(event: AppointmentCanceled) -> None:
    if event.refund_minor:
        wiring.refund_canceled_appointment(
            appointment_id=event.appointment_id,
            amount=Money(event.refund_minor, event.currency),
            at=event.occurred_at,
        )


def execute_refund(event: RefundRequested) -> None:
    wiring.execute_refund(refund_id=event.refund_id)


def issue_offset_receipts(event: AppointmentCompleted | PaymentSucceeded) -> None:
    """Once the session took place, whether the money had come before or is late."""
    for receipt_id in wiring.plan_offset_receipts(appointment_id=event.appointment_id):
        send_receipt.defer(receipt_id=str(receipt_id))


def enter_outside_payment(event: OutsidePaymentRecorded) -> None:
    wiring.enter_outside_payment(
        event_id=event.event_id,
        appointment_id=event.appointment_id,
        amount=Money(event.amount_minor, event.currency),
        at=event.occurred_at,
    )


SUBSCRIPTIONS = [
    Subscription(
        event=AppointmentCanceled,
        name="payments.refund_canceled_appointment",
        handler=refund_canceled_appointment,
    ),
    Subscription(event=RefundRequested, name="payments.execute_refund", handler=execute_refund),
    Subscription(
        event=AppointmentCompleted, name="payments.issue_offset_receipts", handler=issue_offset_receipts
    ),
    Subscription(
        event=PaymentSucceeded, name="payments.issue_late_offset_receipts", handler=issue_offset_receipts
    ),
    Subscription(
        event=OutsidePaymentRecorded, name="payments.enter_outside_payment", handler=enter_outside_payment
    ),
]
