"""Idempotence keys, as documented: the same key with the same data gives the same answer for 24 hours."""

import threading

import pytest
from yookassa import Payment

from tests.sandbox.shop import order, rub


def test_the_same_request_gives_the_same_answer(shop, sandbox):
    first = shop.post("/payments", order(), key="one")
    sandbox.pay()

    second = shop.post("/payments", order(), key="one")

    assert second.json() == first.json()
    assert len(sandbox.payments()) == 1
    assert sandbox.state()["calls"]["by_key"]["one"] == 2


def test_many_at_once_make_one_payment(shop, sandbox):
    ids = []
    threads = [
        threading.Thread(target=lambda: ids.append(shop.post("/payments", order(), key="one").json()["id"]))
        for _ in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(ids) == 20
    assert len(set(ids)) == len(sandbox.payments()) == 1


@pytest.mark.parametrize("path", ["/payments", "/refunds"])
def test_the_same_key_for_something_else_is_an_error(shop, path):
    shop.post("/payments", order(), key="one")

    answer = shop.post(path, order("1.00"), key="one")

    assert (answer.status_code, answer.json()["parameter"]) == (400, "Idempotence-Key")


def test_another_key_is_another_request(shop, sandbox):
    shop.post("/payments", order(), key="one")
    shop.post("/payments", order(), key="two")

    assert len(sandbox.payments()) == 2


def test_a_key_is_forgotten_after_a_day(shop, sandbox):
    first = shop.post("/payments", order(), key="one").json()
    sandbox.advance(hours=23, minutes=59)
    assert shop.post("/payments", order(), key="one").json() == first

    sandbox.advance(minutes=1)

    assert shop.post("/payments", order(), key="one").json()["id"] != first["id"]


def test_a_refused_request_may_be_mended_under_its_key(shop):
    assert shop.post("/payments", order("0.00"), key="one").status_code == 400

    assert shop.post("/payments", order(), key="one").status_code == 200


@pytest.mark.parametrize("key", [None, "k" * 65])
def test_a_key_is_needed_and_bounded(shop, sandbox, key):
    answer = shop.post("/payments", order(), key=key)

    assert (answer.status_code, answer.json()["parameter"]) == (400, "Idempotence-Key")
    assert sandbox.payments() == []


def test_the_longest_key_is_taken(shop):
    assert shop.post("/payments", order(), key="k" * 64).status_code == 200


def test_reading_needs_no_key(shop):
    assert shop.call("GET", "/payments", key=None).status_code == 200


def test_a_refund_pressed_twice_is_one(shop, sandbox):
    payment = shop.paid()

    first = shop.refund(payment.id, "4000.00", key="back")
    second = shop.refund(payment.id, "4000.00", key="back")

    assert first.id == second.id
    assert dict(Payment.find_one(payment.id).refunded_amount) == rub("4000.00")


def test_capturing_twice_is_one(shop, sandbox):
    payment = shop.order(capture=False)
    sandbox.pay()

    answers = [Payment.capture(payment.id, None, "take") for _ in range(2)]

    assert [answer.captured_at for answer in answers] == [answers[0].captured_at] * 2
