"""What the provider would not take, the sandbox does not take: code, status and the parameter's name."""

import pytest
from yookassa import Configuration, Payment
from yookassa.domain.exceptions import UnauthorizedError

from tests.sandbox.shop import item, order, receipt, rub

LONG = "я" * 129


@pytest.mark.parametrize(
    ("changes", "parameter"),
    [
        ({"amount": None}, "amount"),
        ({"amount": "4500.00"}, "amount"),
        ({"amount": {"value": 4500.00, "currency": "RUB"}}, "amount.value"),
        ({"amount": rub("4500")}, "amount.value"),
        ({"amount": rub("4500.0")}, "amount.value"),
        ({"amount": rub("4500.001")}, "amount.value"),
        ({"amount": rub("-1.00")}, "amount.value"),
        ({"amount": rub("0.00")}, "amount.value"),
        ({"amount": {"value": "1.00", "currency": "USD"}}, "amount.currency"),
        ({"amount": {"value": "1.00"}}, "amount.currency"),
        ({"amount": {**rub("1.00"), "colour": "red"}}, "amount.colour"),
        ({"confirmation": None}, "confirmation"),
        ({"confirmation": {"type": "redirect"}}, "confirmation.return_url"),
        ({"confirmation": {"type": "redirect", "return_url": "/back"}}, "confirmation.return_url"),
        ({"confirmation": {"type": "redirect", "return_url": "javascript:1"}}, "confirmation.return_url"),
        ({"confirmation": {"type": "pigeon", "return_url": "https://a.example"}}, "confirmation.type"),
        ({"description": LONG}, "description"),
        ({"description": 5}, "description"),
        ({"capture": "yes"}, "capture"),
        ({"metadata": {str(number): "x" for number in range(17)}}, "metadata"),
        ({"metadata": {"k" * 33: "x"}}, "metadata"),
        ({"metadata": {"k": "x" * 513}}, "metadata.k"),
        ({"metadata": {"k": 5}}, "metadata.k"),
        ({"payment_method_data": {"type": "shells"}}, "payment_method_data.type"),
        ({"recipient": {"account_id": "another"}}, "recipient.account_id"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_payment_is_refused(shop, sandbox, changes, parameter):
    answer = shop.post("/payments", {**order(), **changes})

    error = answer.json()
    assert (answer.status_code, error["type"], error["code"]) == (400, "error", "invalid_request")
    assert error["parameter"] == parameter
    assert len(error["id"]) == 36
    assert error["description"]
    assert sandbox.payments() == []


@pytest.mark.parametrize(
    ("changes", "parameter"),
    [
        ({"customer": None}, "receipt.customer"),
        ({"customer": {"full_name": "Анна"}}, "receipt.customer"),
        ({"customer": {"email": "anna"}}, "receipt.customer.email"),
        ({"customer": {"phone": "call me"}}, "receipt.customer.phone"),
        ({"items": []}, "receipt.items"),
        ({"items": [item("4500.00")] * 81}, "receipt.items"),
        ({"items": [item("4499.99")]}, "receipt.items"),
        ({"items": [item("4500.00", quantity="2")]}, "receipt.items"),
        ({"items": [item("4500.00", quantity="0")]}, "receipt.items[0].quantity"),
        ({"items": [item("4500.00", quantity="many")]}, "receipt.items[0].quantity"),
        ({"items": [item("4500.00", description=LONG)]}, "receipt.items[0].description"),
        ({"items": [item("4500.00", vat_code=13)]}, "receipt.items[0].vat_code"),
        ({"items": [item("4500.00", vat_code="1")]}, "receipt.items[0].vat_code"),
        ({"items": [item("4500.00", vat_code=None)]}, "receipt.items[0].vat_code"),
        ({"items": [item("4500.00", payment_mode="barter")]}, "receipt.items[0].payment_mode"),
        ({"items": [item("4500.00", payment_subject="love")]}, "receipt.items[0].payment_subject"),
        ({"tax_system_code": 7}, "receipt.tax_system_code"),
        ({"colour": "red"}, "receipt.colour"),
    ],
)
def test_a_receipt_of_a_payment_is_refused(shop, sandbox, changes, parameter):
    answer = shop.post("/payments", order(receipt={**receipt("4500.00"), **changes}))

    assert (answer.status_code, answer.json()["parameter"]) == (400, parameter)
    assert sandbox.payments() == []


@pytest.mark.parametrize(
    "items",
    [
        [item("1500.00", quantity="3")],
        [item("1500.00", quantity=3)],
        [item("4500.00", quantity="1.000")],
        [item("4000.00"), item("500.00", vat_code=12, payment_mode="full_payment")],
    ],
)
def test_items_may_add_up_in_any_way(shop, items):
    assert shop.post("/payments", order(receipt=receipt("4500.00", items=items))).status_code == 200


def test_a_phone_is_enough_for_a_receipt(shop):
    body = order(receipt=receipt("4500.00", customer={"phone": "79000000000"}))

    assert shop.post("/payments", body).status_code == 200


@pytest.mark.parametrize("auth", [("sandbox", "wrong"), ("other", "sandbox-secret"), None])
def test_a_stranger_is_refused(shop, auth):
    answer = shop.call("GET", "/payments", auth=auth)

    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_credentials")


def test_the_sdk_understands_that_it_is_a_stranger(shop, sandbox):
    Configuration.configure(sandbox.shop_id, "wrong", api_url=sandbox.api_url)

    with pytest.raises(UnauthorizedError):
        Payment.list()


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/payouts", 404),
        ("POST", "/payouts", 404),
        ("GET", "/payments/x/y", 404),
        ("POST", "/payments/2d000000-000f-5000-8000-000000000000", 405),
        ("GET", "/payments/2d000000-000f-5000-8000-000000000000/cancel", 405),
        ("POST", "/payments/2d000000-000f-5000-8000-000000000000/cancel", 404),
        ("GET", "/refunds/none", 404),
        ("GET", "/receipts/none", 404),
    ],
)
def test_an_address_that_is_none_is_refused(shop, method, path, status):
    assert shop.call(method, path).status_code == status


def test_only_json_is_taken(shop):
    headers = {"Content-Type": "text/plain"}

    assert shop.call("POST", "/payments", data="{}", headers=headers).status_code == 415


@pytest.mark.parametrize("body", ["{", "[]", "5", ""])
def test_only_an_object_is_taken(shop, body):
    headers = {"Content-Type": "application/json"}
    answer = shop.call("POST", "/payments", data=body, headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request")
