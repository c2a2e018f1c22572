"""The provider accepts and its answer is lost, or it is down: one payment, one refund, one receipt there."""

import time

from tests.counts import examples
from tests.faults.invariants import (
    alerts,
    assert_money_agrees,
    assert_no_job_is_left,
    assert_paid_and_confirmed_once,
)
from tests.faults.practice import PRICE, Client, Practice

LOST = ("timeout", "500", "closed", "202", "html", "garbage")
"""The ways in which an answer is lost after the provider has done what it was asked for."""
SOME = LOST[: examples(bounded=3, full=len(LOST))]
ROUNDS = examples(bounded=1, full=5)


def lose(practice: Practice, call: str, ways: tuple[str, ...]) -> None:
    """Let the next calls be carried out and their answers be lost, each way as often as there are rounds."""
    for way in ways:
        practice.sandbox.break_calls(call, way, times=ROUNDS, accepted=True, seconds=30)


def clients(practice: Practice, ways: tuple[str, ...], *, paid: bool) -> list[Client]:
    """One for each answer that will be lost."""
    return [practice.paid() if paid else practice.booked() for _ in range(len(ways) * ROUNDS)]


def confirm(client: Client) -> None:
    client.practice.sandbox.pay(client.at_the_provider()[0]["id"])
    client.wait(lambda: client.status() == "confirmed")
    assert_paid_and_confirmed_once(client)


def test_a_payment_whose_creation_was_answered_into_the_void_is_made_once(practice: Practice) -> None:
    crowd = clients(practice, LOST, paid=False)
    lose(practice, "payments.create", LOST)
    for client in crowd:
        client.pay()
        assert len(client.at_the_provider()) == 1
        confirm(client)
    assert practice.sandbox.state()["faults"] == []
    practice.come_to_rest()
    assert_money_agrees(practice)


def test_a_payment_is_finished_by_the_queue_when_the_client_does_not_ask_again(practice: Practice) -> None:
    client = practice.booked()
    practice.sandbox.break_calls("payments.create", "closed", accepted=True)
    answer = client.call("POST", f"appointments/{client.appointment_id}/payments/", {"kind": "full"})
    assert (answer.status_code, answer.json()["code"]) == (503, "payment_service_unavailable")
    practice.hurry("payments.settle_payment")
    client.wait(lambda: client.payments() == [("pending", PRICE)])
    confirm(client)
    assert len(client.at_the_provider()) == 1


def test_money_that_comes_before_the_creation_was_answered_is_found_by_the_notification(
    practice: Practice,
) -> None:
    client = practice.booked()
    practice.sandbox.break_calls("payments.create", "closed", accepted=True)
    client.call("POST", f"appointments/{client.appointment_id}/payments/", {"kind": "full"})
    confirm(client)
    practice.come_to_rest()
    assert_money_agrees(practice)


def test_a_payment_is_read_again_until_its_reading_is_answered(practice: Practice) -> None:
    crowd = clients(practice, SOME, paid=False)
    for client in crowd:
        client.pay()
    lose(practice, "payments.get", SOME)
    for client in crowd:
        practice.sandbox.pay(client.provider_id)
    for client in crowd:
        client.wait(lambda client=client: client.status() == "confirmed", within=60)
        assert_paid_and_confirmed_once(client)
    practice.come_to_rest()
    assert_money_agrees(practice)
    assert_no_job_is_left(practice.world)


def test_money_whose_capture_or_release_was_answered_into_the_void_is_taken_or_released_once(
    practice: Practice,
) -> None:
    with practice.another_web(YOOKASSA_TWO_STAGE="true"):
        crowd = clients(practice, SOME, paid=False)
        late, rival = practice.booked(), practice.client()
        for client in (*crowd, late):
            client.pay()
        late.expire()
        rival.start = late.start
        rival.book()
        lose(practice, "payments.capture", SOME)
        practice.sandbox.break_calls("payments.cancel", "closed", accepted=True)
        for client in (*crowd, late):
            practice.sandbox.pay(client.provider_id)
        for client in crowd:
            client.wait(lambda client=client: client.status() == "confirmed", within=60)
            assert_paid_and_confirmed_once(client)
            assert [each["status"] for each in client.at_the_provider()] == ["succeeded"]
        late.wait(lambda: late.payments() == [("canceled", PRICE)])
        practice.come_to_rest()
    assert practice.sandbox.state()["faults"] == []
    assert [each["status"] for each in late.at_the_provider()] == ["canceled"]
    assert_money_agrees(practice)


def test_a_refund_whose_answer_was_lost_is_given_once(practice: Practice) -> None:
    crowd = clients(practice, LOST, paid=True)
    lose(practice, "refunds.create", LOST)
    for client in crowd:
        client.cancel()
    for client in crowd:
        client.wait(lambda client=client: client.refunds() == [("succeeded", PRICE)], within=60)
    assert practice.sandbox.state()["faults"] == []
    practice.come_to_rest()
    assert_money_agrees(practice)
    assert_no_job_is_left(practice.world)


def test_a_receipt_whose_answer_was_lost_is_made_once(practice: Practice) -> None:
    crowd = clients(practice, SOME, paid=True)
    lose(practice, "receipts.create", SOME)
    for client in crowd:
        client.attend()
    paid = {client.at_the_provider()[0]["id"] for client in crowd}
    registered = (
        "SELECT count(*) FROM payments_receipt WHERE kind = 'offset' AND status = 'succeeded' "
        "AND payment_id IN (SELECT id FROM payments_payment WHERE provider_id = ANY(%s))"
    )
    practice.world.wait_until(
        lambda: practice.world.value(registered, list(paid)) == len(crowd), within=60, every=0.1
    )
    offsets = [
        each["payment_id"]
        for each in practice.sandbox.state()["receipts"]
        if each.get("payment_id") in paid
        and "settlements" in each
        and each["settlements"][0]["type"] == "prepayment"
    ]
    assert sorted(offsets) == sorted(paid)


def test_a_provider_that_is_down_is_asked_again_until_it_is_up(practice: Practice) -> None:
    before = alerts(practice.world)
    client, refunded = practice.booked(), practice.paid()
    practice.sandbox.control("refuse", seconds=3)
    time.sleep(0.2)
    refunded.cancel()
    client.pay()
    assert client.calls > 2  # one to book, and more than one to pay
    confirm(client)
    refunded.wait(lambda: refunded.refunds() == [("succeeded", PRICE)])
    practice.come_to_rest()
    assert_money_agrees(practice)
    assert_no_job_is_left(practice.world)
    assert alerts(practice.world) == before


def test_a_provider_that_refuses_takes_no_money_and_leaves_the_client_free_to_try_again(
    practice: Practice,
) -> None:
    client = practice.booked()
    practice.sandbox.break_calls("payments.create", "429", times=2)
    client.pay()
    confirm(client)
    assert len(client.at_the_provider()) == 1
