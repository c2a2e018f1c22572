"""Many clients at once: a real server in its own process, a thread with its own socket for each client."""

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Barrier
from typing import Any
from urllib.parse import quote

from django.db import connection

ROOT = Path(__file__).resolve().parent.parent.parent
START_SECONDS = 180
ANSWER_SECONDS = 120
THREADS = 24


@dataclass(frozen=True)
class Answer:
    status: int
    body: Any
    headers: dict[str, str]

    @property
    def code(self) -> str:
        return self.body.get("code", "") if isinstance(self.body, dict) else ""


@dataclass(frozen=True)
class Call:
    method: str
    path: str
    body: Any
    token: str
    key: str = ""

    def headers(self) -> dict[str, str]:
        headers = {"Content-Type": "application/json", "X-Session-Token": self.token}
        return {**headers, "Idempotency-Key": self.key} if self.key else headers


@dataclass(frozen=True)
class Server:
    port: int

    def at_once(self, calls: Sequence[Call]) -> list[Answer]:
        """Send all calls at the same moment, each from a connection that is open already."""
        gate = Barrier(len(calls))

        def send(call: Call) -> Answer:
            client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=ANSWER_SECONDS)
            client.connect()
            gate.wait(ANSWER_SECONDS)
            return _ask(client, call)

        return together([lambda call=call: send(call) for call in calls])

    def ask(self, call: Call) -> Answer:
        return _ask(http.client.HTTPConnection("127.0.0.1", self.port, timeout=ANSWER_SECONDS), call)


def together[T](works: Sequence[Callable[[], T]]) -> list[T]:
    """Run every work in a thread of its own, and give what they returned in their order."""
    with ThreadPoolExecutor(len(works)) as pool:
        return [each.result(ANSWER_SECONDS) for each in [pool.submit(work) for work in works]]


def in_sessions[T](works: Sequence[Callable[[], T]]) -> list[T | Exception]:
    """Run every work in a thread with a database session of its own, started at the same moment."""
    gate = Barrier(len(works))

    def run(work: Callable[[], T]) -> T | Exception:
        try:
            connection.ensure_connection()
            gate.wait(ANSWER_SECONDS)
            return work()
        except Exception as error:  # noqa: BLE001 - an outcome to be looked at
            return error
        finally:
            connection.close()

    return together([lambda work=work: run(work) for work in works])


def statuses(answers: Sequence[Answer]) -> Counter[tuple[int, str]]:
    """How often each status came, with the code of the problem."""
    return Counter((answer.status, answer.code) for answer in answers)


@contextmanager
def serving(
    application: str = "project.wsgi:application",
    *,
    threads: int = THREADS,
    settings: str = "project.settings.testing",
) -> Iterator[Server]:
    """The application in granian, as in production, over the database of the running test."""
    port = _free_port()
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
        "--workers", "1", "--blocking-threads", str(threads), "--backlog", "1024", "--no-ws",
        "--log-level", "error", application,
    ]  # fmt: skip
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": settings,
        "DATABASE_URL": database_url(),
        "PYTHONPATH": str(ROOT),
    }
    process = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        _wait_until_it_answers(process, port)
        yield Server(port)
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _ask(client: http.client.HTTPConnection, call: Call) -> Answer:
    try:
        client.request(call.method, call.path, json.dumps(call.body).encode(), call.headers())
        answer = client.getresponse()
        raw = answer.read()
        return Answer(answer.status, json.loads(raw) if raw else None, dict(answer.getheaders()))
    finally:
        client.close()


def database_url() -> str:
    settings = connection.settings_dict
    user = quote(settings["USER"] or "", safe="")
    password = f":{quote(settings['PASSWORD'], safe='')}" if settings["PASSWORD"] else ""
    host, port = settings["HOST"] or settings["OPTIONS"].get("host", ""), settings["PORT"]
    if host.startswith("/"):
        return f"postgresql://{user}{password}@/{settings['NAME']}?host={quote(host, safe='/')}"
    return f"postgresql://{user}{password}@{host}{f':{port}' if port else ''}/{settings['NAME']}"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_until_it_answers(process: subprocess.Popen, port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}")
        client = http.client.HTTPConnection("127.0.0.1", port, timeout=START_SECONDS)
        try:
            client.request("GET", "/health/live")
            if client.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
        finally:
            client.close()
    raise RuntimeError("the server did not answer in time")
