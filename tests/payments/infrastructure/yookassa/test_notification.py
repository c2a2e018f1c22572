"""A notification is a hint which object to read again; whatever else comes is invalid and nothing worse."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yookassa.domain.notification import WebhookNotificationEventType

from apps.payments.infrastructure.yookassa.notification import (
    Notification,
    NotificationInvalid,
    NotificationKind,
    parse_notification,
)
from tests.counts import property_settings
from tests.payments.infrastructure.yookassa.answers import payment_json, refund_json


def body(event: object = "payment.succeeded", thing: object = None, **changes: object) -> bytes:
    content = {"type": "notification", "event": event, "object": thing or payment_json(), **changes}
    return json.dumps(content, ensure_ascii=False).encode()


def reason(raw: bytes) -> str:
    with pytest.raises(NotificationInvalid) as caught:
        parse_notification(raw)
    return str(caught.value.params["reason"])


@pytest.mark.parametrize("event", ["payment.succeeded", "payment.canceled", "payment.waiting_for_capture"])
def test_a_payment_is_named(event):
    assert parse_notification(body(event)) == Notification(
        event, payment_json()["id"], NotificationKind.PAYMENT
    )


def test_a_refund_is_named():
    parsed = parse_notification(body("refund.succeeded", refund_json()))

    assert parsed == Notification("refund.succeeded", refund_json()["id"], NotificationKind.REFUND)


def test_an_event_of_tomorrow_about_a_payment_is_a_hint_too():
    assert parse_notification(body("payment.frozen")).kind is NotificationKind.PAYMENT


def test_every_event_that_the_sdk_knows_is_understood():
    events = [value for name, value in vars(WebhookNotificationEventType).items() if name.isupper()]

    assert len(events) >= 4
    for event in events:
        parsed = parse_notification(body(event))
        assert parsed.ignorable == (event.split(".")[0] not in {"payment", "refund"})


@pytest.mark.parametrize("thing", [payment_json(), {"id": "../x"}, {"id": 7}, [1], "text", {"name": "no id"}])
def test_events_of_other_things_are_to_be_ignored_whatever_they_hold(thing):
    parsed = parse_notification(body("payment_method.active", thing))

    assert parsed.ignorable
    assert parsed.object_id in ("", payment_json()["id"])


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"   ",
        b"{",
        b"payment.succeeded",
        b"\xff\xfe{\x00}\x00",
        b"\xef\xbb\xbf{}",
        b"[" * 100_000,
        b'{"a":' * 30_000,
        b'{"type": ' + b"9" * 5_000 + b"}",
    ],
)
def test_what_is_no_json_is_malformed(raw):
    assert reason(raw) == "malformed"


@pytest.mark.parametrize(
    "raw",
    [
        b"null",
        b"7",
        b'"notification"',
        b"[]",
        b"{}",
        b'{"type": "notification"}',
        body(type="something"),
        body(type=None),
        body(event=None),
        body(event=["payment.succeeded"]),
        body(event=""),
        body(event="payment"),
        body(event="payment.succeeded\n"),
        body(event="PAYMENT.SUCCEEDED"),
        body(event="payment." + "x" * 60),
        body(thing="text"),
        body(thing={"id": None}),
        body(thing={"id": 17}),
        body(thing={"id": ["a"]}),
        body(thing={"id": "../payments"}),
        body(thing={"id": "x" * 65}),
        body(thing={"id": "a\u0000"}),
        body(thing={"status": "succeeded"}),
        b'{"type": "notification", "event": "payment.succeeded", "object": {"id": "\\ud800"}}',
    ],
)
def test_what_has_another_shape_is_invalid(raw):
    assert reason(raw) == "wrong_shape"


def test_what_is_too_large_is_not_even_read():
    assert reason(b"[" * 300_000) == "too_large"


@pytest.mark.parametrize(
    ("amount", "claimed"),
    [
        ({"value": "4500.00", "currency": "RUB"}, "4500.00 RUB"),
        ({"value": "4500", "currency": "RUB"}, "4500.00 RUB"),
        ({"value": "0.01", "currency": "USD"}, "0.01 USD"),
        ({"value": 4500, "currency": "RUB"}, "?"),
        ({"value": "much", "currency": "RUB"}, "?"),
        ({"value": "9" * 40, "currency": "RUB"}, "?"),
        ({"value": "1e30", "currency": "R" * 64}, "?"),
        ({"value": "4500.00", "currency": "руб"}, "?"),
        ({"value": "4500.00"}, "?"),
        ("4500.00", "?"),
        (None, "?"),
    ],
)
def test_what_is_claimed_of_the_amount_is_kept_in_one_form_or_as_no_honest_claim(amount, claimed):
    assert parse_notification(body(thing=payment_json(amount=amount))).claims["amount"] == claimed


def test_a_notification_that_says_nothing_of_amount_and_shop_claims_nothing():
    assert parse_notification(body(thing={"id": payment_json()["id"]})).claims == {}


def test_nothing_but_the_id_and_the_claims_is_taken_over():
    parsed = parse_notification(body(thing=payment_json(status="succeeded", amount={"value": "1.00"})))

    assert vars(parsed) == {
        "event": "payment.succeeded",
        "object_id": payment_json()["id"],
        "kind": NotificationKind.PAYMENT,
        "claims": {"amount": "?", "shop": "100500"},
    }


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=15,
)
NEARLY = st.fixed_dictionaries(
    {},
    optional={
        "type": st.just("notification") | JSON,
        "event": st.sampled_from(["payment.succeeded", "refund.succeeded", "deal.closed"]) | JSON,
        "object": st.dictionaries(st.just("id"), JSON) | JSON,
    },
)


@property_settings()
@given(
    raw=st.binary(max_size=200)
    | JSON.map(lambda each: json.dumps(each).encode())
    | NEARLY.map(lambda each: json.dumps(each).encode())
)
def test_nothing_raises_any_other_error(raw):
    with suppress(NotificationInvalid):
        parsed = parse_notification(raw)
        assert parsed.ignorable or parsed.object_id


@property_settings()
@given(cut=st.integers(min_value=0), flip=st.integers(min_value=0, max_value=255))
def test_a_damaged_notification_names_an_object_or_is_invalid(cut, flip):
    whole = body()
    place = cut % len(whole)
    for damaged in (whole[:place], whole[:place] + bytes([flip]) + whole[place + 1 :]):
        with suppress(NotificationInvalid):
            assert parse_notification(damaged).event
