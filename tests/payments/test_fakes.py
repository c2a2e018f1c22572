"""The stand-in of the provider is as strict as the provider where it matters."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from apps.kernel.domain.money import Money
from apps.kernel.domain.period import Period
from apps.payments.application.ports import OutcomeUnknown, ProviderStatus, Refused, TryAgain
from tests.payments.fakes import Call, FakeProvider
from tests.payments.orders import payment_order, refund_order

SUM = Money.from_decimal("4500.00")


def test_the_same_key_brings_the_same_payment_as_it_stands_now():
    provider = FakeProvider()
    order = payment_order(amount=SUM)
    first = provider.create_payment(order)
    provider.pay(first.id)

    again = provider.create_payment(order)

    assert (again.id, again.status) == (first.id, ProviderStatus.SUCCEEDED)
    assert len(provider.payments) == 1


def test_the_same_key_may_also_bring_the_first_answer():
    provider = FakeProvider()
    provider.repeats_as_first = True
    order = payment_order(amount=SUM)
    provider.pay(provider.create_payment(order).id)

    assert provider.create_payment(order).status is ProviderStatus.PENDING


def test_the_same_key_with_another_request_is_refused():
    provider = FakeProvider()
    provider.create_payment(payment_order(amount=SUM, key="k"))

    with pytest.raises(Refused):
        provider.create_payment(payment_order(amount=Money.from_decimal("1.00"), key="k"))


def test_a_call_that_is_lost_after_acceptance_has_happened_once():
    provider = FakeProvider()
    provider.fail_next(accepted=True)
    order = payment_order(amount=SUM)

    with pytest.raises(OutcomeUnknown):
        provider.create_payment(order)
    provider.create_payment(order)

    assert len(provider.payments) == 1
    assert provider.calls == [Call("create_payment", order.idempotence_key)] * 2


def test_a_call_that_fails_before_acceptance_has_not_happened():
    provider = FakeProvider()
    provider.fail_next(TryAgain("too_many_requests"), method="create_payment", times=2)

    for _ in range(2):
        with pytest.raises(TryAgain):
            provider.create_payment(payment_order(amount=SUM))

    assert provider.payments == {}


def test_two_stages_wait_for_capture_and_can_be_given_up():
    provider = FakeProvider()
    kept = provider.create_payment(payment_order(amount=SUM, capture=False))
    left = provider.create_payment(payment_order(amount=SUM, capture=False))

    assert provider.pay(kept.id).status is ProviderStatus.WAITING_FOR_CAPTURE
    assert provider.capture(kept.id, amount=SUM, idempotence_key="c").status is ProviderStatus.SUCCEEDED
    provider.pay(left.id)
    assert provider.cancel(left.id, idempotence_key="x").reason == "canceled_by_merchant"


def test_nothing_is_refunded_above_what_was_paid():
    provider = FakeProvider()
    payment = provider.create_payment(payment_order(amount=SUM))
    provider.pay(payment.id)
    provider.create_refund(refund_order(payment.id, amount=Money.from_decimal("4000.00")))

    with pytest.raises(Refused):
        provider.create_refund(refund_order(payment.id, amount=Money.from_decimal("500.01")))

    assert provider.payment(payment.id).refunded == Money.from_decimal("4000.00")


def test_a_refund_that_is_declined_counts_no_longer():
    provider = FakeProvider()
    provider.refunds_settle_as = ProviderStatus.PENDING
    payment = provider.create_payment(payment_order(amount=SUM))
    provider.pay(payment.id)
    refund = provider.create_refund(refund_order(payment.id, amount=SUM))
    with pytest.raises(Refused):
        provider.create_refund(refund_order(payment.id, amount=SUM))

    provider.settle_refund(refund.id, status=ProviderStatus.CANCELED, reason="insufficient_funds")

    assert provider.create_refund(refund_order(payment.id, amount=SUM)).status is ProviderStatus.PENDING


def test_listings_hold_what_was_created_in_the_period():
    day = datetime(2026, 3, 2, tzinfo=UTC)
    provider = FakeProvider(now=lambda: day)
    payment = provider.create_payment(payment_order(amount=SUM))

    assert [each.id for each in provider.payments_created(Period.lasting(day, timedelta(days=1)))] == [
        payment.id
    ]
    assert not list(provider.payments_created(Period.lasting(day + timedelta(days=1), timedelta(days=1))))


def test_unknown_things_are_not_found():
    provider = FakeProvider()

    for read in (provider.payment, provider.refund, provider.receipt):
        with pytest.raises(Refused, match="not_found"):
            read(str(uuid4()))
