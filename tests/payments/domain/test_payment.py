"""A payment: every way between its states, those that exist and those that do not."""

from copy import deepcopy
from dataclasses import fields
from datetime import timedelta
from itertools import product

import pytest

from apps.kernel.domain.money import InvalidMoney, Money
from apps.payments.domain.events import PaymentFailed, PaymentSucceeded
from apps.payments.domain.failure import FailureCategory
from apps.payments.domain.payment import ALLOWED, OPEN, Payment, PaymentStatus
from tests.payments.domain_objects import (
    APPOINTMENT_ID,
    CLIENT_ID,
    DEPOSIT,
    NOW,
    PRICE,
    REST,
    counted_ids,
    intended,
    payment_in,
    request,
)

S = PaymentStatus
LATER = NOW + timedelta(minutes=5)
COMMANDS = {
    S.PENDING: lambda payment: payment.await_payer(),
    S.WAITING_FOR_CAPTURE: lambda payment: payment.authorise(),
    S.SUCCEEDED: lambda payment: payment.succeed(now=LATER),
    S.CANCELED: lambda payment: fail(payment, FailureCategory.CANCELED),
    S.FAILED: lambda payment: fail(payment, FailureCategory.PROVIDER_ERROR),
}


def fail(payment: Payment, category: FailureCategory) -> bool:
    return payment.fail(category, code="a_reason", new_id=counted_ids(), now=LATER)


def state(payment: Payment) -> dict[str, object]:
    return {each.name: deepcopy(getattr(payment, each.name)) for each in fields(payment)}


@pytest.mark.parametrize(("old", "new"), list(product(S, COMMANDS)), ids=str)
def test_news_lead_where_the_table_says_and_change_nothing_elsewhere(old: S, new: S) -> None:
    payment = payment_in(old)
    before = state(payment)
    moved = COMMANDS[new](payment)
    assert moved is (new in ALLOWED[old])
    if moved:
        assert payment.status is new
        assert (payment.settled_at == LATER) is (new not in OPEN)
    else:
        assert state(payment) == before


def test_the_table_knows_every_state_and_nobody_returns_to_the_wish() -> None:
    assert set(ALLOWED) == set(S)
    assert all(S.INTENT not in followers for followers in ALLOWED.values())
    assert {S.INTENT, S.PENDING, S.WAITING_FOR_CAPTURE} == OPEN


@pytest.mark.parametrize("status", S, ids=str)
def test_a_payment_knows_whether_it_is_open(status: S) -> None:
    assert payment_in(status).is_open is (status in OPEN)


@pytest.mark.parametrize(
    ("category", "status"),
    [
        (FailureCategory.CANCELED, S.CANCELED),
        (FailureCategory.TIMEOUT, S.CANCELED),
        (FailureCategory.PROVIDER_ERROR, S.FAILED),
        (FailureCategory.INSUFFICIENT_FUNDS, S.FAILED),
        (FailureCategory.UNKNOWN, S.FAILED),
    ],
)
def test_what_was_given_up_is_canceled_and_what_was_refused_has_failed(
    category: FailureCategory, status: S
) -> None:
    payment = payment_in(S.PENDING)
    assert fail(payment, category)
    assert (payment.status, payment.failure, payment.failure_code) == (status, category, "a_reason")
    [event] = payment.pull_events()
    assert isinstance(event, PaymentFailed)
    assert (event.category, event.amount_minor, event.currency) == (category.value, 450_000, "RUB")


@pytest.mark.parametrize("reason", ["", "slot_taken"])
def test_success_is_told_once_the_appointment_has_answered(reason: str) -> None:
    payment = payment_in(S.PENDING)
    payment.succeed(now=LATER)
    assert not payment.pending_events
    payment.told_success(not_taken=reason, new_id=counted_ids(), now=LATER)
    [event] = payment.pull_events()
    assert isinstance(event, PaymentSucceeded)
    assert (event.taken, payment.not_taken) == (reason == "", reason)
    assert (event.appointment_id, event.client_id) == (APPOINTMENT_ID, CLIENT_ID)


def test_a_wish_is_for_the_sum_of_its_lines() -> None:
    assert intended(DEPOSIT, REST).amount == PRICE
    with pytest.raises(InvalidMoney):
        intended(DEPOSIT, Money(1, "EUR"))


def test_what_the_provider_has_said_once_stays() -> None:
    payment = intended()
    payment.known_as("first", confirmation_url="https://pay.example/1", method="")
    payment.known_as("second", confirmation_url="", method="sbp")
    assert payment.provider_id == "first"
    assert (payment.confirmation_url, payment.method) == ("https://pay.example/1", "sbp")


@pytest.mark.parametrize("status", [each for each in S if each is not S.SUCCEEDED], ids=str)
def test_only_money_that_has_arrived_can_be_given_back(status: S) -> None:
    assert payment_in(status).refundable == Money(0)


def test_what_is_given_back_and_what_may_still_be() -> None:
    payment = payment_in(S.SUCCEEDED)
    assert (payment.refundable, payment.refunded) == (PRICE, Money(0))
    request(payment, DEPOSIT)
    assert (payment.refundable, payment.refunded) == (REST, Money(0))
