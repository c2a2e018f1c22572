"""Money goes back while other money comes, over HTTP and through the worker: never above what was paid."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.counts import examples
from tests.faults.crowd import together
from tests.faults.invariants import (
    alerts,
    assert_money_agrees,
    assert_no_job_is_left,
    assert_nothing_lost_or_doubled,
    assert_paid_and_confirmed_once,
    timeline,
    undelivered,
)
from tests.faults.practice import DEPOSIT, PRICE, Client, Practice

ROUNDS = examples(bounded=3, full=40)
REST = PRICE - DEPOSIT


def at_once(*works: Callable[[], Any]) -> None:
    together(works)


def given_back(client: Client) -> int:
    """Kopecks that the provider has given back for the appointment."""
    return sum(
        round(float(each.get("refunded_amount", {"value": "0"})["value"]) * 100)
        for each in client.at_the_provider()
    )


def with_deposit(practice: Practice) -> Client:
    """A client who is confirmed by the deposit."""
    client = practice.booked()
    client.pay("deposit")
    practice.sandbox.pay(client.provider_id)
    client.wait(lambda: client.status() == "confirmed")
    return client


def test_canceling_while_a_second_payment_arrives_gives_everything_back(practice: Practice) -> None:
    """Whoever comes first: what the appointment took goes back by the rule, the rest by itself."""
    crowd = [with_deposit(practice) for _ in range(ROUNDS)]
    for client in crowd:
        client.pay("full")
    at_once(
        *(lambda client=client: practice.sandbox.pay(client.provider_id) for client in crowd),
        *(client.cancel for client in crowd),
    )
    for client in crowd:
        client.wait(
            lambda client=client: (
                sorted(client.payments()) == [("succeeded", DEPOSIT), ("succeeded", REST)]
                and sorted(client.refunds()) == [("succeeded", DEPOSIT), ("succeeded", REST)]
            )
        )
        assert client.status() == "canceled"
        assert given_back(client) == PRICE
    practice.come_to_rest()
    assert_money_agrees(practice)
    assert_no_job_is_left(practice.world)


def test_a_full_payment_beside_a_deposit_goes_back_whole_and_the_appointment_stays(
    practice: Practice,
) -> None:
    """Both were begun in two windows, and both are paid at the same moment."""
    for _ in range(ROUNDS):
        client = practice.booked()
        client.pay("deposit")
        first = client.provider_id
        client.pay("full")
        at_once(lambda: practice.sandbox.pay(first), lambda: practice.sandbox.pay(client.provider_id))  # noqa: B023 - run at once
        client.wait(lambda client=client: [each[0] for each in client.payments()] == ["succeeded"] * 2)
        practice.come_to_rest()
        assert client.status() == "confirmed"
        taken = practice.world.value(
            "SELECT paid_minor FROM booking_appointment WHERE id = %s", client.appointment_id
        )
        assert taken in (DEPOSIT, PRICE)
        assert given_back(client) == DEPOSIT + PRICE - taken
        assert timeline(practice.world, client.appointment_id)["AppointmentConfirmed"] == 1
    assert_money_agrees(practice)


def test_canceling_many_times_at_once_gives_back_once(practice: Practice) -> None:
    client = practice.paid()
    statuses = together(
        [lambda: client.call("POST", f"appointments/{client.appointment_id}/cancel/", {}).status_code] * 8
    )
    assert sorted(statuses) == [200] + [409] * 7
    client.wait(lambda: client.refunds() == [("succeeded", PRICE)])
    practice.come_to_rest()
    assert given_back(client) == PRICE
    assert_money_agrees(practice)


def test_a_refund_that_takes_the_bank_its_time_is_followed_up_to_its_end(practice: Practice) -> None:
    client = practice.paid()
    practice.sandbox.control("refunds", seconds=600)
    client.cancel()
    client.wait(lambda: client.refunds() == [("pending", PRICE)])
    practice.sandbox.control("refunds/latest/end", outcome="succeeded")
    client.wait(lambda: client.refunds() == [("succeeded", PRICE)])
    practice.come_to_rest()
    assert given_back(client) == PRICE
    assert_money_agrees(practice)


def test_a_refund_that_the_bank_refuses_is_shown_and_enters_no_ledger(practice: Practice) -> None:
    client = practice.paid()
    practice.sandbox.control("refunds", outcome="canceled", reason="rejected_by_payee")
    client.cancel()
    client.wait(lambda: client.refunds() == [("failed", PRICE)])
    practice.come_to_rest()
    refund = practice.world.value(
        "SELECT refund.id::text FROM payments_refund AS refund JOIN payments_payment AS payment "
        "ON payment.id = refund.payment_id WHERE payment.appointment_id = %s",
        client.appointment_id,
    )
    assert alerts(practice.world, refund)["refund_failed"] == 1
    assert given_back(client) == 0
    assert_money_agrees(practice)


@pytest.mark.parametrize("notified", [True, False], ids=["notified", "noticed without a notification"])
def test_money_for_an_ended_hold_confirms_it_while_its_time_is_free(
    practice: Practice, notified: bool
) -> None:
    client = practice.booked()
    client.pay()
    client.expire()
    practice.sandbox.control("webhooks", drop=0 if notified else 1)
    practice.sandbox.pay(client.provider_id)
    if not notified:
        practice.hurry("payments.settle_payment")
    client.wait(lambda: client.status() == "confirmed")
    practice.come_to_rest()
    assert_paid_and_confirmed_once(client)
    assert alerts(practice.world, client.payment["id"]) == {"late_payment_taken": 1}


def test_money_for_an_ended_hold_goes_back_by_itself_when_the_time_is_taken(practice: Practice) -> None:
    late, rival = practice.booked(), practice.client()
    late.pay()
    late.expire()
    rival.start = late.start
    rival.book()
    practice.sandbox.pay(late.provider_id)
    late.wait(lambda: late.refunds() == [("succeeded", PRICE)])
    practice.world.wait_until(lambda: not undelivered(practice.world), within=30)
    practice.come_to_rest()
    assert late.status() == "expired"
    assert given_back(late) == PRICE
    assert alerts(practice.world, late.payment["id"])["payment_returned"] == 1
    assert late.told("payment_returned") == ["sent"]
    assert late.told("payment_received") == []
    rival.pay()
    practice.sandbox.pay(rival.provider_id)
    rival.wait(lambda: rival.status() == "confirmed")
    assert_paid_and_confirmed_once(rival)
    practice.come_to_rest()
    practice.world.wait_until(lambda: not undelivered(practice.world), within=30)
    assert_nothing_lost_or_doubled(practice)


def test_the_last_second_of_a_hold_belongs_to_one_of_two(practice: Practice) -> None:
    """The money of the one and the booking of the other arrive at the same moment."""
    for _ in range(ROUNDS):
        late, rival = practice.booked(), practice.client()
        late.pay()
        late.expire()
        rival.start = late.start
        body = {"service": practice.service.slug, "start": rival.start.isoformat()}
        body |= {"meeting_format": "online", "time_zone": "Europe/Moscow"}
        answers: list[int] = []
        at_once(
            lambda: practice.sandbox.pay(late.provider_id),  # noqa: B023 - run at once
            lambda: answers.append(rival.call("POST", "appointments/", body).status_code),  # noqa: B023
        )
        practice.come_to_rest()
        late.wait(lambda late=late: late.payments() == [("succeeded", PRICE)])
        practice.come_to_rest()
        if answers == [201]:
            assert late.status() == "expired"
            assert given_back(late) == PRICE
        else:
            assert answers in ([409], [422])
            assert_paid_and_confirmed_once(late)
    assert_money_agrees(practice)
