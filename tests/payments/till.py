"""Payments as they are wired for production, on PostgreSQL, but for the provider, the clock and the bus."""

from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from apps.booking import facade as booking
from apps.booking.events import AppointmentCanceled, AppointmentCompleted, OutsidePaymentRecorded
from apps.kernel.application.ports import TemporaryFailure
from apps.kernel.domain.events import DomainEvent
from apps.kernel.domain.money import Money
from apps.payments import wiring
from apps.payments.application.ports import ProviderPayment, Taken
from apps.payments.application.views import PaymentView
from apps.payments.domain.payment import PaymentKind
from apps.payments.infrastructure import models
from apps.payments.infrastructure.neighbours import BookingAppointments
from apps.payments.presentation import subscribers
from tests.booking.fakes import RecordingBus
from tests.booking.infrastructure.practice_on_a_clock import PracticeOnAClock
from tests.payments.fakes import FakeProvider

RETURN_URL = "http://localhost:8000/thanks"


class AppointmentsOnAClock(BookingAppointments):
    """Booking behind its port, with the clock and the bus of the test."""

    def __init__(self, practice: PracticeOnAClock) -> None:
        self.practice = practice

    def receive(self, *, appointment_id: UUID, payment_id: UUID, amount: Money, at: datetime) -> Taken:
        return self._taken(
            partial(
                self.practice.receive_payment,
                appointment_id=appointment_id,
                payment_id=payment_id,
                amount=amount,
                at=at,
            )
        )

    def would_take(self, *, appointment_id: UUID, amount: Money, at: datetime) -> Taken:
        ask = self.practice.receive_payment.ensure_would_be_taken
        return self._taken(partial(ask, appointment_id=appointment_id, amount=amount, at=at))

    @staticmethod
    def _taken(receive: Callable[[], bool]) -> Taken:
        taken = booking._taken(receive)
        return Taken(reason=taken.reason, late=taken.late)


