"""Receipts by 54-FZ: with a payment, with a refund, and by themselves."""

import pytest
from yookassa import Payment, Receipt, Refund
from yookassa.domain.exceptions import NotFoundError

from tests.sandbox.shop import item, receipt, rub


def test_the_receipt_of_a_payment_is_registered_a_moment_later(shop, sandbox):
    payment = shop.paid(receipt=receipt("4500.00"))
    assert payment.receipt_registration == "pending"

    sandbox.advance(seconds=1)

    assert Payment.find_one(payment.id).receipt_registration == "succeeded"
    (found,) = Receipt.list({"payment_id": payment.id}).items
    assert (found.type, found.status, found.payment_id) == ("payment", "succeeded", payment.id)
    assert found.fiscal_document_number
    assert found.registered_at
    (line,) = found.items
    assert (line.description, str(line.amount.value), line.vat_code) == ("Консультация", "4500.00", 1)


def test_a_payment_without_a_receipt_has_none(shop):
    payment = shop.paid()

    assert payment.receipt_registration is None
    assert Receipt.list({"payment_id": payment.id}).items == []


def test_a_canceled_payment_leaves_no_receipt(shop, sandbox):
    payment = shop.order(receipt=receipt("4500.00"))
    sandbox.cancel(payment.id)
    sandbox.advance(hours=1)

    assert Receipt.list({"payment_id": payment.id}).items == []


def test_the_offset_receipt_stands_by_itself(shop, sandbox):
    payment = shop.paid(receipt=receipt("4500.00"))

    made = shop.offset_receipt(payment.id, "4500.00")

    assert made.id.startswith("rt_")
    assert (made.type, made.status, made.payment_id) == ("payment", "pending", payment.id)
    sandbox.advance(seconds=1)
    found = Receipt.find_one(made.id)
    assert (found.status, found.settlements[0].type) == ("succeeded", "prepayment")
    assert len(Receipt.list({"payment_id": payment.id}).items) == 2


def test_the_receipt_of_a_refund(shop, sandbox):
    payment = shop.paid(receipt=receipt("4500.00"))
    refund = shop.refund(payment.id, "4500.00")
    assert refund.receipt_registration == "pending"

    sandbox.advance(seconds=1)

    assert Refund.find_one(refund.id).receipt_registration == "succeeded"
    (found,) = Receipt.list({"refund_id": refund.id}).items
    assert (found.type, found.status) == ("refund", "succeeded")


def test_a_receipt_of_a_refund_made_by_itself(shop):
    payment = shop.paid("100.00")
    refund = shop.refund(payment.id, "100.00")

    made = shop.offset_receipt(payment.id, "100.00", type="refund", payment_id=None, refund_id=refund.id)

    assert (made.type, made.refund_id) == ("refund", refund.id)


def test_the_till_may_refuse(shop, sandbox):
    sandbox.control("receipts", outcome="canceled")
    payment = shop.paid(receipt=receipt("4500.00"))

    sandbox.advance(seconds=1)

    assert Payment.find_one(payment.id).receipt_registration == "canceled"
    (found,) = Receipt.list({"status": "canceled"}).items
    assert found.fiscal_document_number is None


def test_an_unknown_receipt_is_not_found(shop):
    with pytest.raises(NotFoundError):
        Receipt.find_one("rt_2d000000-0384-50e8-8000-000000000000")


@pytest.mark.parametrize(
    ("changes", "parameter"),
    [
        ({"type": "gift"}, "type"),
        ({"type": "refund"}, "payment_id"),
        ({"send": False}, "send"),
        ({"send": None}, "send"),
        ({"settlements": None}, "settlements"),
        ({"settlements": [{"type": "barter", "amount": rub("100.00")}]}, "settlements[0].type"),
        ({"settlements": [{"type": "prepayment", "amount": rub("99.99")}]}, "settlements"),
        ({"customer": {}}, "customer"),
        ({"items": [item("100.00", vat_code=0)]}, "items[0].vat_code"),
        ({"payment_id": "2d000000-000f-5000-8000-000000000000"}, "payment_id"),
        ({"payment_id": None}, "payment_id"),
        ({"tax_system_code": 0}, "tax_system_code"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_receipt_is_refused(shop, sandbox, changes, parameter):
    payment = shop.paid("100.00")
    body = {
        "type": "payment",
        "payment_id": payment.id,
        "send": True,
        "customer": {"email": "anna@example.org"},
        "items": [item("100.00")],
        "settlements": [{"type": "prepayment", "amount": rub("100.00")}],
        **changes,
    }

    answer = shop.post("/receipts", body)

    assert (answer.status_code, answer.json()["parameter"]) == (400, parameter)
    assert sandbox.state()["receipts"] == []


def test_an_unpaid_payment_has_no_offset(shop):
    payment = shop.order("100.00")

    body = {
        "type": "payment",
        "payment_id": payment.id,
        "send": True,
        **receipt("100.00"),
        "settlements": [{"type": "prepayment", "amount": rub("100.00")}],
    }
    assert shop.post("/receipts", body).json()["parameter"] == "payment_id"
