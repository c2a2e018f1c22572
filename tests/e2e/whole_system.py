"""What `make run` starts, in real processes, with everything in a directory of its own."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from project import embedded_postgres
from tests.sandbox_process import Sandbox

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 240  # seconds, on a busy machine
CHOSEN_BY_ITSELF = ("DATABASE_URL", "SANDBOX_PORT", "SANDBOX_SMTP_PORT", "WEB_PORT", "PUBLIC_URL")
APART = (0, 10, 25)
"""The ports of web, sandbox and mail, counted from the first."""


def wait_until(condition: Callable[[], bool], seconds: float = PATIENCE) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.2)
    return False


class WholeSystem:
    """Started when first asked for, and again after it was stopped; its data stay until :meth:`remove`."""

    def __init__(self) -> None:
        self.data_dir = Path(tempfile.mkdtemp(prefix="eb-", dir="/tmp")).resolve()
        self.data_dir.chmod(0o755)  # root's PostgreSQL runs as another account
        self._said = self.data_dir / "said.txt"
        self._port = _first_of_free_ports()
        self._runner: subprocess.Popen[bytes] | None = None
        self.base_url = f"http://localhost:{self._port}"
        self.sandbox = Sandbox(ports=(self._port + 10, self._port + 25))

    def start(self) -> "WholeSystem":
        if self._runner is not None:
            return self
        environment = {**os.environ, "DATA_DIR": str(self.data_dir), "PORT": str(self._port)}
        for name in CHOSEN_BY_ITSELF:
            environment.pop(name, None)
        with self._said.open("w") as output:
            self._runner = subprocess.Popen(
                [sys.executable, "-m", "project.run"], cwd=ROOT, env=environment, stdout=output, stderr=output
            )
        assert wait_until(lambda: "Ctrl-C stops everything" in self.said() or not self._alive()), self.said()
        assert self._alive(), self.said()
        return self

    def stop(self) -> int:
        """Press Ctrl-C; returns the exit code."""
        assert self._runner is not None
        self._runner.send_signal(signal.SIGINT)
        code = self._runner.wait(60)
        self._runner = None
        return code

    def remove(self) -> None:
        if self._runner is not None:
            self.stop()
        embedded_postgres.destroy(self.data_dir)
        shutil.rmtree(self.data_dir)

    def said(self) -> str:
        return self._said.read_text() if self._said.exists() else ""

    def processes(self) -> dict[int, str]:
        """Those that it has started and those that they have: number and command line. Linux only."""
        mark = f"DATA_DIR={self.data_dir}".encode()
        found = {}
        for path in Path("/proc").glob("[0-9]*"):
            try:
                if mark in (path / "environ").read_bytes():
                    found[int(path.name)] = (path / "cmdline").read_text().replace("\0", " ")
            except OSError:
                continue
        return found

    def _alive(self) -> bool:
        return self._runner is not None and self._runner.poll() is None


def _first_of_free_ports() -> int:
    """One from which all that are needed are free."""
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port: int = probe.getsockname()[1]
        if port + max(APART) < 65536 and all(_is_free(port + each) for each in APART):
            return port


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
