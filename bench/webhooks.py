"""How fast the provider's notifications are taken in, and how soon the appointment is confirmed."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from time import perf_counter, sleep
from uuid import UUID, uuid4

from django.test import Client
from django.test.utils import override_settings
from procrastinate.contrib.django.models import ProcrastinateJob

from apps.booking import wiring as booking
from apps.booking.application.ports import GivenConsents
from apps.booking.domain.appointment import Origin
from apps.booking.domain.service import MeetingFormat
from apps.booking.infrastructure.models import Appointment
from apps.kernel.domain.actor import Actor
from apps.payments import wiring as payments
from apps.payments.domain.payment import PaymentKind
from apps.payments.infrastructure.models import PaymentNotification
from bench.data import Practice
from bench.measure import KeptConnection, by_turns, statements
from bench.report import Report
from tests.faults.crowd import ROOT, database_url, serving
from tests.sandbox_process import Sandbox

WEBHOOK = "/webhooks/yookassa/"
HERE = "127.0.0.1/32"
TIMES = 300
PAYMENTS = 30
WARM_UP = 5
PATIENCE = 30  # seconds
_numbers = count(20_000)


def webhook(practice: Practice, report: Report) -> None:
    """One notification after the other over HTTP; then payments, each followed until it confirms."""
    browser = Client(headers={"Host": "localhost"}, REMOTE_ADDR="127.0.0.1")

    def notify_here() -> None:
        answer = browser.post(WEBHOOK, _notification(), "application/json")
        _ensure(answer.status_code == 200)

    with override_settings(YOOKASSA_NETWORKS=[HERE]):
        counted = statements(notify_here)
    report.add("webhook, statements (BEGIN and COMMIT included)", counted, "", 6)
    os.environ["YOOKASSA_NETWORKS"] = HERE
    with serving("project.wsgi:application", threads=4, settings="bench.settings") as server:
        client = KeptConnection(server.port)

        def notify() -> None:
            _ensure(client.post(WEBHOOK, _notification()).status == 200)

        def insert() -> None:
            _ensure(client.post("/bare/notification/", _notification()).status == 201)

        took = by_turns({"ours": notify, "bare": insert}, times=TIMES)
        PaymentNotification.objects.all().delete()
        ProcrastinateJob.objects.filter(status="todo").delete()
        report.add("webhook, median", took["ours"].median, "ms")
        report.add("  the same, p95", took["ours"].p95, "ms")
        report.add("  a bare DRF view with one INSERT, median", took["bare"].median, "ms")
        report.add("  ours / bare", took["ours"].median / took["bare"].median, "×", 3)
        _confirmations(practice, report, server.port)


def _confirmations(practice: Practice, report: Report, port: int) -> None:
    sandbox = Sandbox(webhook_url=f"http://localhost:{port}{WEBHOOK}").start()
    shop = {
        "YOOKASSA_API_URL": sandbox.api_url,
        "YOOKASSA_SHOP_ID": sandbox.shop_id,
        "YOOKASSA_SECRET_KEY": sandbox.secret_key,
    }
    try:
        with override_settings(**shop), _worker(shop):
            for number in range(WARM_UP):
                _seconds_to_confirm(practice, sandbox, number)
            took = sorted(_seconds_to_confirm(practice, sandbox, number) for number in range(PAYMENTS))
    finally:
        sandbox.stop()
    report.add(f"paid → confirmed with an idle worker, median of {PAYMENTS}", took[len(took) // 2], "s")
    report.add("  the slowest", took[-1], "s", 1)


@contextmanager
def _worker(shop: dict[str, str]) -> Iterator[None]:
    environment = {
        **os.environ,
        **shop,
        "DJANGO_SETTINGS_MODULE": "bench.settings",
        "DATABASE_URL": database_url(),
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, "manage.py", "procrastinate", "worker"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _seconds_to_confirm(practice: Practice, sandbox: Sandbox, number: int) -> float:
    client = UUID(practice.clients[number % len(practice.clients)])
    held = booking.book_appointment(
        actor=Actor(user_id=client, role="client"),
        client_id=client,
        service_slug="open",
        start=practice.slot(next(_numbers) % 2_000),
        meeting_format=MeetingFormat.ONLINE,
        time_zone="Europe/Moscow",
        given=GivenConsents(evidence={}),
        origin=Origin(),
    )
    payments.start_payment(
        appointment_id=held.id, client_id=client, kind=PaymentKind.FULL, return_url="http://localhost:8000/"
    )
    begun = perf_counter()
    sandbox.pay()
    while Appointment.objects.values_list("status", flat=True).get(id=held.id) != "confirmed":
        _ensure(perf_counter() - begun < PATIENCE)
        sleep(0.005)
    return perf_counter() - begun


def _notification() -> dict[str, object]:
    return {
        "type": "notification",
        "event": "payment.succeeded",
        "object": {
            "id": str(uuid4()),
            "status": "succeeded",
            "amount": {"value": "4500.00", "currency": "RUB"},
            "created_at": datetime.now(UTC).isoformat(),
        },
    }


def _ensure(true: bool) -> None:
    if not true:
        raise RuntimeError("a call did not answer as it should: nothing was measured")
