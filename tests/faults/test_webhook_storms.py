"""Notifications a hundred times, shuffled, late, and forged: one ledger entry, the right state, an alert."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
import requests

from tests.counts import examples
from tests.faults.invariants import (
    alerts,
    assert_money_agrees,
    assert_no_job_is_left,
    assert_nothing_lost_or_doubled,
    assert_paid_and_confirmed_once,
    assert_told_once,
    nothing_changes,
    undelivered,
)
from tests.faults.practice import PRICE, Client, Practice
from tests.faults.traces import leave

COPIES = 100
FEWER = examples(bounded=20, full=100)
PAYMENTS = examples(bounded=2, full=20)
STRANGER, PROXY = "127.0.0.2", "127.0.0.3"


@pytest.fixture
def pending(practice: Practice) -> Client:
    """A client who has started to pay."""
    client = practice.booked()
    client.pay()
    return client


@pytest.fixture
def quiet(practice: Practice) -> Iterator[Practice]:
    """The practice with notifications held back until they are released."""
    practice.sandbox.control("webhooks", paused=True)
    yield practice
    practice.heal()


def forge(client: Client, event: str = "payment.succeeded", copies: int = 1, **arguments: Any) -> list[Any]:
    """A notification of the client's payment as the provider would word it, with changes; the answers."""
    verb = event.partition(".")[2]
    body = {"status": verb, "paid": verb == "succeeded", **arguments.pop("object", {})}
    told = client.practice.sandbox.control(
        "webhooks/forge", event=event, id=client.provider_id, object=body, copies=copies, **arguments
    )
    return [each.get("status") for each in told["tries"]]


def webhooks_of(client: Client) -> list[str]:
    return [
        each["id"]
        for each in client.practice.sandbox.state()["webhooks"]
        if client.provider_id in (each["object"]["id"], each["object"].get("payment_id"))
    ]


def test_each_notification_a_hundred_times_in_parallel_and_shuffled_counts_once(quiet: Practice) -> None:
    paid = [quiet.booked() for _ in range(PAYMENTS)]
    given_up = quiet.booked()
    for client in (*paid, given_up):
        client.pay()
    for client in paid:
        quiet.sandbox.pay(client.provider_id)
    quiet.sandbox.cancel(given_up.provider_id)

    order = quiet.sandbox.control("webhooks/release", shuffle=True, copies=COPIES)["order"]

    released = Counter(order)
    assert [released[each] for client in (*paid, given_up) for each in webhooks_of(client)] == [COPIES] * (
        PAYMENTS + 1
    )
    quiet.come_to_rest(within=60)
    for client in paid:
        assert_paid_and_confirmed_once(client)
        client.wait(lambda client=client: client.told("payment_received") == ["sent"])
        assert assert_told_once(client, ("booking_confirmed", "payment_received")) == 0
    assert given_up.payments() == [("failed", PRICE)]
    assert given_up.status() == "pending_payment"
    assert_nothing_lost_or_doubled(quiet)
    assert_no_job_is_left(quiet.world)


def test_many_notifications_about_one_payment_are_worked_off_without_pauses(practice: Practice) -> None:
    """Jobs of one lock run one after another: each begins when the one before ends, not at the next poll."""
    jobs = 20
    with practice.world.orm():
        for number in range(jobs):
            leave.configure(lock="one after another").defer(number=number)
    took = practice.world.wait_until(
        lambda: practice.world.value("SELECT count(*) FROM traces WHERE followed") == jobs,
        within=60,
        every=0.1,
    )
    assert took < jobs / 2, "the next job waits for a worker to look by itself"


def test_notifications_of_two_stages_and_of_the_refund_may_come_in_any_order_and_late(
    practice: Practice,
) -> None:
    with practice.another_web(YOOKASSA_TWO_STAGE="true"):
        client = practice.booked()
        client.pay()
        practice.sandbox.pay(client.provider_id)
        client.wait(lambda: client.status() == "confirmed")
        client.cancel()
        client.wait(lambda: client.refunds() == [("succeeded", PRICE)])
        client.wait(lambda: client.told("payment_returned") == ["sent"] and not undelivered(practice.world))
        events = webhooks_of(client)
        assert len(events) == 3  # waiting for capture, succeeded, refunded
        with nothing_changes(practice):
            for event in events:
                practice.sandbox.control(f"webhooks/{event}/resend", copies=FEWER)
    assert client.payments() == [("succeeded", PRICE)]
    assert client.status() == "canceled"
    assert_money_agrees(practice)


def test_canceled_after_succeeded_changes_nothing(practice: Practice) -> None:
    client = practice.paid()
    practice.come_to_rest()
    client.wait(lambda: client.told("payment_received") == ["sent"])
    with nothing_changes(practice):
        assert set(forge(client, "payment.canceled", copies=FEWER)) == {200}
    assert alerts(practice.world, client.payment["id"])["status_mismatch"] >= 1
    assert_paid_and_confirmed_once(client)


def test_succeeded_before_the_provider_has_any_money_changes_nothing(
    practice: Practice, pending: Client
) -> None:
    with nothing_changes(practice):
        assert set(forge(pending, copies=FEWER)) == {200}
    assert alerts(practice.world, pending.payment["id"])["status_mismatch"] >= 1


@pytest.mark.parametrize(
    ("lie", "alert"),
    [
        ({"amount": {"value": "1.00", "currency": "RUB"}}, "amount_mismatch"),
        ({"amount": {"value": "4500.01", "currency": "RUB"}}, "amount_mismatch"),
        ({"amount": {"value": "4500.00", "currency": "KZT"}}, "amount_mismatch"),
        ({"recipient": {"account_id": "another-shop", "gateway_id": "1"}}, "shop_mismatch"),
    ],
)
def test_a_lie_about_the_payment_changes_nothing_and_alerts(
    practice: Practice, pending: Client, lie: dict[str, Any], alert: str
) -> None:
    with nothing_changes(practice):
        assert forge(pending, object=lie) == [200]
    assert alerts(practice.world, pending.payment["id"])[alert] == 1


