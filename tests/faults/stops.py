"""Moments at which a process can be made to stand still, so that it is killed exactly there.

Every step between "a client books" and "the letter has arrived" has a name in :data:`STEPS`. A test that
wants a process to be caught at a step calls :meth:`Stops.arm`; the first process that comes by says so and
waits to be killed (or for :data:`PATIENCE` seconds). Only the processes of ``tests.faults.stoppable`` know
any of this.
"""

import functools
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.http import HttpRequest, HttpResponse

DIRECTORY = "FAULT_STOPS"
"""The environment variable that names the directory through which tests and processes talk."""
PATIENCE = 30  # seconds

WEB_STEPS = (
    "booking written, not committed",
    "booking committed, not answered",
    "wish to pay stored, provider not called",
    "provider has answered, payment not written",
    "payment started, not answered",
    "notification written, not committed",
    "notification committed, not answered",
)
WORKER_STEPS = (
    "notification taken up, provider not asked",
    "provider asked, nothing written",
    "money credited, not committed",
    "money committed, job not ended",
    "confirmation heard, nothing planned",
    "letters planned, not committed",
    "letters committed, job not ended",
    "letters taken up, none sent",
    "letter given to the server, not marked",
    "letter marked, server not told to take it",
    "letter taken by the server, not written down",
    "letter written down",
)
STEPS = WEB_STEPS + WORKER_STEPS


@dataclass(frozen=True)
class Stops:
    """The test's side."""

    directory: Path

    def arm(self, step: str) -> None:
        """The next process that comes to ``step`` stands still there."""
        assert step in STEPS
        (self.directory / "armed").write_text(step)

    def caught(self) -> int | None:
        """The process that stands still; None while there is none."""
        found = list(self.directory.glob("caught-*"))
        return int(found[0].name.partition("-")[2]) if found else None

    def release(self) -> None:
        """Nobody is to stand still any more."""
        for path in self.directory.glob("*"):
            path.unlink(missing_ok=True)


def stop_at(step: str) -> None:
    """The processes' side: stand still here if a test has asked for it."""
    directory = Path(os.environ[DIRECTORY])
    armed, caught = directory / "armed", directory / f"caught-{os.getpid()}"
    try:
        if armed.read_text() != step:
            return
        armed.rename(caught)  # of several processes one succeeds
    except OSError:
        return
    until = time.monotonic() + PATIENCE
    while caught.exists() and time.monotonic() < until:
        time.sleep(0.01)


class Answers:
    """Middleware: the work is done and committed, its answer is not sent yet."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._get_response(request)
        if request.method == "POST" and response.status_code < 300:
            if request.path == "/api/v1/appointments/":
                stop_at("booking committed, not answered")
            elif request.path.endswith("/payments/"):
                stop_at("payment started, not answered")
            elif request.path.startswith("/webhooks/"):
                stop_at("notification committed, not answered")
        return response


class StopsConfig(AppConfig):
    name = "tests.faults"
    label = "fault_stops"

    def ready(self) -> None:
        if os.environ.get(DIRECTORY):
            _put_in_place()


def _put_in_place() -> None:
    from apps.booking.application.book_appointment import BookAppointment
    from apps.messaging.application.plan_messages import PlanMessages
    from apps.messaging.infrastructure.post import MailerPost
    from apps.messaging.infrastructure.repositories import PostgresOutbox
    from apps.payments.application.heed_notification import HeedNotification
    from apps.payments.application.record_state import RecordState
    from apps.payments.infrastructure.yookassa.provider import YooKassaProvider
    from apps.payments.presentation import webhook

    _after(BookAppointment, "__call__", "booking written, not committed")
    _before(YooKassaProvider, "create_payment", "wish to pay stored, provider not called")
    _after(YooKassaProvider, "create_payment", "provider has answered, payment not written")
    _after(webhook, "heed_notification_later", "notification written, not committed")
    _before(YooKassaProvider, "payment", "notification taken up, provider not asked")
    _after(YooKassaProvider, "payment", "provider asked, nothing written")
    _after(RecordState, "_credit", "money credited, not committed")
    _after(HeedNotification, "__call__", "money committed, job not ended")
    _before(PlanMessages, "confirmed", "confirmation heard, nothing planned")
    _after(PlanMessages, "_plan", "letters planned, not committed")
    _after(PlanMessages, "confirmed", "letters committed, job not ended")
    _after(PostgresOutbox, "claim", "letters taken up, none sent", only=bool)
    _around_the_dot(MailerPost)
    _after(PostgresOutbox, "record", "letter written down")


def _before(owner: Any, name: str, step: str) -> None:
    method = getattr(owner, name)

    @functools.wraps(method)
    def stopping(*args: Any, **kwargs: Any) -> Any:
        stop_at(step)
        return method(*args, **kwargs)

    setattr(owner, name, stopping)


def _after(owner: Any, name: str, step: str, *, only: Callable[[Any], bool] = lambda _: True) -> None:
    method = getattr(owner, name)

    @functools.wraps(method)
    def stopping(*args: Any, **kwargs: Any) -> Any:
        outcome = method(*args, **kwargs)
        if only(outcome):
            stop_at(step)
        return outcome

    setattr(owner, name, stopping)


def _around_the_dot(post: Any) -> None:
    send = post.send

    @functools.wraps(send)
    def stopping(self: Any, letter: Any, *, point_of_no_return: Callable[[], None]) -> None:
        def mark() -> None:
            stop_at("letter given to the server, not marked")
            point_of_no_return()
            stop_at("letter marked, server not told to take it")

        send(self, letter, point_of_no_return=mark)
        stop_at("letter taken by the server, not written down")

    post.send = stopping
