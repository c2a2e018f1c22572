"""The provider's objects are read defensively."""

from contextlib import suppress
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.kernel.domain.money import Money
from apps.payments.application.ports import ProviderStatus, TryAgain
from apps.payments.infrastructure.yookassa.reading import (
    UnexpectedAnswer,
    read_page,
    read_payment,
    read_receipt,
    read_refund,
)
from tests.counts import property_settings
from tests.payments.infrastructure.yookassa.answers import payment_json, receipt_json, refund_json
from tests.payments.infrastructure.yookassa.misbehaving import answering

READERS = (read_payment, read_refund, read_receipt, read_page)


def test_a_pending_payment():
    payment = read_payment(payment_json())

    assert payment.id == "2d6b3e1f-000f-5000-9000-145f6df21d6f"
    assert payment.status is ProviderStatus.PENDING
    assert (payment.amount, payment.refunded) == (Money.from_decimal("4500.00"), Money.zero())
    assert payment.shop_id == "100500"
    assert payment.reference == UUID("6a1c1d9e-7e35-4f0c-9d5f-0a3fd8cf3b11")
    assert payment.confirmation_url == "https://yoomoney.ru/checkout?orderId=2d6b"
    assert (payment.method, payment.reason, payment.receipt) == ("", "", ProviderStatus.PENDING)
    assert payment.created_at == datetime(2026, 3, 2, 9, 0, 0, 141000, tzinfo=UTC)


def test_a_paid_and_partly_refunded_payment():
    payment = read_payment(
        payment_json(
            status="succeeded",
            payment_method={"type": "sbp", "id": "22e1", "saved": False},
            refunded_amount={"value": "1500.50", "currency": "RUB"},
            receipt_registration="succeeded",
        )
    )

    assert payment.status is ProviderStatus.SUCCEEDED
    assert payment.refunded == Money.from_decimal("1500.50")
    assert (payment.method, payment.receipt) == ("sbp", ProviderStatus.SUCCEEDED)


def test_a_reason_that_the_sdk_does_not_know_is_kept():
    canceled = payment_json(
        status="canceled", cancellation_details={"party": "payment_network", "reason": "brand_new_reason"}
    )

    assert read_payment(canceled).reason == "brand_new_reason"


def test_a_method_that_the_sdk_does_not_know_is_kept():
    assert read_payment(payment_json(payment_method={"type": "digital_ruble"})).method == "digital_ruble"


def test_only_codes_are_kept_as_reasons():
    told = payment_json(cancellation_details={"reason": "Call Anna at +7 900 123-45-67"})

    assert read_payment(told).reason == "unknown"


@pytest.mark.parametrize(
    "field",
    [
        "confirmation",
        "metadata",
        "payment_method",
        "recipient",
        "cancellation_details",
        "receipt_registration",
    ],
)
@pytest.mark.parametrize("value", [None, [], "", 7, {}])
def test_what_a_payment_may_lack_may_be_anything(field, value):
    assert read_payment(payment_json(**{field: value})).id


@pytest.mark.parametrize("metadata", [{}, {"payment_id": "17"}, {"payment_id": None}, {"payment_id": ["a"]}])
def test_a_payment_that_is_not_ours_has_no_reference(metadata):
    assert read_payment(payment_json(metadata=metadata)).reference is None


def test_a_payment_of_another_shop_says_so():
    assert read_payment(payment_json(recipient={"account_id": "666"})).shop_id == "666"
    assert read_payment(payment_json(recipient=None)).shop_id == ""


def test_nobody_is_sent_to_an_address_that_is_no_web_page():
    told = payment_json(confirmation={"confirmation_url": "javascript:alert(1)"})

    assert read_payment(told).confirmation_url == ""


@pytest.mark.parametrize("field", ["id", "status", "amount", "created_at"])
@pytest.mark.parametrize("value", [None, [], {}, 7, "", "brand_new"])
def test_a_payment_without_what_it_needs_is_unexpected(field, value):
    if (field, value) == ("id", "brand_new"):
        value = "../x"
    with pytest.raises(UnexpectedAnswer):
        read_payment(payment_json(**{field: value}))


@pytest.mark.parametrize(
    "amount",
    [
        {"value": "4500.001", "currency": "RUB"},
        {"value": "-1.00", "currency": "RUB"},
        {"value": "NaN", "currency": "RUB"},
        {"value": "1e3", "currency": "RUB"},
        {"value": 4500.0, "currency": "RUB"},
        {"value": "٤٥٠٠", "currency": "RUB"},
        {"value": "4500.00", "currency": None},
        {"value": "4500.00", "currency": "roubles"},
        {"value": "99999999999999.00", "currency": "RUB"},
    ],
)
def test_amounts_are_read_exactly_or_not_at_all(amount):
    with pytest.raises(UnexpectedAnswer):
        read_payment(payment_json(amount=amount))


def test_another_currency_is_another_currency():
    assert read_payment(payment_json(amount={"value": "4500.00", "currency": "USD"})).amount == Money(
        450_000, "USD"
    )


def test_a_refund():
    refund = read_refund(
        refund_json(status="canceled", cancellation_details={"reason": "insufficient_funds"})
    )

    assert refund.payment_id == "2d6b3e1f-000f-5000-9000-145f6df21d6f"
    assert (refund.status, refund.amount) == (ProviderStatus.CANCELED, Money.from_decimal("1500.00"))
    assert refund.reason == "insufficient_funds"


def test_a_receipt():
    receipt = read_receipt(receipt_json())

    assert (receipt.id, receipt.status) == ("rt-1da5c87d-0984-50e8-a7f3-8de646dd9ec9", ProviderStatus.PENDING)


def test_a_listing_whose_cursor_leads_back_ends(server, provider):
    server.will(answering(200, {"items": [], "next_cursor": "again"}))

    with pytest.raises(TryAgain, match="unexpected_answer"):
        provider.refunds_of("2d6b3e1f-000f-5000-9000-145f6df21d6f")

    assert len(server.seen) == 2


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
FIELDS = sorted(
    {*payment_json(), *refund_json(), "payment_method", "cancellation_details", "next_cursor", "items"}
)


@property_settings()
@given(answer=JSON | st.dictionaries(st.sampled_from(FIELDS), JSON))
def test_no_answer_is_read_with_any_other_error(answer):
    for reader in READERS:
        with suppress(UnexpectedAnswer):
            reader(answer)


@property_settings()
@given(field=st.sampled_from(sorted(payment_json())), value=JSON)
def test_one_field_gone_wrong_is_read_or_unexpected(field, value):
    try:
        payment = read_payment(payment_json(**{field: value}))
    except UnexpectedAnswer:
        assert field in {"id", "status", "amount", "created_at"}
    else:
        assert payment.amount.minor >= 0
