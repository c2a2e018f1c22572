"""What is measured, and the bounds."""

import os
import re
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from threading import Event, Thread
from time import perf_counter
from typing import Any
from uuid import uuid4

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.contrib import admin
from django.db import connection
from django.test import Client

from apps.booking.infrastructure import models
from apps.booking.infrastructure.mappers import terms_to_json, to_terms
from apps.identity.infrastructure.models import User
from apps.identity.infrastructure.staff_session_store import VISIT
from apps.kernel.application.ports import Place
from apps.kernel.infrastructure.encryption import person_keys
from apps.kernel.infrastructure.encryption.envelope import EnvelopeEncryptionService
from apps.kernel.infrastructure.encryption.fernet import FernetEncryptionService
from bench.chain import chain
from bench.data import Practice, add_appointments
from bench.diary import diary
from bench.export import export
from bench.measure import Answer, KeptConnection, by_turns, statements
from bench.reminders import reminders
from bench.report import Report
from bench.webhooks import webhook
from tests.faults.crowd import Call, serving

TIMES = 300
CROWD, CROWDS = 50, 5
BOOKINGS = "/api/v1/appointments/"
MANY = 100_000
_ROW_LINK = re.compile(r"/admin/booking/appointment/([0-9a-f-]{36})/")


@contextmanager
def connected() -> Iterator[KeptConnection]:
    """The site and the bare views in granian, as in production, and one client of theirs."""
    with serving("project.wsgi:application", threads=4, settings="bench.settings") as server:
        yield KeptConnection(server.port)


def slots(practice: Practice, report: Report) -> None:
    """A month of slots with 10 000 appointments in the table."""
    add_appointments(practice, count=9_880, ahead=False, a_day=9, status="completed")
    add_appointments(practice, count=120, ahead=True, a_day=4, step=2, status="confirmed")
    _ensure(models.Appointment.objects.count() == 10_000)
    today = datetime.now(UTC).date()

    def path(days: int) -> str:
        first, last = today + timedelta(days=1), today + timedelta(days=days)
        return f"/api/v1/services/busy/slots/?from={first}&to={last}&tz=Asia/Yekaterinburg"

    browser = Client(headers={"Host": "localhost"})
    for days in (1, 31, 62):
        counted = statements(lambda days=days: browser.get(path(days)))
        report.add(f"slots of {days} days, statements", counted, "", 4)
    month = path(31)
    of = month.replace("&", "%26")
    with connected() as client:
        answer = client.get(month)
        _ensure(answer.status == 200)
        _ensure(
            client.get(f"/bare/json/?of={of}").body == client.get(f"/bare/bytes/?of={of}").body == answer.body
        )
        took = by_turns(
            {
                "ours": lambda: client.get(month),
                "json": lambda: client.get(f"/bare/json/?of={of}"),
                "bytes": lambda: client.get(f"/bare/bytes/?of={of}"),
            },
            times=TIMES,
        )
    offered = sum(len(day["slots"]) for day in answer.json()["days"])
    what = f"slots of a month ({offered} slots, {len(answer.body) // 1024} KiB), median"
    report.add(what, took["ours"].median, "ms")
    report.add("  the same, p95", took["ours"].p95, "ms")
    report.add("  a bare DRF view that returns the same, median", took["json"].median, "ms")
    report.add("  a bare view that returns ready bytes, median", took["bytes"].median, "ms")
    report.add("  ours / bare DRF view", took["ours"].median / took["json"].median, "×", 3)
    report.add("  ours / ready bytes", took["ours"].median / took["bytes"].median, "×")


_numbers = count()


def _body(practice: Practice) -> dict[str, Any]:
    return {
        "service": "open",
        "start": practice.slot(next(_numbers)).isoformat(),
        "meeting_format": "online",
        "time_zone": "Europe/Moscow",
    }


def booking(practice: Practice, report: Report) -> None:
    """One client after the other books a time of their own."""
    bare_row = {
        "specialist": str(practice.open.specialist_id),
        "service": str(practice.open.id),
        "client": practice.clients[0],
        "terms": terms_to_json(to_terms(practice.open)),
    }
    browser = Client(headers={"Host": "localhost"})

    def headers() -> dict[str, str]:
        token = practice.tokens[next(_numbers) % len(practice.tokens)]
        return {"X-Session-Token": token, "Idempotency-Key": str(uuid4())}

    def book_here() -> None:
        answer = browser.post(BOOKINGS, _body(practice), "application/json", headers=headers())
        _ensure(answer.status_code == 201)

    report.add("booking, statements (BEGIN and COMMIT included)", statements(book_here), "", 12)
    with connected() as client:

        def book() -> None:
            _ensure(client.post(BOOKINGS, _body(practice), **headers()).status == 201)

        def insert() -> None:
            _ensure(client.post("/bare/insert/", {**_body(practice), **bare_row}).status == 201)

        took = by_turns({"ours": book, "bare": insert}, times=TIMES)
    report.add("booking, median", took["ours"].median, "ms")
    report.add("  the same, p95", took["ours"].p95, "ms")
    report.add("  a bare DRF view with one INSERT, median", took["bare"].median, "ms")
    report.add("  ours / bare", took["ours"].median / took["bare"].median, "×", 4)


