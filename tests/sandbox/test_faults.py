"""Faults of the payment API, as a caller meets them."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from yookassa import Payment
from yookassa.domain.exceptions import InternalServerError, TooManyRequestsError

from tests.sandbox.shop import order
from tests.sandbox_process import SandboxRefused


@pytest.mark.parametrize(("kind", "error"), [("500", InternalServerError), ("429", TooManyRequestsError)])
def test_the_sdk_meets_the_documented_errors(shop, sandbox, kind, error):
    sandbox.break_calls("payments.create", kind)

    with pytest.raises(error) as met:
        shop.order(key="one")

    assert met.value.content["type"] == "error"
    assert sandbox.payments() == []
    assert shop.order(key="one").status == "pending"


def test_an_error_after_acceptance_leaves_one_payment(shop, sandbox):
    sandbox.break_calls("payments.create", "500", accepted=True)
    with pytest.raises(InternalServerError):
        shop.order(key="one")

    assert shop.order(key="one").id == sandbox.payments()[0]["id"]
    assert len(sandbox.payments()) == 1


@pytest.mark.parametrize("accepted", [True, False])
def test_a_closed_connection_hides_the_outcome(shop, sandbox, accepted):
    sandbox.break_calls("payments.create", "closed", accepted=accepted)

    with pytest.raises(requests.ConnectionError):
        shop.post("/payments", order(), key="one")

    assert len(sandbox.payments()) == accepted
    shop.post("/payments", order(), key="one")
    assert len(sandbox.payments()) == 1


def test_a_timeout_after_acceptance(shop, sandbox):
    sandbox.break_calls("payments.create", "timeout")

    with pytest.raises(requests.ReadTimeout):
        shop.post("/payments", order(), key="one", timeout=0.3)

    assert len(sandbox.payments()) == 1


def test_healing_lets_go_those_who_wait(shop, sandbox):
    sandbox.break_calls("payments.list", "timeout", seconds=60)
    with ThreadPoolExecutor(1) as waiting:
        call = waiting.submit(shop.call, "GET", "/payments", timeout=30)
        sandbox.wait_until(lambda: sandbox.calls("payments.list") == 1)
        assert not call.done()

        sandbox.heal()

        with pytest.raises(requests.ConnectionError):
            call.result(5)
    assert shop.call("GET", "/payments").status_code == 200


def test_a_slow_answer_is_an_answer(shop, sandbox):
    sandbox.break_calls("payments.create", "slow", seconds=0.3)
    began = time.monotonic()

    assert shop.post("/payments", order()).status_code == 200
    assert time.monotonic() - began >= 0.3


def test_still_processing(shop, sandbox):
    sandbox.break_calls("payments.create", "202")

    answer = shop.post("/payments", order(), key="one")

    assert (answer.status_code, answer.json()["type"]) == (202, "processing")
    assert answer.json()["retry_after"] > 0
    assert shop.post("/payments", order(), key="one").status_code == 200


def test_a_page_instead_of_json(shop, sandbox):
    sandbox.break_calls("payments.create", "html")

    answer = shop.post("/payments", order())

    assert (answer.status_code, answer.headers["Content-Type"]) == (502, "text/html; charset=utf-8")
    with pytest.raises(requests.JSONDecodeError):
        answer.json()


def test_half_an_answer(shop, sandbox):
    sandbox.break_calls("payments.create", "garbage")

    with pytest.raises(requests.JSONDecodeError):
        shop.post("/payments", order()).json()
    assert len(sandbox.payments()) == 1


def test_a_closed_port_opens_again(shop, sandbox):
    sandbox.control("refuse", seconds=0.5)
    time.sleep(0.2)

    with pytest.raises(requests.ConnectionError, match="refused"):
        shop.call("GET", "/payments")

    time.sleep(0.6)
    assert shop.call("GET", "/payments").status_code == 200


def test_a_fault_meets_as_many_calls_as_planned(shop, sandbox):
    sandbox.break_calls("payments.get", "500", times=2)
    payment = shop.order()

    for _ in range(2):
        with pytest.raises(InternalServerError):
            Payment.find_one(payment.id)
    assert Payment.find_one(payment.id).status == "pending"


def test_a_fault_without_number_lasts_until_lifted(shop, sandbox):
    sandbox.break_calls("payments.*", "500", times=None)

    statuses = [shop.call("GET", "/payments").status_code for _ in range(3)]
    elsewhere = shop.call("GET", "/refunds").status_code
    sandbox.heal()

    assert (statuses, elsewhere) == ([500] * 3, 200)
    assert shop.call("GET", "/payments").status_code == 200


def test_a_fault_may_come_by_chance(shop, sandbox):
    sandbox.break_calls("*", "500", times=None, chance=0.5)

    statuses = {shop.call("GET", "/payments").status_code for _ in range(60)}

    assert statuses == {200, 500}


def test_calls_are_counted_and_told(shop, sandbox):
    sandbox.break_calls("payments.create", "500")
    shop.post("/payments", order(), key="one")
    shop.post("/payments", order(), key="one")

    assert sandbox.calls("payments.create") == 2
    last = sandbox.state()["calls"]["last"]
    assert [(call["call"], call["key"], call["fault"], call["status"]) for call in last] == [
        ("payments.create", "one", "", 200),
        ("payments.create", "one", "500", 500),
    ]


@pytest.mark.parametrize(
    ("path", "arguments", "sentence"),
    [
        ("fail", {"call": "payouts.create", "kind": "500"}, "call must be one of"),
        ("fail", {"kind": "earthquake"}, "kind must be one of"),
        ("fail", {}, "kind must be one of"),
        ("fail", {"kind": "500", "times": 0}, "times must be from 1"),
        ("fail", {"kind": "500", "times": "often"}, "times must be a number"),
        ("fail", {"kind": "500", "chance": 2}, "chance must be from 0 to 1"),
        ("fail", {"kind": "500", "accepted": "perhaps"}, "accepted must be true or false"),
        ("fail", {"kind": "500", "colour": "red"}, "Unknown argument: colour"),
        ("clock", {"hours": -1}, "hours must be from 0"),
        ("payments/latest/pay", {}, "There is no latest among the payments"),
        ("payments/nobody/fail", {}, "There is no nobody among the payments"),
        ("refunds/latest/end", {}, "There is no latest among the refunds"),
        ("webhooks/latest/resend", {}, "There is no latest among the webhooks"),
        ("webhooks", {"copies": 0}, "copies must be from 1"),
        ("mail", {"kind": "rain"}, "kind must be one of"),
    ],
)
def test_a_slip_of_the_pen_is_told(sandbox, path, arguments, sentence):
    with pytest.raises(SandboxRefused, match=sentence):
        sandbox.control(path, **arguments)

    assert sandbox.state()["faults"] == []


@pytest.mark.parametrize("body", ["{", "[]"])
def test_a_command_is_a_json_object(sandbox, body):
    answer = requests.post(f"{sandbox.base_url}/sandbox/control/heal", data=body, timeout=15)

    assert answer.status_code == 400
