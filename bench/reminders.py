"""How fast reminders that are due at once are handed over, and in how much memory."""

import email.policy
import json
import os
import smtplib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from time import perf_counter
from typing import Any

from django.db import connection

from apps.messaging import wiring
from apps.messaging.application.ports import Letter, Post
from apps.messaging.infrastructure.models import DeliverySettings, Message
from apps.messaging.infrastructure.post import email_of
from bench.data import Practice, add_appointments, analyze
from bench.report import Report
from tests.faults.crowd import ROOT, database_url

FEW, MANY = 1_000, 10_000
GROWTH_MIB = 8
_PLAN = """
INSERT INTO messaging_message (
    id, kind, channel, language, recipient_kind, recipient_id, appointment_id, start, facts, dedupe_key,
    due_at, useful_until, status, result, attempts, next_try_at, created_at
)
SELECT gen_random_uuid(), 'reminder_day', 'email', '', 'client', client_id::text, id, start, '{}',
    gen_random_uuid()::text, now() - interval '1 minute', start, 'planned', '', 0,
    now() - interval '1 minute', now()
FROM booking_appointment WHERE status = 'confirmed' AND start > now() + interval '1 day' LIMIT %s
"""


def reminders(practice: Practice, report: Report) -> None:
    """10 000 reminders due in one minute, by one worker and by two, beside a bare loop of smtplib."""
    add_appointments(practice, count=MANY, ahead=True, a_day=8, status="confirmed")
    DeliverySettings.objects.update(quiet_from="00:00", quiet_until="00:00")
    with _mail_server() as port:
        url = f"smtp://127.0.0.1:{port}"
        few, many = _deliver(url, FEW)[0], _deliver(url, MANY)[0]
        ours = many["sent"] / many["seconds"]
        report.add(f"{MANY:,} reminders due at once: handed over by one worker", ours, "/s")
        together = _deliver(url, MANY, workers=2)
        two = MANY / max(each["seconds"] for each in together)
        report.add("  by two workers", two, "/s")
        bare = _bare(port, _one_letter(), MANY)
    report.add("  a bare loop of smtplib over the same server", bare, "/s")
    report.add("  bare / ours (one worker)", bare / ours, "×")
    report.add(f"  memory of the worker at its peak, {FEW:,} reminders", few["peak_kib"] / 1024, "MiB")
    report.add(f"  the same, {MANY:,} reminders", many["peak_kib"] / 1024, "MiB")
    growth = (many["peak_kib"] - few["peak_kib"]) / 1024
    report.add("  growth", max(growth, 0), "MiB", GROWTH_MIB)


def _deliver(url: str, count: int, *, workers: int = 1) -> list[dict[str, Any]]:
    """Plan so many reminders and let workers, each a process of its own, hand them over."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM messaging_message")
        cursor.execute(_PLAN, [count])
    analyze()
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "bench.settings",
        "DATABASE_URL": database_url(),
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, "-m", "bench.deliver", url]
    processes = [
        subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE) for _ in range(workers)
    ]
    told = [json.loads(process.communicate()[0]) for process in processes]
    if Message.objects.filter(status="sent").count() != count:
        raise RuntimeError("not every reminder was handed over: nothing was measured")
    return told


def _one_letter() -> bytes:
    """A reminder as it leaves, for the bare loop to send again and again."""
    caught: list[Letter] = []

    class Catch:
        def send(self, letter: Letter, *, point_of_no_return: Any) -> None:
            caught.append(letter)
            raise InterruptedError

        def close(self) -> None:
            pass

    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM messaging_message")
        cursor.execute(_PLAN, [1])
    post: Post = Catch()
    with suppress(InterruptedError):
        wiring.deliver_due(post=post)()
    return bytes(email_of(caught[0]).message(policy=email.policy.SMTP))


def _bare(port: int, letter: bytes, count: int) -> float:
    begun = perf_counter()
    with smtplib.SMTP("127.0.0.1", port) as server:
        for _ in range(count):
            server.sendmail("noreply@localhost", ["client@example.org"], letter)
    return count / (perf_counter() - begun)


@contextmanager
def _mail_server() -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    process = subprocess.Popen([sys.executable, "-m", "bench.mail_sink", str(port)], cwd=ROOT)
    try:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait()