def test_an_unknown_payment_changes_nothing_and_alerts(practice: Practice, pending: Client) -> None:
    unknown, unknown_refund = str(uuid4()), str(uuid4())
    with nothing_changes(practice):
        forge(pending, object={"id": unknown})
        practice.sandbox.control("webhooks/forge", raw=_refund(unknown_refund))
    assert alerts(practice.world, unknown) == {"unknown_payment": 1}
    assert alerts(practice.world, unknown_refund) == {"refund_mismatch": 1}


def test_a_payment_that_somebody_else_made_in_our_shop_changes_nothing_and_alerts(
    practice: Practice, pending: Client
) -> None:
    """One bears no reference, one that of our payment; both are paid at the provider, with a rouble."""
    for reference in ("", pending.payment["id"]):
        stranger = _create(practice, "1.00", reference)
        with nothing_changes(practice):
            practice.sandbox.pay(stranger)
            pending.wait(lambda stranger=stranger: sum(_noted(practice, pending, stranger).values()) > 0)


def test_a_payment_of_another_amount_in_the_place_of_ours_changes_nothing_and_alerts(
    practice: Practice,
) -> None:
    """Our own order was never carried out; what answers to its reference costs a rouble. The order is carried
    out then, at its own price."""
    client = practice.booked()
    practice.sandbox.break_calls("payments.create", "closed", accepted=False)
    path = f"appointments/{client.appointment_id}/payments/"
    assert client.call("POST", path, {"kind": "full"}).status_code == 503
    ours = practice.world.value(
        "SELECT id::text FROM payments_payment WHERE appointment_id = %s", client.appointment_id
    )
    practice.sandbox.pay(_create(practice, "1.00", ours))
    client.wait(lambda: alerts(practice.world, ours)["amount_mismatch"] == 1)
    practice.come_to_rest()
    assert client.payments() == [("pending", PRICE)]
    assert client.status() == "pending_payment"
    assert_money_agrees(practice)


def test_a_sender_from_elsewhere_is_refused_whatever_header_it_sends(
    practice: Practice, pending: Client
) -> None:
    before = alerts(practice.world, STRANGER)["forged_sender"]
    practice.sandbox.control("webhooks", paused=True)
    practice.sandbox.pay(pending.provider_id)
    with nothing_changes(practice):
        assert forge(pending, source=STRANGER) == [403]
        for header in ("127.0.0.1", "127.0.0.1, 127.0.0.1", f"{STRANGER}, 127.0.0.1"):
            assert forge(pending, source=STRANGER, headers={"X-Forwarded-For": header}) == [403]
    assert alerts(practice.world, STRANGER)["forged_sender"] == before + 4
    practice.sandbox.control("webhooks/release")  # the provider's own word, from its own network
    pending.wait(lambda: pending.status() == "confirmed")
    assert_paid_and_confirmed_once(pending)


def test_behind_a_trusted_proxy_only_what_the_proxy_has_seen_counts(
    practice: Practice, pending: Client
) -> None:
    before = alerts(practice.world)["forged_sender"]
    with practice.another_web(TRUSTED_PROXIES=f"{PROXY}/32"):
        practice.sandbox.control("webhooks", paused=True)
        practice.sandbox.pay(pending.provider_id)
        with nothing_changes(practice):
            for source, forwarded in (
                (PROXY, ""),  # the proxy itself is not the provider
                (PROXY, STRANGER),
                (PROXY, f"127.0.0.1, {STRANGER}"),  # the stranger has written the first part
                (STRANGER, "127.0.0.1"),  # past the proxy
                (STRANGER, f"127.0.0.1, {PROXY}"),
            ):
                headers = {"X-Forwarded-For": forwarded} if forwarded else {}
                assert forge(pending, source=source, headers=headers) == [403], (source, forwarded)
        assert alerts(practice.world)["forged_sender"] == before + 5
        assert forge(pending, source=PROXY, headers={"X-Forwarded-For": f"{STRANGER}, 127.0.0.1"}) == [200]
        pending.wait(lambda: pending.status() == "confirmed")
    assert_paid_and_confirmed_once(pending)


def _create(practice: Practice, value: str, reference: str) -> str:
    """A payment made with the shop's own credentials, past the product."""
    amount = {"value": value, "currency": "RUB"}
    body = {
        "amount": amount,
        "capture": True,
        "confirmation": {"type": "redirect", "return_url": "https://site.example.org/"},
        "metadata": {"payment_id": reference} if reference else {},
    }
    answer = requests.post(
        f"{practice.sandbox.api_url}/payments",
        json=body,
        auth=(practice.sandbox.shop_id, practice.sandbox.secret_key),
        headers={"Idempotence-Key": str(uuid4())},
        timeout=15,
    )
    assert answer.status_code == 200, answer.text
    practice.strangers.add(answer.json()["id"])
    return str(answer.json()["id"])


def _noted(practice: Practice, client: Client, stranger: str) -> dict[str, int]:
    """Alerts about the stranger's payment, or about ours because of it."""
    return {**alerts(practice.world, stranger), **alerts(practice.world, client.payment["id"])}


def _refund(name: str) -> str:
    amount = {"value": "4500.00", "currency": "RUB"}
    refund = {"id": name, "payment_id": name, "status": "succeeded", "amount": amount}
    return json.dumps({"type": "notification", "event": "refund.succeeded", "object": refund})
