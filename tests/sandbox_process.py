"""The sandbox as a process of its own, for any test that needs the outside world.

``sandbox`` gives a fresh world: no payments, no letters, no faults, the machine's clock. Its process is
started once in a test session and shared; ``sandbox_at`` starts more, with a directory for their state.
"""

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 30  # seconds


class SandboxRefused(Exception):
    """A command of the control API was wrong; the text says how."""


class Sandbox:
    """Handle of one process of the sandbox, and a client of its control API."""

    shop_id = "sandbox"
    secret_key = "sandbox-secret"

    def __init__(
        self, data: Path | None = None, webhook_url: str = "", ports: tuple[int, int] | None = None
    ) -> None:
        self.port, self.smtp_port = ports or _free_ports()
        self.base_url = f"http://localhost:{self.port}"
        self.api_url = f"{self.base_url}/v3"
        self.smtp_host = "localhost"
        self.email_url = f"smtp://localhost:{self.smtp_port}"
        self.webhook_url = webhook_url or "http://localhost:9/"  # port 9 discards: nobody listens
        self._data = data
        self._process: subprocess.Popen[bytes] | None = None
        self._session = requests.Session()

    # --- the process ---

    def start(self) -> "Sandbox":
        command = [
            sys.executable, "-m", "sandbox", "--port", str(self.port), "--smtp-port", str(self.smtp_port),
            "--shop-id", self.shop_id, "--secret-key", self.secret_key, "--webhook-url", self.webhook_url,
            *(["--data", str(self._data)] if self._data else []),
        ]  # fmt: skip
        self._process = subprocess.Popen(command, cwd=ROOT)
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and self._process.poll() is None:
            if self._answers() and self._process.poll() is None:
                return self
            time.sleep(0.05)
        self.stop()
        raise RuntimeError(f"The sandbox did not start on ports {self.port} and {self.smtp_port}.")

    def _answers(self) -> bool:
        try:
            self.state()
        except requests.ConnectionError:
            return False
        return True

    def stop(self) -> int | None:
        """Ask it to end; its exit code."""
        if self._process is None:
            return None
        self._session.close()
        self._process.terminate()
        code = self._process.wait(PATIENCE)
        self._process = None
        return code

    def kill(self) -> None:
        """End it without warning (SIGKILL)."""
        assert self._process is not None
        self._process.kill()
        self._process.wait(PATIENCE)
        self._process = None

    # --- what is there ---

    def state(self) -> dict[str, Any]:
        return self._session.get(f"{self.base_url}/sandbox/state.json", timeout=PATIENCE).json()

    def payments(self) -> list[dict[str, Any]]:
        """Newest first, as are all lists of the state."""
        return self.state()["payments"]

    def calls(self, kind: str) -> int:
        """How often a call (``payments.create``) came."""
        return self.state()["calls"]["by_kind"].get(kind, 0)

    def letters(self, to: str = "", since: str = "") -> list[dict[str, Any]]:
        query = {name: value for name, value in (("to", to), ("since", since)) if value}
        return self._session.get(f"{self.base_url}/sandbox/mailbox/", params=query, timeout=PATIENCE).json()

    def letter_count(self) -> int:
        return self._session.get(f"{self.base_url}/sandbox/mailbox/?count=1", timeout=PATIENCE).json()[
            "count"
        ]

    def wait_for_letters(
        self, count: int, *, to: str = "", seconds: float = PATIENCE
    ) -> list[dict[str, Any]]:
        """The letters as soon as there are so many; raises AssertionError after ``seconds``."""
        self.wait_until(lambda: len(self.letters(to)) >= count, seconds, f"{count} letters")
        return self.letters(to)

    def wait_until(self, condition: Callable[[], bool], seconds: float = PATIENCE, what: str = "it") -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, f"waited {seconds} s in vain for {what}"
            time.sleep(0.05)

    # --- what it is told ---

    def control(self, path: str, **arguments: Any) -> Any:
        """``POST /sandbox/control/<path>``; see docs/sandbox.md. Raises SandboxRefused."""
        answer = self._session.post(
            f"{self.base_url}/sandbox/control/{path}", json=arguments, timeout=PATIENCE * 4
        )
        if answer.status_code != 200:
            raise SandboxRefused(f"{path}: {answer.text}")
        return answer.json()

    def reset(self) -> None:
        self.control("reset")

    def heal(self) -> None:
        self.control("heal")

    def advance(self, **units: float) -> None:
        """``days``, ``hours``, ``minutes``, ``seconds``."""
        self.control("clock", **units)

    def pay(self, payment_id: str = "latest", **arguments: Any) -> dict[str, Any]:
        """``method``: ``bank_card``, ``sbp`` …"""
        return self.control(f"payments/{payment_id}/pay", **arguments)

    def fail(self, payment_id: str = "latest", **arguments: Any) -> dict[str, Any]:
        """One try fails with ``reason``; the payment stays pending."""
        return self.control(f"payments/{payment_id}/fail", **arguments)

    def cancel(self, payment_id: str = "latest", **arguments: Any) -> dict[str, Any]:
        """The payment ends as canceled with ``reason`` and ``party``."""
        return self.control(f"payments/{payment_id}/cancel", **arguments)

    def break_calls(self, call: str, kind: str, **arguments: Any) -> None:
        """``kind``: timeout, slow, 500, 429, 202, html, garbage, closed; more: docs/sandbox.md."""
        self.control("fail", call=call, kind=kind, **arguments)

    def break_mail(self, kind: str, **arguments: Any) -> None:
        """``kind``: delay, temporary, permanent, close, lost_answer; more: docs/sandbox.md."""
        self.control("mail", kind=kind, **arguments)

    def smtp(self, *, up: bool) -> None:
        self.control("smtp", up=up)


def _free_ports() -> list[int]:
    probes = [socket.socket() for _ in range(2)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()


@pytest.fixture(scope="session")
def sandbox_process() -> Iterator[Sandbox]:
    """The shared process; its world is whatever the last test left."""
    process = Sandbox().start()
    yield process
    process.stop()


@pytest.fixture
def sandbox(sandbox_process: Sandbox) -> Sandbox:
    sandbox_process.reset()
    return sandbox_process


@pytest.fixture
def sandbox_at() -> Iterator[Callable[..., Sandbox]]:
    """Makes further sandboxes, started: ``sandbox_at(data=tmp_path, webhook_url=…)``."""
    made: list[Sandbox] = []

    def make(**arguments: Any) -> Sandbox:
        made.append(Sandbox(**arguments).start())
        return made[-1]

    yield make
    for one in made:
        one.stop()
