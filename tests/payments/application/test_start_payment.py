"""A client starts paying: one wish makes one payment, whatever is lost on the way."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from apps.booking.domain.appointment import AppointmentNotFound
from apps.booking.infrastructure.models import Appointment, Service
from apps.kernel.domain.errors import DomainError
from apps.kernel.domain.money import Money
from apps.payments.application.ports import OutcomeUnknown, Refused, TryAgain
from apps.payments.domain.events import PaymentFailed
from apps.payments.domain.payment import (
    PaymentKind,
    PaymentRefused,
    PaymentServiceUnavailable,
    PaymentStatus,
    ReturnUrlNotAllowed,
)
from apps.payments.infrastructure import models
from tests.booking.factories import make_appointment, make_client, make_service
from tests.payments.till import RETURN_URL, Till

S = PaymentStatus
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def test_the_wish_is_stored_first_and_the_client_is_sent_to_the_payment_page(
    till: Till, held: Appointment
) -> None:
    view = till.start(held.id)
    assert (view.status, view.amount, view.started) == (S.PENDING, Money(450_000), True)
    assert view.confirmation_url.startswith("https://provider.test/")
    row = till.row(view.id)
    assert (row.kind, row.client_id, row.provider_id) == ("full", held.client_id, till.provider_id(view.id))
    assert till.provider.keys("create_payment") == [row.idempotence_key]
    assert till.later == [view.id]
    [receipt] = row.receipts.all()
    assert (receipt.kind, receipt.status, receipt.amount_minor) == ("advance", "pending", 450_000)


def test_the_order_tells_the_provider_what_it_needs_and_no_name(till: Till, held: Appointment) -> None:
    view = till.start(held.id, PaymentKind.DEPOSIT)
    order = till.provider.payment_orders[till.provider_id(view.id)]
    assert (order.reference, order.amount, order.return_url) == (view.id, Money(100_000), RETURN_URL)
    assert (order.capture, order.customer.email) == (True, held.client.email)
    [line] = order.items
    assert (line.amount, line.mode.value) == (Money(100_000), "partial_prepayment")
    assert order.description == held.terms["name"]


def test_in_two_stages_the_money_is_only_reserved_at_first(held: Appointment) -> None:
    till = Till(held.created_at, two_stage=True)
    view = till.start(held.id)
    assert till.provider.payment_orders[till.provider_id(view.id)].capture is False


def test_asking_twice_makes_one_payment(till: Till, held: Appointment) -> None:
    first, second = till.start(held.id), till.start(held.id)
    assert (second.id, second.confirmation_url) == (first.id, first.confirmation_url)
    assert (first.started, second.started) == (True, False)
    assert len(till.provider.payments) == models.Payment.objects.count() == 1


def test_the_deposit_and_the_whole_are_two_wishes(till: Till, held: Appointment) -> None:
    assert till.start(held.id).id != till.start(held.id, PaymentKind.DEPOSIT).id


def test_after_one_has_failed_a_new_one_is_made(till: Till, held: Appointment) -> None:
    first = till.start(held.id)
    till.provider.cancel_payment(till.provider_id(first.id), reason="insufficient_funds")
    till.settle_payment(payment_id=first.id)
    second = till.start(held.id)
    assert second.id != first.id
    assert (second.status, second.started) == (S.PENDING, True)


@pytest.mark.parametrize("failure", [OutcomeUnknown("no_answer"), TryAgain("too_many_requests")], ids=repr)
@pytest.mark.parametrize("accepted", [True, False])
def test_where_the_answer_is_lost_the_next_call_goes_on_with_the_same_payment(
    till: Till, held: Appointment, failure: Exception, accepted: bool
) -> None:
    till.provider.fail_next(failure, accepted=accepted)
    with pytest.raises(PaymentServiceUnavailable):
        till.start(held.id)
    [row] = models.Payment.objects.all()
    assert (row.status, row.provider_id) == ("intent", None)
    view = till.start(held.id)
    assert (view.id, view.status) == (row.id, S.PENDING)
    assert len(till.provider.payments) == 1
    assert len(set(till.provider.keys("create_payment"))) == 1


def test_where_the_answer_is_lost_the_queue_finishes_what_was_begun(till: Till, held: Appointment) -> None:
    till.provider.fail_next(accepted=True)
    with pytest.raises(PaymentServiceUnavailable):
        till.start(held.id)
    [payment_id] = till.later
    assert till.settle_payment(payment_id=payment_id) is S.PENDING
    assert len(till.provider.payments) == 1


def test_a_refusal_ends_the_payment(till: Till, held: Appointment) -> None:
    till.provider.fail_next(Refused("invalid_request"))
    with pytest.raises(PaymentRefused) as refusal:
        till.start(held.id)
    assert refusal.value.params["reason"] == "invalid_request"
    [row] = models.Payment.objects.all()
    assert (row.status, row.failure, row.failure_code) == ("failed", "provider_error", "invalid_request")
    assert [type(event) for event in till.bus.rows] == [PaymentFailed]
    assert not till.provider.payments


@pytest.mark.parametrize("after", [HOUR, HOUR + MINUTE], ids=str)
def test_a_wish_that_nobody_answered_for_an_hour_is_given_up_and_a_new_one_made(
    till: Till, held: Appointment, after: timedelta
) -> None:
    Appointment.objects.filter(id=held.id).update(hold_expires_at=held.created_at + 5 * HOUR)
    till.provider.fail_next()
    with pytest.raises(PaymentServiceUnavailable):
        till.start(held.id)
    [old] = till.later
    till.clock.pass_(after)
    view = till.start(held.id)
    assert view.status is S.PENDING
    assert view.confirmation_url
    given_up = after > HOUR
    assert (view.id != old) is given_up
    assert till.row(old).status == ("canceled" if given_up else "pending")
    if given_up:
        assert (till.row(old).failure, till.row(old).failure_code) == ("timeout", "no_answer")
        assert view.started


def test_a_given_up_wish_is_not_sent_any_more(till: Till, held: Appointment) -> None:
    till.provider.fail_next()
    with pytest.raises(PaymentServiceUnavailable):
        till.start(held.id)
    till.clock.pass_(HOUR + MINUTE)
    calls = len(till.provider.calls)
    assert till.settle_payment(payment_id=till.later[0]) is S.CANCELED
    assert len(till.provider.calls) == calls
    assert [event.category for event in till.bus.rows] == ["timeout"]


class TestRefusedBeforehand:
    """Nothing is stored, nobody is called."""

    def refused(self, till: Till, **values: Any) -> DomainError:
        with pytest.raises(DomainError) as refusal:
            till.start_payment(
                **{"client_id": None, "kind": PaymentKind.FULL, "return_url": RETURN_URL, **values}
            )
        assert not models.Payment.objects.exists()
        assert not till.provider.calls
        assert not till.later
        return refusal.value

    def test_an_unknown_appointment(self, till: Till) -> None:
        assert isinstance(self.refused(till, appointment_id=uuid4()), AppointmentNotFound)

    def test_somebody_elses_appointment(self, till: Till, held: Appointment) -> None:
        error = self.refused(till, appointment_id=held.id, client_id=make_client().id)
        assert isinstance(error, AppointmentNotFound)

    def test_a_foreign_return_url(self, till: Till, held: Appointment) -> None:
        error = self.refused(till, appointment_id=held.id, return_url="https://evil.example/")
        assert isinstance(error, ReturnUrlNotAllowed)
        assert error.field == "return_url"

    def test_a_deposit_where_none_is_offered(self, till: Till) -> None:
        row = make_appointment(service=make_service(), status="pending_payment")
        error = self.refused(till, appointment_id=row.id, kind=PaymentKind.DEPOSIT)
        assert (error.code, error.field) == ("deposit_not_offered", "kind")

    def test_what_is_paid_already(self, till: Till, service: Service) -> None:
        row = make_appointment(service=service)
        assert self.refused(till, appointment_id=row.id).code == "already_paid"

    def test_what_is_free(self, till: Till) -> None:
        row = make_appointment(service=make_service(price_minor=0))
        assert self.refused(till, appointment_id=row.id).code == "already_paid"

    def test_a_hold_whose_time_is_over_though_no_worker_has_seen_it(
        self, till: Till, held: Appointment
    ) -> None:
        till.clock.pass_(21 * MINUTE)
        error = self.refused(till, appointment_id=held.id)
        assert (error.code, error.params) == ("appointment_not_payable", {"status": "expired"})


def test_the_rest_is_paid_after_the_deposit(till: Till, held: Appointment) -> None:
    till.paid(held.id, PaymentKind.DEPOSIT)
    view = till.start(held.id)
    assert view.amount == Money(350_000)
    till.provider.pay(till.provider_id(view.id))
    till.settle_payment(payment_id=view.id)
    held.refresh_from_db()
    assert held.paid_minor == 450_000
    assert till.ledger(held.id) == [("payment", 100_000), ("payment", 350_000)]


def test_a_payment_of_what_took_place_already_gets_no_advance_receipt(till: Till, service: Service) -> None:
    row = make_appointment(service=service, status="completed", paid_minor=100_000)
    view = till.start(row.id)
    [line] = till.provider.payment_orders[till.provider_id(view.id)].items
    assert line.mode.value == "full_payment"