class Till:
    """``provider`` is the provider in memory; ``later`` lists the payments that the queue was asked to see
    to, ``bus`` what payments told, ``practice`` is booking on the same clock."""

    def __init__(self, now: datetime, *, two_stage: bool = False) -> None:
        self.practice = PracticeOnAClock(now)
        self.clock = self.practice.clock
        self.bus = RecordingBus()
        self.provider = FakeProvider(now=self.clock.now)
        self.later: list[UUID] = []
        self.appointments = AppointmentsOnAClock(self.practice)
        told: dict[str, Any] = {"events": self.bus}
        timed: dict[str, Any] = {"clock": self.clock}
        outside: dict[str, Any] = {**timed, "provider": self.provider}
        self.record_state = replace(
            wiring.record_state,
            appointments=self.appointments,
            shop_id=self.provider.shop_id,
            **told,
        )
        self.finish_intent = replace(
            wiring.finish_intent, record_state=self.record_state, two_stage=two_stage, **told, **outside
        )
        self.start_payment = replace(
            wiring.start_payment,
            appointments=self.appointments,
            finish=self.finish_intent,
            finish_later=self.later.append,
            **timed,
        )
        self.settle_payment = replace(
            wiring.settle_payment,
            appointments=self.appointments,
            record_state=self.record_state,
            finish=self.finish_intent,
            **outside,
        )
        self.refund_payment = replace(wiring.refund_payment, **told, **timed)
        self.refund_canceled_appointment = replace(wiring.refund_canceled_appointment, **told)
        self.record_refund = replace(wiring.record_refund, **told)
        self.execute_refund = replace(wiring.execute_refund, record=self.record_refund, **outside)
        self.heed_notification = replace(
            wiring.heed_notification,
            settle_payment=self.settle_payment,
            record_refund=self.record_refund,
            execute_refund=self.execute_refund,
            **outside,
        )
        self.plan_offset_receipts = replace(
            wiring.plan_offset_receipts, appointments=self.appointments, **timed
        )
        self.send_receipt = replace(wiring.send_receipt, **outside)
        self.enter_outside_payment = wiring.enter_outside_payment
        self.record_outside_refund = replace(
            wiring.record_outside_refund, appointments=self.appointments, **timed
        )
        self.settle_open_payments = replace(
            wiring.settle_open_payments,
            settle_payment=self.settle_payment,
            execute_refund=self.execute_refund,
            **timed,
        )
        self.reconcile = replace(
            wiring.reconcile,
            settle_payment=self.settle_payment,
            execute_refund=self.execute_refund,
            **outside,
        )

    # What people do

    def start(
        self, appointment_id: UUID, kind: PaymentKind = PaymentKind.FULL, return_url: str = RETURN_URL
    ) -> PaymentView:
        return self.start_payment(
            appointment_id=appointment_id, client_id=None, kind=kind, return_url=return_url
        )

    def paid(self, appointment_id: UUID, kind: PaymentKind = PaymentKind.FULL) -> models.Payment:
        """A payment that was started, paid and settled."""
        payment_id = self.start(appointment_id, kind).id
        self.provider.pay(self.provider_id(payment_id))
        self.settle_payment(payment_id=payment_id)
        return self.row(payment_id)

    # What is looked at

    def row(self, payment_id: UUID) -> models.Payment:
        return models.Payment.objects.get(id=payment_id)

    def provider_id(self, payment_id: UUID) -> str:
        """The id at the provider, whether we have heard it or not."""
        [found] = [each for each in self.provider.payments.values() if each.reference == payment_id]
        return found.id

    def at_the_provider(self, payment_id: UUID) -> ProviderPayment:
        return self.provider.payments[self.provider_id(payment_id)]

    def alerts(self) -> list[str]:
        """The kinds of the open alerts, in the order they came."""
        return list(models.PaymentAlert.objects.order_by("id").values_list("kind", flat=True))

    def ledger(self, appointment_id: UUID) -> list[tuple[str, int]]:
        rows = models.LedgerEntry.objects.filter(appointment_id=appointment_id).order_by("at", "id")
        return list(rows.values_list("kind", "amount_minor"))

    # The queue

    def notification(self, event: str, object_id: str) -> int:
        """A stored notification, as the webhook leaves it; returns its id."""
        return models.PaymentNotification.objects.create(
            event=event, object_id=object_id, received_at=self.clock.now()
        ).pk

    def hear(self, event: DomainEvent) -> None:
        """Let every subscriber of payments handle the event."""
        with self.behind_the_wiring():
            for each in subscribers.SUBSCRIPTIONS:
                if each.event is type(event):
                    each.handler(event)

    @contextmanager
    def behind_the_wiring(self) -> Any:
        """The subscribers call these use cases instead of production's."""
        names = [
            "refund_canceled_appointment",
            "execute_refund",
            "plan_offset_receipts",
            "enter_outside_payment",
        ]
        real = {name: getattr(wiring, name) for name in names}
        try:
            for name in names:
                setattr(wiring, name, getattr(self, name))
            yield
        finally:
            for name, use_case in real.items():
                setattr(wiring, name, use_case)

    def deliver(self) -> None:
        """Let the subscribers handle everything that was told, until nothing new is told."""
        while events := [*self.bus.rows, *self.practice.bus.rows]:
            self.bus.rows, self.practice.bus.rows = [], []
            for event in events:
                try:
                    self.hear(event)
                except TemporaryFailure:
                    self.bus.rows.append(event)


def canceled(appointment_id: UUID, client_id: UUID, refund: Money, at: datetime) -> AppointmentCanceled:
    return AppointmentCanceled(
        **_about(appointment_id, client_id, at),
        by="client",
        rule="half",
        refund_minor=refund.minor,
        currency=refund.currency,
    )


def completed(appointment_id: UUID, client_id: UUID, at: datetime) -> AppointmentCompleted:
    return AppointmentCompleted(**_about(appointment_id, client_id, at))


def outside_payment(
    appointment_id: UUID, client_id: UUID, amount: Money, at: datetime
) -> OutsidePaymentRecorded:
    return OutsidePaymentRecorded(
        **_about(appointment_id, client_id, at),
        amount_minor=amount.minor,
        currency=amount.currency,
        method="cash",
    )


def _about(appointment_id: UUID, client_id: UUID, at: datetime) -> dict[str, Any]:
    return {
        "event_id": uuid4(),
        "occurred_at": at,
        "appointment_id": appointment_id,
        "client_id": client_id,
        "specialist_id": uuid4(),
        "service_id": uuid4(),
        "start": at,
    }
