"""What payments rely on, of the adapter against a whole provider and of the fake that other tests use."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from apps.kernel.domain.money import Money
from apps.kernel.domain.period import Period
from apps.payments.application.ports import OutcomeUnknown, PaymentProvider, ProviderStatus, Refused, TryAgain
from tests.payments.fakes import FakeProvider
from tests.payments.infrastructure.yookassa.conftest import provider_at
from tests.payments.orders import payment_order, receipt_order, refund_order

SUM = Money.from_decimal("4500.00")
NOBODY = "2d6b3e1f-000f-5000-9000-145f6df21d6f"


@dataclass
class World:
    """A provider and its payers."""

    provider: PaymentProvider
    shop_id: str
    pay: Callable[[str], object]
    cancel: Callable[[str, str], object]
    now: Callable[[], datetime]


@pytest.fixture(params=["fake", "sandbox"])
def world(request) -> World:
    if request.param == "fake":
        fake = FakeProvider()
        return World(
            provider=fake,
            shop_id=fake.shop_id,
            pay=fake.pay,
            cancel=lambda key, reason: fake.cancel_payment(key, reason=reason),
            now=fake.now,
        )
    sandbox = request.getfixturevalue("sandbox")
    return World(
        provider=adapter_at(sandbox),
        shop_id=sandbox.shop_id,
        pay=lambda key: sandbox.pay(key, method="bank_card"),
        cancel=lambda key, reason: sandbox.cancel(key, reason=reason),
        now=lambda: datetime.now(UTC),
    )


def adapter_at(sandbox, **changes):
    settings = {"connect_timeout": 5, "read_timeout": 15, **changes}
    return provider_at(sandbox.api_url, shop_id=sandbox.shop_id, secret_key=sandbox.secret_key, **settings)


def paid(world: World, **changes) -> str:
    payment = world.provider.create_payment(payment_order(amount=SUM, **changes))
    world.pay(payment.id)
    return payment.id


def test_a_payment_is_created_and_read(world):
    order = payment_order(amount=SUM)

    created = world.provider.create_payment(order)
    read = world.provider.payment(created.id)

    assert (created.status, created.amount, created.refunded) == (ProviderStatus.PENDING, SUM, Money.zero())
    assert (created.reference, created.shop_id) == (order.reference, world.shop_id)
    assert created.confirmation_url.startswith("http")
    assert (created.method, created.reason, created.receipt) == ("", "", ProviderStatus.PENDING)
    assert abs(created.created_at - world.now()) < timedelta(minutes=1)
    assert read == created


def test_the_same_key_is_one_payment(world):
    order = payment_order(amount=SUM)

    assert world.provider.create_payment(order).id == world.provider.create_payment(order).id


def test_the_same_key_with_another_amount_is_refused(world):
    world.provider.create_payment(payment_order(amount=SUM, key="one-key"))

    with pytest.raises(Refused, match="invalid_request"):
        world.provider.create_payment(payment_order(amount=Money.from_decimal("4500.01"), key="one-key"))


def test_a_paid_payment_has_succeeded(world):
    payment = world.provider.payment(paid(world))

    assert (payment.status, payment.amount, payment.method) == (ProviderStatus.SUCCEEDED, SUM, "bank_card")
    assert payment.receipt in (ProviderStatus.PENDING, ProviderStatus.SUCCEEDED)


def test_a_canceled_payment_says_why(world):
    payment = world.provider.create_payment(payment_order(amount=SUM))
    world.cancel(payment.id, "expired_on_confirmation")

    read = world.provider.payment(payment.id)

    assert (read.status, read.reason) == (ProviderStatus.CANCELED, "expired_on_confirmation")


def test_two_stages_end_with_a_capture(world):
    key = paid(world, capture=False)
    assert world.provider.payment(key).status is ProviderStatus.WAITING_FOR_CAPTURE

    captured = world.provider.capture(key, amount=SUM, idempotence_key="c-1")
    again = world.provider.capture(key, amount=SUM, idempotence_key="c-1")

    assert captured.status is again.status is ProviderStatus.SUCCEEDED
    assert world.provider.payment(key).amount == SUM


def test_two_stages_end_with_a_cancel(world):
    key = paid(world, capture=False)

    canceled = world.provider.cancel(key, idempotence_key="x-1")

    assert (canceled.status, canceled.reason) == (ProviderStatus.CANCELED, "canceled_by_merchant")


@pytest.mark.parametrize("stage", ["pending", "succeeded"])
def test_only_what_waits_is_captured_or_given_up(world, stage):
    key = world.provider.create_payment(payment_order(amount=SUM)).id if stage == "pending" else paid(world)

    with pytest.raises(Refused):
        world.provider.capture(key, amount=SUM, idempotence_key=str(uuid4()))
    with pytest.raises(Refused):
        world.provider.cancel(key, idempotence_key=str(uuid4()))


def test_a_payment_is_refunded_in_parts_and_never_above_the_rest(world):
    key = paid(world)
    part = Money.from_decimal("1500.50")

    first = world.provider.create_refund(refund_order(key, amount=part, key="r-1"))
    again = world.provider.create_refund(refund_order(key, amount=part, key="r-1"))
    with pytest.raises(Refused):
        world.provider.create_refund(refund_order(key, amount=SUM))
    rest = world.provider.create_refund(refund_order(key, amount=SUM - part))

    assert (first.status, first.amount, first.payment_id) == (ProviderStatus.SUCCEEDED, part, key)
    assert again.id == first.id
    assert {each.id for each in world.provider.refunds_of(key)} == {first.id, rest.id}
    assert world.provider.refund(rest.id) == rest
    assert world.provider.payment(key).refunded == SUM
    with pytest.raises(Refused):
        world.provider.create_refund(refund_order(key, amount=Money.from_decimal("0.01")))


def test_a_whole_refund(world):
    key = paid(world)

    refund = world.provider.create_refund(refund_order(key, amount=SUM))

    assert refund.amount == SUM
    assert world.provider.payment(key).status is ProviderStatus.SUCCEEDED


def test_what_is_not_paid_is_not_refunded(world):
    payment = world.provider.create_payment(payment_order(amount=SUM))

    with pytest.raises(Refused):
        world.provider.create_refund(refund_order(payment.id, amount=SUM))


def test_an_offset_receipt_is_made_once(world):
    key = paid(world)

    receipt = world.provider.create_receipt(receipt_order(key, amount=SUM, key="o-1"))
    again = world.provider.create_receipt(receipt_order(key, amount=SUM, key="o-1"))

    assert again.id == receipt.id
    assert world.provider.receipt(receipt.id).status in (ProviderStatus.PENDING, ProviderStatus.SUCCEEDED)


def test_no_offset_receipt_without_money(world):
    payment = world.provider.create_payment(payment_order(amount=SUM))

    with pytest.raises(Refused):
        world.provider.create_receipt(receipt_order(payment.id, amount=SUM))


def test_what_the_shop_does_not_have_is_not_found(world):
    for read in (world.provider.payment, world.provider.refund, world.provider.receipt):
        with pytest.raises(Refused, match="not_found"):
            read(NOBODY)


def test_listings_hold_the_period_and_nothing_else(world):
    key = paid(world)
    refund = world.provider.create_refund(refund_order(key, amount=SUM))
    around = Period.lasting(world.now() - timedelta(minutes=1), timedelta(minutes=2))
    before = Period.lasting(world.now() - timedelta(days=2), timedelta(days=1))

    assert [each.id for each in world.provider.payments_created(around)] == [key]
    assert [each.id for each in world.provider.refunds_created(around)] == [refund.id]
    assert not list(world.provider.payments_created(before))
    assert not list(world.provider.refunds_created(before))


def test_a_listing_longer_than_a_page_is_whole(sandbox):
    provider = adapter_at(sandbox)
    made = {provider.create_payment(payment_order(amount=SUM)).id for _ in range(105)}
    around = Period.lasting(datetime.now(UTC) - timedelta(minutes=5), timedelta(minutes=10))

    listed = [each.id for each in provider.payments_created(around)]

    assert len(listed) == 105
    assert set(listed) == made
    assert sandbox.calls("payments.list") == 2


def test_a_pending_refund_is_read_until_it_ends(sandbox):
    provider = adapter_at(sandbox)
    key = provider.create_payment(payment_order(amount=SUM)).id
    sandbox.pay(key)
    sandbox.control("refunds", seconds=3600, outcome="canceled", reason="insufficient_funds")
    refund = provider.create_refund(refund_order(key, amount=SUM))

    sandbox.control(f"refunds/{refund.id}/end", outcome="canceled", reason="rejected_by_payee")

    assert refund.status is ProviderStatus.PENDING
    ended = provider.refund(refund.id)
    assert (ended.status, ended.reason) == (ProviderStatus.CANCELED, "rejected_by_payee")
    assert provider.payment(key).refunded == Money.zero()


def test_wrong_credentials_are_refused(sandbox):
    provider = provider_at(sandbox.api_url, secret_key="another")

    with pytest.raises(Refused, match="invalid_credentials"):
        provider.payment(NOBODY)


def test_a_receipt_that_does_not_add_up_is_refused(sandbox):
    order = payment_order(amount=SUM)
    cheaper = payment_order(amount=Money.from_decimal("1.00"))

    with pytest.raises(Refused, match="invalid_request"):
        adapter_at(sandbox).create_payment(replace(order, items=cheaper.items))


@pytest.mark.parametrize("kind", ["timeout", "closed", "garbage", "500", "html"])
def test_the_answer_is_lost_after_acceptance_and_the_same_key_finds_the_one_payment(sandbox, kind):
    provider = adapter_at(sandbox, connect_timeout=1, read_timeout=1)
    order = payment_order(amount=SUM)
    sandbox.break_calls("payments.create", kind, accepted=True)

    with pytest.raises(OutcomeUnknown):
        provider.create_payment(order)
    payment = provider.create_payment(order)

    assert [each["id"] for each in sandbox.payments()] == [payment.id]


def test_too_many_calls_leave_nothing_behind(sandbox):
    provider = adapter_at(sandbox)
    sandbox.break_calls("payments.create", "429")

    with pytest.raises(TryAgain, match="too_many_requests"):
        provider.create_payment(payment_order(amount=SUM))

    assert sandbox.payments() == []


def test_work_in_progress_is_asked_for_again_with_the_same_key(sandbox):
    provider = adapter_at(sandbox)
    sandbox.break_calls("payments.create", "202", times=2)

    payment = provider.create_payment(payment_order(amount=SUM))

    assert [each["id"] for each in sandbox.payments()] == [payment.id]
    assert sandbox.calls("payments.create") == 3
