"""Refunds: every way between their states, and never above what was paid."""

from itertools import product
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.kernel.domain.money import InvalidMoney, Money
from apps.payments.domain.events import RefundFailed, RefundRequested, RefundSucceeded
from apps.payments.domain.payment import PaymentStatus
from apps.payments.domain.refund import (
    ALLOWED,
    RefundAboveRest,
    RefundAmountInvalid,
    RefundNotFound,
    RefundNotPossible,
    RefundReason,
    RefundStatus,
)
from tests.counts import property_settings
from tests.payments.domain_objects import (
    HOUR,
    KOPECK,
    NOW,
    OWNER_ID,
    PRICE,
    payment_in,
    refund_in,
    request,
    settle,
)

S = RefundStatus
ENDS = {status for status, followers in ALLOWED.items() if not followers}


@pytest.mark.parametrize(("old", "new"), list(product(S, S)), ids=str)
def test_news_lead_where_the_table_says_and_change_nothing_elsewhere(old: S, new: S) -> None:
    payment, refund = refund_in(old)
    before = (refund.settled_at, refund.provider_id, refund.failure_code)
    moved = settle(payment, refund, new, code="a_reason")
    assert moved is (new in ALLOWED[old])
    assert refund.status is (new if moved else old)
    told = [type(event) for event in payment.pull_events()]
    assert told == (
        [{S.SUCCEEDED: RefundSucceeded, S.FAILED: RefundFailed}[new]] if moved and new in ENDS else []
    )
    if moved:
        assert (refund.settled_at == NOW + HOUR) is (new in ENDS)
        assert refund.failure_code == "a_reason"
    elif old is not S.REQUESTED:
        assert (refund.settled_at, refund.provider_id, refund.failure_code) == before


def test_a_request_is_told_with_its_amount() -> None:
    payment = payment_in(PaymentStatus.SUCCEEDED)
    refund = request(payment, KOPECK, reason=RefundReason.MISTAKE)
    [event] = payment.pull_events()
    assert isinstance(event, RefundRequested)
    assert (event.refund_id, event.amount_minor, event.payment_id) == (refund.id, 1, payment.id)
    assert (refund.reason, refund.requested_by, refund.requested_at) == (
        RefundReason.MISTAKE,
        OWNER_ID,
        NOW,
    )


@pytest.mark.parametrize("status", [each for each in PaymentStatus if each.value != "succeeded"], ids=str)
def test_nothing_is_given_back_of_what_has_not_arrived(status: PaymentStatus) -> None:
    with pytest.raises(RefundNotPossible):
        request(payment_in(status), KOPECK)


@pytest.mark.parametrize("amount", [Money(0), Money(-1)], ids=str)
def test_a_refund_is_more_than_nothing(amount: Money) -> None:
    with pytest.raises(RefundAmountInvalid):
        request(payment_in(PaymentStatus.SUCCEEDED), amount)


def test_another_currency_is_refused() -> None:
    with pytest.raises(InvalidMoney):
        request(payment_in(PaymentStatus.SUCCEEDED), Money(1, "EUR"))


@pytest.mark.parametrize("status", [S.REQUESTED, S.PENDING, S.SUCCEEDED], ids=str)
def test_what_is_on_its_way_counts_as_given(status: S) -> None:
    payment, _ = refund_in(status, PRICE - KOPECK)
    with pytest.raises(RefundAboveRest) as refusal:
        request(payment, Money(2))
    assert refusal.value.params["rest"] == "0.01"
    request(payment, KOPECK)
    assert payment.refundable == Money(0)


def test_what_was_refused_may_be_asked_for_again() -> None:
    payment, _ = refund_in(S.FAILED)
    assert (payment.refundable, payment.refunded) == (PRICE, Money(0))
    request(payment, PRICE)


def test_an_unknown_refund_is_not_found() -> None:
    payment, _ = refund_in(S.REQUESTED)
    with pytest.raises(RefundNotFound):
        payment.refund_of(UUID(int=404))


@given(
    steps=st.lists(
        st.one_of(
            st.integers(-10, 500_000),
            st.tuples(st.integers(0, 5), st.sampled_from(S)),
        ),
        max_size=12,
    )
)
@property_settings()
def test_whatever_is_asked_and_answered_never_more_than_was_paid_goes_back(steps: list[object]) -> None:
    payment = payment_in(PaymentStatus.SUCCEEDED)
    for step in steps:
        if isinstance(step, int):
            asked = Money(step)
            fits = Money(0) < asked <= payment.refundable
            try:
                request(payment, asked)
            except (RefundAboveRest, RefundAmountInvalid):
                assert not fits
            else:
                assert fits
        elif step[0] < len(payment.refunds):
            settle(payment, payment.refunds[step[0]], step[1])
        given_back = sum(each.amount.minor for each in payment.refunds if each.status is not S.FAILED)
        assert 0 <= payment.refunded.minor <= given_back <= PRICE.minor
        assert payment.refundable.minor == PRICE.minor - given_back
