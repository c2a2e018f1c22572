"""Payments, driven by the provider's own SDK: the shapes and the states that it documents."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from yookassa import Payment
from yookassa.domain.exceptions import BadRequestError, NotFoundError

from tests.sandbox.shop import order, receipt, rub

DOCUMENTED_ID = re.compile(r"[0-9a-f]{8}-000f-5000-[89ab]000-[0-9a-f]{12}")


def test_a_new_payment_waits_for_its_payer(shop, sandbox):
    raw = shop.post("/payments", order()).json()

    assert DOCUMENTED_ID.fullmatch(raw["id"])
    assert datetime.fromisoformat(raw["created_at"]) <= datetime.now(UTC)
    assert raw == {
        "id": raw["id"],
        "status": "pending",
        "paid": False,
        "amount": rub("4500.00"),
        "confirmation": {
            "type": "redirect",
            "return_url": "https://site.example.org/back?a=1",
            "confirmation_url": f"{sandbox.base_url}/pay/{raw['id']}",
        },
        "created_at": raw["created_at"],
        "description": "Консультация, 24 ноября 10:00",
        "metadata": {"reference": "42"},
        "recipient": {"account_id": sandbox.shop_id, "gateway_id": "1000001"},
        "refundable": False,
        "test": True,
    }


@pytest.mark.parametrize("method", ["bank_card", "sbp", "sberbank", "tinkoff_bank", "yoo_money"])
def test_the_payer_pays_as_they_like(shop, sandbox, method):
    payment = shop.order()
    sandbox.pay(payment.id, method=method)

    found = Payment.find_one(payment.id)

    assert (found.status, found.paid, found.refundable, found.test) == ("succeeded", True, True, True)
    assert (found.payment_method.type, found.payment_method.id) == (method, payment.id)
    assert dict(found.income_amount) == rub("4342.50")
    assert dict(found.refunded_amount) == rub("0.00")
    assert found.captured_at >= found.created_at
    assert found.confirmation is None


def test_the_shop_may_ask_for_a_method(shop, sandbox):
    payment = shop.order(payment_method_data={"type": "sbp"})

    assert payment.payment_method.type == "sbp"
    with pytest.raises(Exception, match="asked for sbp"):
        sandbox.pay(payment.id, method="bank_card")
    assert sandbox.pay(payment.id)["payment_method"]["type"] == "sbp"


def test_a_failed_try_leaves_the_payment_open(shop, sandbox):
    payment = shop.order()

    sandbox.fail(payment.id, reason="insufficient_funds")

    assert Payment.find_one(payment.id).status == "pending"
    assert sandbox.payments()[0]["failed_tries"][0]["reason"] == "insufficient_funds"
    assert sandbox.pay(payment.id)["status"] == "succeeded"


def test_a_cancellation_tells_who_and_why(shop, sandbox):
    payment = shop.order()

    sandbox.cancel(payment.id, reason="fraud_suspected")

    found = Payment.find_one(payment.id)
    assert (found.status, found.paid) == ("canceled", False)
    assert dict(found.cancellation_details) == {"party": "yoo_money", "reason": "fraud_suspected"}


def test_what_has_ended_stays_as_it_is(shop, sandbox):
    payment = shop.paid()

    for act in (sandbox.pay, sandbox.fail, sandbox.cancel):
        with pytest.raises(Exception, match=r"succeeded"):
            act(payment.id)
    assert Payment.find_one(payment.id).status == "succeeded"


def test_two_stages_reserve_the_money_first(shop, sandbox):
    payment = shop.order(capture=False)
    sandbox.pay(payment.id)

    held = Payment.find_one(payment.id)
    assert (held.status, held.paid, held.refundable) == ("waiting_for_capture", True, False)
    expires = datetime.fromisoformat(held.expires_at) - datetime.now(UTC)
    assert timedelta(days=6, hours=23) < expires <= timedelta(days=7)

    captured = Payment.capture(payment.id, {"amount": rub("4500.00")})
    assert (captured.status, captured.expires_at) == ("succeeded", None)


def test_without_a_word_a_payment_goes_in_two_stages(shop, sandbox):
    body = order()
    del body["capture"]
    created = shop.post("/payments", body).json()

    assert sandbox.pay(created["id"])["status"] == "waiting_for_capture"


def test_a_part_may_be_captured(shop, sandbox):
    payment = shop.order(capture=False)
    sandbox.pay(payment.id)

    assert dict(Payment.capture(payment.id, {"amount": rub("1000.00")}).amount) == rub("1000.00")


def test_no_more_than_reserved_is_captured(shop, sandbox):
    payment = shop.order(capture=False)
    sandbox.pay(payment.id)

    with pytest.raises(BadRequestError) as refusal:
        Payment.capture(payment.id, {"amount": rub("4500.01")})

    assert refusal.value.content["parameter"] == "amount.value"
    assert Payment.find_one(payment.id).status == "waiting_for_capture"


def test_a_partial_capture_needs_its_own_receipt(shop, sandbox):
    payment = shop.order(capture=False, receipt=receipt("4500.00"))
    sandbox.pay(payment.id)

    answer = shop.post(f"/payments/{payment.id}/capture", {"amount": rub("1000.00")})
    assert (answer.status_code, answer.json()["parameter"]) == (400, "receipt")

    body = {"amount": rub("1000.00"), "receipt": receipt("1000.00")}
    assert shop.post(f"/payments/{payment.id}/capture", body).json()["status"] == "succeeded"


def test_reserved_money_is_let_go(shop, sandbox):
    payment = shop.order(capture=False)
    sandbox.pay(payment.id)

    canceled = Payment.cancel(payment.id)

    assert dict(canceled.cancellation_details) == {"party": "merchant", "reason": "canceled_by_merchant"}


@pytest.mark.parametrize("act", ["capture", "cancel"])
def test_only_reserved_money_is_captured_or_let_go(shop, act):
    payment = shop.order()

    answer = shop.call("POST", f"/payments/{payment.id}/{act}")

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request")


def test_nobody_pays_for_an_hour(shop, sandbox):
    payment = shop.order()
    sandbox.advance(minutes=59)
    assert Payment.find_one(payment.id).status == "pending"

    sandbox.advance(minutes=1)

    found = Payment.find_one(payment.id)
    assert dict(found.cancellation_details) == {"party": "yoo_money", "reason": "expired_on_confirmation"}


def test_nobody_captures_for_a_week(shop, sandbox):
    payment = shop.order(capture=False)
    sandbox.pay(payment.id)

    sandbox.advance(days=7)

    found = Payment.find_one(payment.id)
    assert dict(found.cancellation_details) == {"party": "yoo_money", "reason": "expired_on_capture"}
    assert found.paid is False


def test_an_unknown_payment_is_not_found(shop):
    with pytest.raises(NotFoundError) as error:
        Payment.find_one("2d000000-000f-5000-8000-000000000000")

    assert error.value.content["code"] == "not_found"


def test_the_list_goes_page_after_page_newest_first(shop):
    made = [shop.order(f"{number}.00").id for number in range(1, 6)]

    first = Payment.list({"limit": 2})
    second = Payment.list({"limit": 2, "cursor": first.next_cursor})
    last = Payment.list({"limit": 2, "cursor": second.next_cursor})

    assert [one.id for page in (first, second, last) for one in page.items] == made[::-1]
    assert last.next_cursor is None


def test_the_list_is_filtered(shop, sandbox):
    old = shop.paid()
    sandbox.advance(days=2)
    new = shop.order()
    since = (datetime.now(UTC) + timedelta(days=1)).isoformat()

    assert [one.id for one in Payment.list({"created_at.gte": since}).items] == [new.id]
    assert [one.id for one in Payment.list({"created_at.lt": since}).items] == [old.id]
    assert [one.id for one in Payment.list({"status": "succeeded"}).items] == [old.id]
    assert [one.id for one in Payment.list({"captured_at.gte": "2026-01-01T00:00:00Z"}).items] == [old.id]


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ({"limit": 0}, "limit"),
        ({"limit": 101}, "limit"),
        ({"cursor": "nobody"}, "cursor"),
        ({"created_at.gte": "yesterday"}, "created_at.gte"),
        ({"created_at.since": "2026-01-01T00:00:00Z"}, "created_at.since"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_list_is_not_asked_for_just_anything(shop, query, parameter):
    with pytest.raises(BadRequestError) as refusal:
        Payment.list(query)

    assert refusal.value.content["parameter"] == parameter
