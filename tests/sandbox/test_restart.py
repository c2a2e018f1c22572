"""With a directory to keep it in, the state outlives the process; without one it does not."""

import subprocess
import sys

import pytest

from tests.sandbox.letters import letter, send
from tests.sandbox.receiver import Receiver
from tests.sandbox.shop import Shop, order, receipt, rub
from tests.sandbox_process import ROOT


@pytest.fixture(params=["stop", "kill"])
def end(request):
    """How the process ends: asked to, or killed."""
    return lambda sandbox: getattr(sandbox, request.param)()


def test_everything_is_there_again(sandbox_at, tmp_path, end):
    sandbox = sandbox_at(data=tmp_path / "kept")
    shop = Shop(sandbox)
    body = {"payment_id": shop.paid("100.00", receipt=receipt("100.00")).id, "amount": rub("100.00")}
    refund = shop.post("/refunds", body, key="back").json()
    sandbox.advance(days=1)
    shop.order("5.00")
    send(sandbox, letter())
    before = sandbox.state()

    end(sandbox)
    sandbox.start()

    after = sandbox.state()
    for shelf in ("payments", "refunds", "receipts", "webhooks"):
        assert [one.get("id") for one in after[shelf]] == [one.get("id") for one in before[shelf]]
    assert after["payments"] == before["payments"]
    assert after["clock_offset_seconds"] == before["clock_offset_seconds"] == 24 * 3600
    assert sandbox.letters()[0]["subject"] == "Вы записаны"
    assert shop.call("GET", f"/refunds/{refund['id']}").json()["status"] == "succeeded"


def test_a_key_is_known_again(sandbox_at, tmp_path):
    sandbox = sandbox_at(data=tmp_path)
    shop = Shop(sandbox)
    first = shop.post("/payments", order(), key="one").json()

    sandbox.kill()
    sandbox.start()

    assert shop.post("/payments", order(), key="one").json() == first
    assert len(sandbox.payments()) == 1


def test_what_was_to_happen_happens(sandbox_at, tmp_path):
    sandbox = sandbox_at(data=tmp_path)
    shop = Shop(sandbox)
    shop.order()
    held = shop.order(capture=False)
    sandbox.pay(held.id)
    sandbox.control("receipts", seconds=600)
    paid = shop.paid("100.00", receipt=receipt("100.00"))
    sandbox.control("refunds", seconds=600)
    shop.refund(paid.id, "100.00")

    sandbox.kill()
    sandbox.start()
    sandbox.advance(minutes=10)
    soon = sandbox.state()
    sandbox.advance(days=7)
    late = {one["id"]: one for one in sandbox.payments()}

    assert soon["refunds"][0]["status"] == "succeeded"
    assert {one["status"] for one in soon["receipts"] if one["type"] == "payment"} == {"succeeded"}
    reasons = [one["cancellation_details"]["reason"] for one in late.values() if one["status"] == "canceled"]
    assert sorted(reasons) == ["expired_on_capture", "expired_on_confirmation"]


def test_a_notification_is_delivered_after_all(sandbox_at, tmp_path):
    with Receiver() as receiver:
        sandbox = sandbox_at(data=tmp_path, webhook_url=receiver.url)
        receiver.statuses += [500]
        Shop(sandbox).paid()
        receiver.wait(1)
        sandbox.wait_until(lambda: sandbox.state()["webhooks"][0]["next_at"] is not None)

        sandbox.kill()
        sandbox.start()
        sandbox.advance(hours=1)

        assert receiver.wait(2)[1]["event"] == "payment.succeeded"


def test_a_reset_is_kept_too(sandbox_at, tmp_path):
    sandbox = sandbox_at(data=tmp_path)
    Shop(sandbox).paid()
    sandbox.advance(days=1)
    sandbox.reset()

    sandbox.kill()
    sandbox.start()

    state = sandbox.state()
    assert (state["payments"], state["webhooks"], state["clock_offset_seconds"]) == ([], [], 0)


def test_without_a_directory_nothing_is_kept(sandbox_at):
    sandbox = sandbox_at()
    Shop(sandbox).order()

    assert sandbox.stop() == 0
    sandbox.start()

    assert sandbox.payments() == []


@pytest.mark.parametrize("taken", ["--port", "--smtp-port"])
def test_a_port_that_is_taken_is_told(sandbox, taken):
    port = sandbox.port if taken == "--port" else sandbox.smtp_port
    ports = {"--port": "0", "--smtp-port": "0", taken: str(port)}
    command = [sys.executable, "-m", "sandbox", *(word for pair in ports.items() for word in pair)]

    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30, check=False)

    assert result.returncode == 1
    assert result.stderr.startswith("The sandbox cannot start:")
    assert "Traceback" not in result.stderr
