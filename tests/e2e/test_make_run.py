"""`make run` from nothing to Ctrl-C: it serves, keeps its worker alive, and leaves no process behind."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from project import embedded_postgres

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 240  # seconds, on a busy machine


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(condition: Callable[[], bool], seconds: float = PATIENCE) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.2)
    return False


def processes_with(text: str) -> dict[int, str]:
    """The processes whose environment holds ``text``: number and command line. Linux only."""
    found = {}
    for path in Path("/proc").glob("[0-9]*"):
        try:
            if text.encode() in (path / "environ").read_bytes():
                found[int(path.name)] = (path / "cmdline").read_text().replace("\0", " ")
        except OSError:
            continue
    return found


@pytest.fixture
def data_dir():
    path = Path(tempfile.mkdtemp(prefix="eb-", dir="/tmp")).resolve()
    path.chmod(0o755)
    yield path
    embedded_postgres.destroy(path)
    shutil.rmtree(path)


@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes where Linux shows them")
def test_it_runs_keeps_its_worker_and_stops_without_a_trace(data_dir):
    port = free_port()
    environment = {**os.environ, "DATA_DIR": str(data_dir), "PORT": str(port)}
    for name in ("DATABASE_URL", "SANDBOX_PORT", "SANDBOX_SMTP_PORT"):
        environment.pop(name, None)
    mark = f"DATA_DIR={data_dir}"
    said = data_dir / "said.txt"

    def workers() -> list[int]:
        lines = processes_with(mark).items()
        return [pid for pid, line in lines if "procrastinate worker" in line and "supervise" not in line]

    with said.open("w") as output:
        runner = subprocess.Popen(
            [sys.executable, "-m", "project.run"], cwd=ROOT, env=environment, stdout=output, stderr=output
        )
        try:
            assert wait_until(lambda: "Ctrl-C stops everything" in said.read_text()), said.read_text()
            for path in ("/health/live", "/health/ready", "/admin/login/", "/api/docs/"):
                with urllib.request.urlopen(f"http://localhost:{port}{path}") as response:
                    assert response.status == 200
            for path in ("/", "/sandbox/mailbox/", "/sandbox/state.json"):
                with urllib.request.urlopen(f"http://localhost:{port + 10}{path}") as response:
                    assert response.status == 200
            assert wait_until(lambda: len(workers()) == 1)
            (first,) = workers()
            os.kill(first, signal.SIGKILL)
            assert wait_until(lambda: bool(workers()) and workers() != [first])
        finally:
            runner.send_signal(signal.SIGINT)
            code = runner.wait(60)

    assert code == 0, said.read_text()
    assert "owner@example.org" in said.read_text()
    assert processes_with(mark) == {}
    assert not embedded_postgres.is_running(data_dir)
