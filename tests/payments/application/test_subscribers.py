"""Events are heard at least once: whatever payments hear twice changes nothing twice."""

from uuid import uuid4

import pytest

from apps.booking.infrastructure.models import Appointment
from apps.kernel.domain.actor import Actor
from apps.kernel.domain.events import DomainEvent
from apps.kernel.domain.money import Money
from apps.payments.domain.events import PaymentSucceeded, RefundRequested
from apps.payments.domain.payment import PaymentKind
from apps.payments.domain.refund import RefundReason
from apps.payments.infrastructure import models
from apps.payments.presentation.subscribers import SUBSCRIPTIONS
from tests.booking.factories import make_staff
from tests.jobs import waiting
from tests.payments.rows import nothing_changes
from tests.payments.till import Till, canceled, completed, outside_payment

HALF = Money(225_000)


def _cancellation(till: Till, held: Appointment) -> DomainEvent:
    till.paid(held.id)
    return canceled(held.id, held.client_id, HALF, till.clock.now())


def _refund(till: Till, held: Appointment) -> DomainEvent:
    payment = till.paid(held.id)
    till.bus.rows.clear()
    till.refund_payment(
        actor=Actor(user_id=make_staff().id, role="owner"),
        payment_id=payment.id,
        amount=HALF,
        reason=RefundReason.MISTAKE,
    )
    [event] = till.bus.rows
    assert isinstance(event, RefundRequested)
    return event


def _completion(till: Till, held: Appointment) -> DomainEvent:
    till.paid(held.id)
    Appointment.objects.filter(id=held.id).update(status="completed")
    return completed(held.id, held.client_id, till.clock.now())


def _late_success(till: Till, held: Appointment) -> DomainEvent:
    till.paid(held.id, PaymentKind.DEPOSIT)
    view = till.start(held.id)
    Appointment.objects.filter(id=held.id).update(status="completed")
    till.provider.pay(till.provider_id(view.id))
    till.settle_payment(payment_id=view.id)
    event = till.bus.rows[-1]
    assert isinstance(event, PaymentSucceeded)
    return event


def _outside(till: Till, held: Appointment) -> DomainEvent:
    return outside_payment(held.id, held.client_id, HALF, till.clock.now())


HEARD = [_cancellation, _refund, _completion, _late_success, _outside]


@pytest.mark.parametrize("happens", HEARD)
def test_heard_twice_it_changes_nothing_twice(till: Till, held: Appointment, happens: object) -> None:
    event = happens(till, held)
    written = models.Refund, models.Receipt, models.LedgerEntry
    before = [list(model.objects.values()) for model in written]
    till.hear(event)
    assert [list(model.objects.values()) for model in written] != before
    for receipt in waiting("payments.send_receipt"):
        till.send_receipt(receipt_id=receipt["receipt_id"])
    with nothing_changes():
        till.hear(event)


@pytest.mark.parametrize("happens", HEARD)
def test_heard_twice_before_anything_else_is_done_it_changes_nothing_twice(
    till: Till, held: Appointment, happens: object
) -> None:
    event = happens(till, held)
    till.hear(event)
    counts = [model.objects.count() for model in (models.Refund, models.Receipt, models.LedgerEntry)]
    till.hear(event)
    assert [model.objects.count() for model in (models.Refund, models.Receipt, models.LedgerEntry)] == counts


def test_every_event_that_is_heard_is_tested_here(till: Till, held: Appointment) -> None:
    heard = {type(happens(till, row)) for happens, row in zip(HEARD, _many(held), strict=True)}
    assert heard == {each.event for each in SUBSCRIPTIONS}


def _many(held: Appointment) -> list[Appointment]:
    rows = [held]
    for number in range(1, len(HEARD)):
        row = Appointment.objects.get(id=held.id)
        row.pk, row.start = uuid4(), held.start
        row.specialist_id = held.specialist_id
        shift = number * (held.blocked.upper - held.blocked.lower)
        row.start, row.end = held.start + shift, held.end + shift
        row.blocked = type(held.blocked)(held.blocked.lower + shift, held.blocked.upper + shift, "[)")
        row.save(force_insert=True)
        rows.append(row)
    return rows


def test_a_cancellation_without_a_refund_gives_nothing_back(till: Till, held: Appointment) -> None:
    till.paid(held.id)
    till.hear(canceled(held.id, held.client_id, Money(0), till.clock.now()))
    assert not models.Refund.objects.exists()


def test_a_completion_asks_the_queue_to_send_the_receipt(till: Till, held: Appointment) -> None:
    till.hear(_completion(till, held))
    [receipt] = models.Receipt.objects.filter(kind="offset")
    assert waiting("payments.send_receipt") == [{"receipt_id": str(receipt.id)}]
