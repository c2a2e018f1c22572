"""Payments of the demo practice: the real use cases, with a provider that lives in this process."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from django.conf import settings

from apps.booking import facade as booking
from apps.booking import wiring as booking_wiring
from apps.booking.application.views import AppointmentView
from apps.booking.events import AppointmentCanceled, AppointmentCompleted
from apps.kernel.domain.actor import Actor
from apps.kernel.domain.money import Money
from apps.kernel.infrastructure.event_bus import InMemoryEventBus, Subscription
from apps.payments import wiring
from apps.payments.application.ports import PayableAppointment, Taken
from apps.payments.domain.events import PaymentSucceeded, RefundRequested
from apps.payments.domain.payment import PaymentKind
from apps.payments.domain.refund import RefundReason
from apps.payments.infrastructure.queries.client_payments import payments_of
from project.demo.clock import DemoClock
from project.demo.provider import DemoProvider

SEED = 5
LONG_AGO, LONGEST_AGO = timedelta(days=9), timedelta(days=35)
"""Only what lies further back was paid through the demo's provider: the sandbox knows nothing of it, and
comparisons with it look back over a few days."""
METHODS = ["bank_card", "bank_card", "bank_card", "sbp", "sbp", "yoo_money", "sberbank"]


class DemoPayments:
    """Use cases of payments by the demo's clock; ``connect`` them to who hears what before the first use."""

    def __init__(self, clock: DemoClock, *, now: datetime) -> None:
        self._clock, self._now = clock, now
        self._random = Random(SEED)  # noqa: S311 - a repeatable demo, nothing secret
        self._late_is_shown = self._refund_is_shown = False
        self._paid_here: set[UUID] = set()
        self._provider = DemoProvider(clock)

    def subscriptions(self) -> list[Subscription]:
        """What moves money in the demo, in place of what would at the real provider."""
        hears: list[tuple[str, Any, Callable[[Any], None]]] = [
            ("payments.refund_canceled_appointment", AppointmentCanceled, self._refund_canceled),
            ("payments.execute_refund", RefundRequested, self._execute),
            ("payments.issue_offset_receipts", AppointmentCompleted, self._offset_receipts),
            ("payments.issue_late_offset_receipts", PaymentSucceeded, self._offset_receipts),
        ]
        return [Subscription(event=event, name=name, handler=handler) for name, event, handler in hears]

    def connect(self, events: InMemoryEventBus) -> None:
        appointments = _Appointments(events)
        record_state = replace(wiring.record_state, events=events, appointments=appointments)
        at_provider: dict[str, Any] = {"provider": self._provider, "clock": self._clock}
        finish = replace(wiring.finish_intent, **at_provider, record_state=record_state, events=events)
        self._start = replace(
            wiring.start_payment, finish=finish, finish_later=lambda payment_id: None, clock=self._clock
        )
        self._settle = replace(
            wiring.settle_payment,
            **at_provider,
            appointments=appointments,
            record_state=record_state,
            finish=finish,
        )
        record_refund = replace(wiring.record_refund, events=events)
        self._execute_refund = replace(wiring.execute_refund, **at_provider, record=record_refund)
        self._give_back = replace(wiring.refund_payment, events=events, clock=self._clock)
        self._refund_for = replace(wiring.refund_canceled_appointment, events=events)
        self._plan_receipts = replace(wiring.plan_offset_receipts, clock=self._clock)
        self._send_receipt = replace(wiring.send_receipt, **at_provider)

    def takes(self, at: datetime) -> bool:
        """Whether a payment at this instant goes through the provider; most of last month's do."""
        return LONG_AGO < self._now - at < LONGEST_AGO and self._random.random() < 0.6

    def pay(self, appointment: AppointmentView, client: Actor, *, whole: bool) -> None:
        """Now by the demo's clock; one in ten needs a second try."""
        if self._random.random() < 0.1:
            _, failed = self._started(appointment, client, whole=whole)
            self._provider.fail(failed, reason=self._random.choice(["insufficient_funds", "general_decline"]))
            self._settled(appointment.id)
            self._clock.instant += timedelta(minutes=1)
        _, provider_id = self._started(appointment, client, whole=whole)
        self._clock.instant += timedelta(minutes=1)
        self._provider.pay(provider_id, method=self._random.choice(METHODS))
        self._settled(appointment.id)

    def start_and_pay_late(self, appointment: AppointmentView, client: Actor, expire: Any) -> bool:
        """Once, and long ago: the payment comes after the hold has ended (``expire``)."""
        if self._late_is_shown or self._clock.instant > self._now - LONG_AGO:
            return False
        self._late_is_shown = True
        _, provider_id = self._started(appointment, client, whole=True)
        expire()
        self._clock.instant += timedelta(minutes=3)
        self._provider.pay(provider_id, method="sbp")
        self._settled(appointment.id)
        return True

    def give_a_part_back(self, appointment_id: UUID, owner: Actor) -> None:
        """Once: the specialist gives back a part by hand."""
        if self._refund_is_shown or appointment_id not in self._paid_here:
            return
        for payment in payments_of(appointment_id):
            if payment.status.value == "succeeded":
                self._refund_is_shown = True
                amount = Money(payment.amount.minor // 4)
                self._give_back(
                    actor=owner, payment_id=payment.id, amount=amount, reason=RefundReason.GOODWILL
                )
                return

    def _started(self, appointment: AppointmentView, client: Actor, *, whole: bool) -> tuple[UUID, str]:
        self._paid_here.add(appointment.id)
        offers_deposit = appointment.service.deposit is not None
        view = self._start(
            appointment_id=appointment.id,
            client_id=client.user_id,
            kind=PaymentKind.FULL if whole or not offers_deposit else PaymentKind.DEPOSIT,
            return_url=f"{settings.PUBLIC_URL}/",
        )
        return view.id, self._provider.named(view.id)

    def _settled(self, appointment_id: UUID) -> None:
        for payment in payments_of(appointment_id):
            if payment.settled_at is None:
                self._settle(payment_id=payment.id)

    def _execute(self, event: RefundRequested) -> None:
        self._execute_refund(refund_id=event.refund_id)

    def _refund_canceled(self, event: AppointmentCanceled) -> None:
        if event.refund_minor:
            amount = Money(event.refund_minor, event.currency)
            self._refund_for(appointment_id=event.appointment_id, amount=amount, at=event.occurred_at)

    def _offset_receipts(self, event: AppointmentCompleted | PaymentSucceeded) -> None:
        if event.appointment_id in self._paid_here:
            for receipt_id in self._plan_receipts(appointment_id=event.appointment_id):
                self._send_receipt(receipt_id=receipt_id)


@dataclass(frozen=True)
class _Appointments:
    """Booking beside payments as at work; what it tells is heard at once."""

    events: InMemoryEventBus

    def get(self, appointment_id: UUID, *, at: datetime, client_id: UUID | None = None) -> PayableAppointment:
        return wiring.appointments.get(appointment_id, at=at, client_id=client_id)

    def receive(self, *, appointment_id: UUID, payment_id: UUID, amount: Money, at: datetime) -> Taken:
        receive = replace(booking_wiring.receive_payment, events=self.events)
        late = receive(appointment_id=appointment_id, payment_id=payment_id, amount=amount, at=at)
        return Taken(reason="", late=late)

    def would_take(self, *, appointment_id: UUID, amount: Money, at: datetime) -> Taken:
        taken = booking.takes_payment(appointment_id=appointment_id, amount=amount, at=at)
        return Taken(reason=taken.reason, late=taken.late)
