"""Refunds: of succeeded payments only, never above what is left."""

import re
import threading
from datetime import UTC, datetime, timedelta

import pytest
from yookassa import Payment, Refund
from yookassa.domain.exceptions import BadRequestError, NotFoundError

from tests.sandbox.shop import item, receipt, rub


def test_money_goes_back_at_once(shop):
    payment = shop.paid()

    refund = shop.refund(payment.id, "4500.00", description="Отмена")

    assert re.fullmatch(r"[0-9a-f]{8}-0015-5000-[89ab]000-[0-9a-f]{12}", refund.id)
    assert (refund.status, refund.payment_id, refund.description) == ("succeeded", payment.id, "Отмена")
    found = Payment.find_one(payment.id)
    assert (dict(found.refunded_amount), found.refundable, found.status) == (
        rub("4500.00"),
        False,
        "succeeded",
    )
    assert Refund.find_one(refund.id).status == "succeeded"


def test_money_goes_back_in_parts_and_never_above_the_whole(shop):
    payment = shop.paid("100.00")
    shop.refund(payment.id, "60.00")

    with pytest.raises(BadRequestError) as refusal:
        shop.refund(payment.id, "40.01")
    shop.refund(payment.id, "40.00")
    with pytest.raises(BadRequestError):
        shop.refund(payment.id, "0.01")

    assert refusal.value.content["parameter"] == "amount.value"
    assert dict(Payment.find_one(payment.id).refunded_amount) == rub("100.00")


def test_many_at_once_give_back_no_more_than_was_paid(shop):
    payment = shop.paid("100.00")
    answers = []

    def press() -> None:
        answers.append(shop.post("/refunds", {"payment_id": payment.id, "amount": rub("30.00")}).status_code)

    threads = [threading.Thread(target=press) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == [200] * 3 + [400] * 7
    assert dict(Payment.find_one(payment.id).refunded_amount) == rub("90.00")


@pytest.mark.parametrize("state", ["pending", "waiting_for_capture", "canceled"])
def test_what_was_not_taken_is_not_given_back(shop, sandbox, state):
    payment = shop.order(capture=False)
    if state == "waiting_for_capture":
        sandbox.pay()
    if state == "canceled":
        sandbox.cancel()

    with pytest.raises(BadRequestError) as refusal:
        shop.refund(payment.id, "1.00")

    assert refusal.value.content["parameter"] == "payment_id"


def test_a_refund_may_take_its_time(shop, sandbox):
    payment = shop.paid("100.00")
    sandbox.control("refunds", seconds=3600)

    refund = shop.refund(payment.id, "60.00")

    assert refund.status == "pending"
    with pytest.raises(BadRequestError):
        shop.refund(payment.id, "60.00")
    sandbox.advance(hours=1)
    assert Refund.find_one(refund.id).status == "succeeded"
    assert dict(Payment.find_one(payment.id).refunded_amount) == rub("60.00")


@pytest.mark.parametrize("reason", ["insufficient_funds", "general_decline", "rejected_by_payee"])
def test_a_refund_may_be_declined(shop, sandbox, reason):
    payment = shop.paid("100.00")
    sandbox.control("refunds", outcome="canceled", reason=reason)

    refund = shop.refund(payment.id, "100.00")

    assert (refund.status, refund.cancellation_details.reason) == ("canceled", reason)
    assert dict(Payment.find_one(payment.id).refunded_amount) == rub("0.00")
    sandbox.heal()
    assert shop.refund(payment.id, "100.00").status == "succeeded"


def test_a_refund_under_way_is_ended_by_hand(shop, sandbox):
    payment = shop.paid("100.00")
    sandbox.control("refunds", seconds=3600)
    refund = shop.refund(payment.id, "100.00")

    sandbox.control("refunds/latest/end", outcome="canceled", reason="general_decline")

    assert Refund.find_one(refund.id).status == "canceled"
    sandbox.advance(hours=2)
    assert Refund.find_one(refund.id).status == "canceled"


def test_a_partial_refund_of_a_payment_with_a_receipt_needs_a_receipt(shop):
    payment = shop.paid("100.00", receipt=receipt("100.00"))

    with pytest.raises(BadRequestError) as refusal:
        shop.refund(payment.id, "60.00")
    assert refusal.value.content["parameter"] == "receipt"

    assert shop.refund(payment.id, "60.00", receipt=receipt("60.00")).receipt_registration == "pending"


def test_the_list_is_filtered_by_payment_and_time(shop, sandbox):
    first, second = shop.paid("100.00"), shop.paid("100.00")
    early = shop.refund(first.id, "10.00")
    sandbox.advance(days=2)
    late = shop.refund(first.id, "20.00")
    shop.refund(second.id, "30.00")
    since = (datetime.now(UTC) + timedelta(days=1)).isoformat()

    assert [one.id for one in Refund.list({"payment_id": first.id}).items] == [late.id, early.id]
    found = Refund.list({"payment_id": first.id, "created_at.gte": since})
    assert [one.id for one in found.items] == [late.id]


def test_an_unknown_refund_is_not_found(shop):
    with pytest.raises(NotFoundError):
        Refund.find_one("2d000000-0015-5000-8000-000000000000")


@pytest.mark.parametrize(
    ("changes", "parameter"),
    [
        ({"payment_id": None}, "payment_id"),
        ({"payment_id": "x"}, "payment_id"),
        ({"payment_id": "2d000000-000f-5000-8000-000000000000"}, "payment_id"),
        ({"amount": rub("0.00")}, "amount.value"),
        ({"amount": None}, "amount"),
        ({"description": "я" * 251}, "description"),
        ({"receipt": receipt("1.00", items=[item("2.00")])}, "receipt.items"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_refund_is_refused(shop, sandbox, changes, parameter):
    payment = shop.paid("100.00")
    body = {"payment_id": payment.id, "amount": rub("1.00"), **changes}

    answer = shop.post("/refunds", body)

    assert (answer.status_code, answer.json()["parameter"]) == (400, parameter)
    assert sandbox.state()["refunds"] == []