class LockWatch(Thread):
    """Looks all the time for the longest wait for a lock in this database."""

    LOOK = """
    SELECT coalesce(max(extract(epoch FROM clock_timestamp() - waitstart)), 0)
    FROM pg_locks JOIN pg_stat_activity USING (pid)
    WHERE NOT granted AND datname = current_database()
    """

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.longest, self.looks, self._ended = 0.0, 0, Event()

    def run(self) -> None:
        with connection.cursor() as cursor:
            while not self._ended.wait(0.002):
                cursor.execute(self.LOOK)
                self.longest = max(self.longest, float(cursor.fetchone()[0]))
                self.looks += 1
        connection.close()

    def finish(self) -> None:
        self._ended.set()
        self.join()


def crowd(practice: Practice, report: Report) -> None:
    """50 clients book 50 different slots at the same moment, over HTTP, five times."""
    watch = LockWatch()
    with serving("project.wsgi:application", threads=16, settings="bench.settings") as server:
        watch.start()
        begun = perf_counter()
        for _ in range(CROWDS):
            calls = [
                Call("POST", BOOKINGS, _body(practice), practice.tokens[number], str(uuid4()))
                for number in range(CROWD)
            ]
            _ensure({answer.status for answer in server.at_once(calls)} == {201})
        took = perf_counter() - begun
        watch.finish()
    report.add(f"{CROWD} clients at once, {CROWDS} times: bookings a second", CROWD * CROWDS / took, "/s")
    report.add(f"  longest wait for a lock ({watch.looks} looks)", watch.longest * 1_000, "ms", 100)


def admin_list(practice: Practice, report: Report) -> None:
    """The specialist's list of appointments with 100 000 rows, in process."""
    missing = MANY - models.Appointment.objects.count()
    add_appointments(practice, count=missing, ahead=False, a_day=9, status="canceled")
    _ensure(models.Appointment.objects.count() == MANY)
    browser = Client(headers={"Host": "localhost"})
    browser.force_login(User.objects.get(pk=practice.owner_id), backend=settings.AUTHENTICATION_BACKENDS[-1])
    session = browser.session
    session[VISIT] = {**session[VISIT], "factor_at": datetime.now(UTC).timestamp()}
    session.save()
    size = admin.site.get_model_admin(models.Appointment).list_per_page

    def page(number: int) -> Answer:
        answer = browser.get("/admin/booking/appointment/", {"tab": "all", "p": number})
        _ensure(len(set(_ROW_LINK.findall(answer.content.decode()))) == size)
        return answer

    for name, number in (("first", 1), ("middle", MANY // size // 2), ("last", MANY // size)):
        counted = statements(lambda number=number: page(number))
        took = by_turns({"page": lambda number=number: page(number)}, times=40)["page"]
        report.add(f"list of {MANY:,} appointments, {name} page, statements", counted, "", 8)
        report.add("  median", took.median, "ms", 100)


def cipher(practice: Practice, report: Report) -> None:
    """Texts of a kilobyte, the size of an answer in a form, beside the bare ciphers and their base64."""
    text, place = "т" * 512, Place(field="bench.text", row="1", person=uuid4())
    raw, bound = text.encode(), b"place"
    bare_gcm, bare_fernet = AESGCM(AESGCM.generate_key(256)), Fernet(Fernet.generate_key())
    envelope = EnvelopeEncryptionService(person_keys())
    fernet = FernetEncryptionService([Fernet.generate_key().decode()])
    nonce = os.urandom(12)
    tokens = {
        "envelope": envelope.encrypt(text, place=place),
        "fernet": fernet.encrypt(text, place=place),
    }
    sealed_gcm, sealed_fernet = b64encode(bare_gcm.encrypt(nonce, raw, bound)), bare_fernet.encrypt(raw)
    took = by_turns(
        {
            "envelope in": lambda: envelope.encrypt(text, place=place),
            "envelope out": lambda: envelope.decrypt(tokens["envelope"], place=place),
            "bare AES-256-GCM in": lambda: b64encode(bare_gcm.encrypt(os.urandom(12), text.encode(), bound)),
            "bare AES-256-GCM out": lambda: bare_gcm.decrypt(nonce, b64decode(sealed_gcm), bound).decode(),
            "Fernet in": lambda: fernet.encrypt(text, place=place),
            "Fernet out": lambda: fernet.decrypt(tokens["fernet"], place=place),
            "bare Fernet in": lambda: bare_fernet.encrypt(text.encode()),
            "bare Fernet out": lambda: bare_fernet.decrypt(sealed_fernet).decode(),
        },
        times=2_000,
    )
    for name, bare in (("envelope", "bare AES-256-GCM"), ("Fernet", "bare Fernet")):
        for way, verb in (("in", "encrypting"), ("out", "decrypting")):
            ours, theirs = took[f"{name} {way}"].median, took[f"{bare} {way}"].median
            report.add(f"{verb} a KiB of text ({name})", 1_000 / ours, "/s")
            report.add(f"  {bare}", 1_000 / theirs, "/s")
            report.add("  ours / bare", ours / theirs, "×")


ALL = {
    "slots": slots,
    "booking": booking,
    "crowd": crowd,
    "list": admin_list,
    "webhook": webhook,
    "reminders": reminders,
    "cipher": cipher,
    "diary": diary,
    "export": export,
    "chain": chain,
}


def _ensure(true: bool) -> None:
    """Stops a measurement whose calls did not do what is measured."""
    if not true:
        raise RuntimeError("a call did not answer as it should: nothing was measured")
