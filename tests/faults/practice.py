"""The product in its own processes with the outside world beside it, and the clients who use it.

A :class:`Practice` is a :class:`~tests.faults.processes.World` with the sandbox, a specialist and a service
that is open around the clock. :meth:`Practice.client` makes a :class:`Client`, who calls the API as a real
one would: the same call again until it is answered. What came of it all is read from the database, the
sandbox and the mailbox by :mod:`tests.faults.invariants`.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import requests

from apps.booking import wiring
from apps.booking.domain.outcome import Outcome, ReasonCategory
from apps.booking.infrastructure.models import Service
from apps.identity import facade as identity
from apps.identity.infrastructure.models import User
from apps.kernel.domain.actor import SYSTEM
from tests.booking.factories import (
    CONSENT_VERSION,
    make_client,
    make_hours,
    make_service,
    make_specialist,
    next_monday,
    publish_personal_data_consent,
    session_token,
)
from tests.faults.processes import Program, Web, World
from tests.sandbox_process import Sandbox

PRICE = 450_000  # kopecks
DEPOSIT = 150_000
ANSWERED = 90  # seconds after which a client gives up
AGAIN = frozenset({409, 429, 500, 502, 503, 504})
"""Answers after which a patient client calls again, 409 only while the first call still runs."""


class Practice:
    """Start with :meth:`open`; ``web`` and ``workers`` are processes that may be killed."""

    def __init__(self, world: World, sandbox: Sandbox) -> None:
        self.world = world
        self.sandbox = sandbox
        self.web: Web
        self.workers: list[Program] = []
        self.strangers: set[str] = set()
        """Payments at the provider that somebody else has made, and that we are not to know."""
        self._slots = count()
        world.environment.update(
            YOOKASSA_API_URL=sandbox.api_url,
            YOOKASSA_SHOP_ID=sandbox.shop_id,
            YOOKASSA_SECRET_KEY=sandbox.secret_key,
            YOOKASSA_NETWORKS="127.0.0.1/32",
            YOOKASSA_CONNECT_TIMEOUT="1",
            YOOKASSA_READ_TIMEOUT="1.5",
            EMAIL_URL=sandbox.email_url,
        )

    def open(self, *, workers: int = 1, threads: int = 8) -> "Practice":
        """Start the processes, and make the specialist and the service."""
        self.workers = [self.world.start_worker() for _ in range(workers)]
        with self.world.orm():
            publish_personal_data_consent()
            specialist = make_specialist()
            make_hours(specialist, start="00:00", end="24:00")
            self.service: Service = make_service(
                specialist, price_minor=PRICE, deposit_minor=DEPOSIT, slot_step_minutes=60, horizon_days=90
            )
        # Whatever the hour at which the tests run, no letter waits for the morning.
        self.world.rows("UPDATE messaging_deliverysettings SET quiet_from = '00:00', quiet_until = '00:00'")
        self.web = self.world.start_web(threads=threads)
        self.hear()
        self.world.wait_until(lambda: self.world.workers_at_work() == workers, within=60)
        return self

    def hear(self) -> None:
        """Let the provider send its notifications to the web process."""
        self.sandbox.control("webhooks", url=self.webhook_url)

    def heal(self) -> None:
        """No faults of the outside world any more."""
        self.sandbox.heal()
        self.sandbox.smtp(up=True)
        self.hear()

    @property
    def webhook_url(self) -> str:
        return f"{self.web.url}/webhooks/yookassa/"

    @contextmanager
    def another_web(self, **environment: str) -> Iterator[None]:
        """Everybody calls another web process inside the block, with further variables in its environment."""
        usual, known = self.web, dict(self.world.environment)
        self.world.environment.update(environment)
        self.web = self.world.start_web()
        self.world.environment = known
        self.hear()
        try:
            yield
        finally:
            self.web.end()
            self.web = usual
            self.hear()

    def hurry(self, task: str) -> None:
        """Let the waiting jobs of one task be due now, as if the time until their moment had passed."""
        self.world.rows(
            "UPDATE procrastinate_jobs SET scheduled_at = now() WHERE status = 'todo' AND task_name = %s",
            task,
        )

    def come_to_rest(self, *, within: float = 30) -> float:
        """Wait until nothing is due, running or tried again; returns the seconds that it took."""
        return self.world.wait_until(lambda: not unfinished(self.world), within=within, every=0.1)

    def client(self) -> "Client":
        """Somebody who is signed in and has consented, and wants a time that nobody else wants."""
        with self.world.orm():
            user = make_client()
            identity.grant_consents(
                user_id=user.pk,
                grants=[("personal_data", CONSENT_VERSION)],
                channel="web",
                evidence={"ip": "192.0.2.1"},
                at=datetime.now(UTC),
            )
            return Client(self, user, session_token(user), next_monday() + timedelta(hours=next(self._slots)))

    def booked(self) -> "Client":
        """A client whose time is held and waits for payment."""
        client = self.client()
        client.book()
        return client

    def paid(self) -> "Client":
        """A client who has paid in full, is confirmed and has all letters."""
        client = self.booked()
        client.pay()
        self.sandbox.pay(client.provider_id)
        self.world.wait_until(lambda: client.status() == "confirmed", within=30, every=0.05)
        return client


def unfinished(world: World) -> list[tuple[Any, ...]]:
    """The jobs that are due or running, and those that wait for another try; the regular ones excepted."""
    return world.rows(
        "SELECT id, status::text, task_name, attempts FROM procrastinate_jobs "
        "WHERE status IN ('todo', 'doing') "
        "AND (scheduled_at IS NULL OR scheduled_at <= now() OR attempts > 0) "
        "AND id NOT IN (SELECT job_id FROM procrastinate_periodic_defers WHERE job_id IS NOT NULL)"
    )


@dataclass
class Client:
    practice: Practice
    user: User
    token: str
    start: datetime
    appointment_id: str = ""
    payment: dict[str, Any] = field(default_factory=dict)
    calls: int = 0
    """How many calls it took until all were answered."""

    @property
    def email(self) -> str:
        return self.user.email or ""

    @property
    def provider_id(self) -> str:
        """The id of the payment at the provider, from the address of the payment page."""
        return str(self.payment["confirmation_url"].rpartition("/")[2])

    def book(self) -> None:
        """POST the booking, with one key, until it is answered."""
        body = {
            "service": self.practice.service.slug,
            "start": self.start.isoformat(),
            "meeting_format": "online",
            "time_zone": "Europe/Moscow",
        }
        answer = self.insist("POST", "appointments/", body, key=str(uuid4()))
        assert answer.status_code == 201, answer.text
        self.appointment_id = answer.json()["id"]

    def pay(self, kind: str = "full") -> None:
        """POST the wish to pay until it is answered with the payment page."""
        answer = self.insist("POST", f"appointments/{self.appointment_id}/payments/", {"kind": kind})
        assert answer.status_code in (200, 201), answer.text
        self.payment = answer.json()

    def cancel(self) -> None:
        answer = self.insist("POST", f"appointments/{self.appointment_id}/cancel/", {}, key=str(uuid4()))
        assert answer.status_code == 200, answer.text

    def insist(self, method: str, path: str, body: Any = None, *, key: str = "") -> requests.Response:
        """The same call until it is answered, whatever dies meanwhile. Raises AssertionError after 90 s."""
        deadline = time.monotonic() + ANSWERED
        while True:
            self.calls += 1
            answer = None
            try:
                answer = self.call(method, path, body, key=key)
            except requests.RequestException as error:
                trouble = type(error).__name__
            if answer is not None:
                trouble = f"{answer.status_code} {answer.text[:300]}"
                code = answer.json().get("code") if answer.status_code == 409 else ""
                if answer.status_code not in AGAIN or (code and code != "idempotency_in_progress"):
                    return answer
            assert time.monotonic() < deadline, f"{method} {path}: {trouble}"
            time.sleep(0.2)

    def call(self, method: str, path: str, body: Any = None, *, key: str = "") -> requests.Response:
        """One call. Raises requests.RequestException."""
        headers = {"X-Session-Token": self.token, **({"Idempotency-Key": key} if key else {})}
        url = f"{self.practice.web.url}/api/v1/{path}"
        return requests.request(method, url, json=body, headers=headers, timeout=30)

    def status(self) -> str:
        """The state of the appointment in the database."""
        return str(self._value("SELECT status FROM booking_appointment WHERE id = %s"))

    def expire(self) -> None:
        """Let the hold be over; who asks for the time next finds it free."""
        self._rows(
            "UPDATE booking_appointment SET hold_expires_at = now() - interval '1 second' WHERE id = %s"
        )

    def attend(self) -> None:
        """Let the session be weeks ago, and the specialist record that it took place."""
        self._rows(
            'UPDATE booking_appointment SET start = start - weeks, "end" = "end" - weeks, '
            "blocked = tstzrange(lower(blocked) - weeks, upper(blocked) - weeks) "
            "FROM (SELECT interval '20 weeks' AS weeks) AS past WHERE id = %s"
        )
        with self.practice.world.orm():
            wiring.record_outcome(
                appointment_id=UUID(self.appointment_id),
                actor=SYSTEM,
                outcome=Outcome.ATTENDED,
                reason=ReasonCategory.NONE,
                notes="",
            )

    def at_the_provider(self) -> list[dict[str, Any]]:
        """The payments for this appointment that the provider has, newest first."""
        ours = {
            row[0] for row in self._rows("SELECT id::text FROM payments_payment WHERE appointment_id = %s")
        }
        return [
            each for each in self.practice.sandbox.payments() if each["metadata"].get("payment_id") in ours
        ]

    def payments(self) -> list[tuple[str, int]]:
        """State and kopecks of each payment in the database, oldest first."""
        return self._rows(
            "SELECT status, amount_minor FROM payments_payment WHERE appointment_id = %s ORDER BY created_at"
        )

    def told(self, kind: str) -> list[str]:
        """The states of the letters of one kind about the appointment."""
        statement = "SELECT status FROM messaging_message WHERE appointment_id = %s AND kind = %s"
        return [row[0] for row in self.practice.world.rows(statement, self.appointment_id, kind)]

    def refunds(self) -> list[tuple[str, int]]:
        """State and kopecks of each refund in the database."""
        return self._rows(
            "SELECT refund.status, refund.amount_minor FROM payments_refund AS refund "
            "JOIN payments_payment AS payment ON payment.id = refund.payment_id "
            "WHERE payment.appointment_id = %s ORDER BY refund.requested_at"
        )

    def wait(self, condition: Callable[[], bool], *, within: float = 30) -> float:
        return self.practice.world.wait_until(condition, within=within, every=0.05)

    def _value(self, statement: str) -> Any:
        return self.practice.world.value(statement, self.appointment_id)

    def _rows(self, statement: str) -> list[tuple[Any, ...]]:
        return self.practice.world.rows(statement, self.appointment_id)
