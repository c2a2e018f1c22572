"""Notifications: delivered until they are taken, and every way in which they may go wrong."""

import pytest
from yookassa.domain.notification import WebhookNotificationFactory

from tests.sandbox.shop import receipt


def test_every_step_is_told_as_documented(shop, sandbox, receiver):
    first = shop.paid("100.00")
    second = shop.order(capture=False)
    sandbox.pay(second.id)
    sandbox.cancel(second.id, reason="canceled_by_merchant")
    refund = shop.refund(first.id, "100.00")

    told = receiver.wait(4)

    assert sorted((one["event"], one["object"]["id"]) for one in told) == sorted(
        [
            ("payment.succeeded", first.id),
            ("payment.waiting_for_capture", second.id),
            ("payment.canceled", second.id),
            ("refund.succeeded", refund.id),
        ]
    )
    for one in told:
        assert one["type"] == "notification"
        assert WebhookNotificationFactory().create(one).object.id == one["object"]["id"]
    assert {head["Content-Type"] for head in receiver.headers} == {"application/json"}


def test_the_object_is_as_it_was_when_it_happened(shop, sandbox, receiver):
    sandbox.control("webhooks", paused=True)
    payment = shop.order(capture=False, receipt=receipt("4500.00"))
    sandbox.pay(payment.id)
    sandbox.cancel(payment.id)

    sandbox.control("webhooks/release")

    statuses = {one["event"]: one["object"]["status"] for one in receiver.wait(2)}
    assert statuses == {"payment.waiting_for_capture": "waiting_for_capture", "payment.canceled": "canceled"}


def test_an_expiry_is_told(shop, sandbox, receiver):
    shop.order()

    sandbox.advance(hours=1)

    assert receiver.wait(1)[0]["object"]["cancellation_details"]["reason"] == "expired_on_confirmation"


def test_it_is_told_again_until_it_is_taken(shop, sandbox, receiver):
    receiver.statuses += [500, 404]
    shop.paid()
    receiver.wait(1)

    for tries in (2, 3):
        sandbox.wait_until(lambda: sandbox.state()["webhooks"][0]["next_at"] is not None)
        sandbox.advance(minutes=1)
        receiver.wait(tries)

    sandbox.wait_until(lambda: sandbox.state()["webhooks"][0]["delivered"])
    assert [one["status"] for one in sandbox.state()["webhooks"][0]["tries"]] == [500, 404, 200]
    sandbox.advance(days=2)
    assert len(receiver.bodies) == 3


def test_the_pauses_grow_and_end_after_a_day(shop, sandbox):
    shop.paid()
    tries, pauses = 0, []
    for _ in range(60):
        tries += 1
        sandbox.wait_until(lambda count=tries: len(sandbox.state()["webhooks"][0]["tries"]) == count)
        webhook = sandbox.state()["webhooks"][0]
        if not webhook["next_at"]:
            break
        sandbox.advance(hours=1)
        pauses.append(webhook["next_at"])

    assert 20 <= tries <= 26
    assert webhook["delivered"] is False
    assert {one["error"] for one in webhook["tries"]} == {"ConnectionRefusedError"}


def test_each_may_come_many_times_in_parallel(shop, sandbox, receiver):
    sandbox.control("webhooks", copies=100)

    shop.paid()

    told = receiver.wait(100)
    assert all(one == told[0] for one in told)
    sandbox.wait_until(lambda: sandbox.state()["webhooks"][0]["delivered"])
    assert len(sandbox.state()["webhooks"][0]["tries"]) == 100


def test_they_may_come_late(shop, sandbox, receiver):
    sandbox.control("webhooks", delay=3600)
    shop.paid()
    assert receiver.bodies == []

    sandbox.advance(hours=1)

    assert receiver.wait(1)[0]["event"] == "payment.succeeded"


def test_they_may_be_lost_and_found(shop, sandbox, receiver):
    sandbox.control("webhooks", drop=1)
    lost, told = shop.paid(), shop.paid()
    assert receiver.wait(1)[0]["object"]["id"] == told.id

    sandbox.control("webhooks/release")

    assert receiver.wait(2)[1]["object"]["id"] == lost.id


def test_they_may_come_in_any_order(shop, sandbox, receiver):
    sandbox.control("webhooks", paused=True)
    made = [shop.paid(f"{number}.00").id for number in range(1, 13)]
    assert receiver.bodies == []

    order = sandbox.control("webhooks/release", shuffle=True, copies=3)["order"]

    told = [one["object"]["id"] for one in receiver.wait(36)]
    assert sorted(told) == sorted(made * 3)
    webhooks = reversed(sandbox.state()["webhooks"])
    as_they_happened = [one["id"] for one in webhooks for _ in range(3)]
    assert sorted(order) == sorted(as_they_happened)
    assert order != as_they_happened
    shop.paid()
    receiver.wait(37)


def test_any_may_be_sent_again(shop, sandbox, receiver):
    shop.paid()
    receiver.wait(1)

    tries = sandbox.control("webhooks/latest/resend", copies=5)["tries"]

    assert [one["status"] for one in tries] == [200] * 5
    assert len(receiver.bodies) == 6


def test_a_forged_one_says_what_is_not_so(shop, sandbox, receiver):
    payment = shop.order()

    answer = sandbox.control(
        "webhooks/forge",
        event="payment.succeeded",
        id=payment.id,
        object={"status": "succeeded", "paid": True, "amount": {"value": "1.00", "currency": "RUB"}},
        headers={"X-Forwarded-For": "185.71.76.1"},
    )

    assert answer == {"tries": [{"status": 200}]}
    (told,) = receiver.notifications
    assert (told["object"]["id"], told["object"]["status"]) == (payment.id, "succeeded")
    assert told["object"]["amount"]["value"] == "1.00"
    assert receiver.headers[0]["X-Forwarded-For"] == "185.71.76.1"
    assert sandbox.payments()[0]["status"] == "pending"


@pytest.mark.parametrize("source", ["127.0.0.1", "127.0.0.2"])
def test_a_forged_one_comes_from_where_it_likes(sandbox, receiver, source):
    sandbox.control("webhooks/forge", object={"id": "none"}, source=source)

    assert receiver.callers == [source]


def test_a_forged_one_may_be_anything(sandbox, receiver):
    sandbox.control("webhooks/forge", raw="{not json", copies=3)

    assert receiver.bodies == [b"{not json"] * 3


def test_a_forged_one_may_go_anywhere(sandbox, receiver):
    answer = sandbox.control("webhooks/forge", object={}, url="http://localhost:9/")

    assert answer == {"tries": [{"error": "ConnectionRefusedError"}]}
    assert receiver.bodies == []
