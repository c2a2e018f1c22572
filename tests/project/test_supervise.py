"""A supervised program is started again when it ends, and stops when its supervisor is told to."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from project.supervise import LONGEST_PAUSE, pause_after

ROOT = Path(__file__).resolve().parents[2]


def wait_for(condition, seconds: float = 15.0) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return False


@pytest.fixture
def supervise():
    running = []

    def start(program: str) -> subprocess.Popen:
        process = subprocess.Popen(
            [sys.executable, "-m", "project.supervise", sys.executable, "-c", program],
            cwd=ROOT,
            stderr=subprocess.DEVNULL,
        )
        running.append(process)
        return process

    yield start
    for process in running:
        process.kill()
        process.wait()


def test_a_program_that_exits_with_success_is_started_again(supervise, tmp_path):
    starts = tmp_path / "starts"
    supervise(f"open({str(starts)!r}, 'a').write('x')")

    assert wait_for(lambda: starts.exists() and len(starts.read_text()) >= 2)


def test_sigterm_stops_the_program_and_its_supervisor(supervise, tmp_path):
    said = tmp_path / "said"
    supervisor = supervise(
        "import signal, sys, time\n"
        "def stop(*_):\n"
        f"    open({str(said)!r}, 'a').write(' stopped')\n"
        "    sys.exit()\n"
        "signal.signal(signal.SIGTERM, stop)\n"
        f"open({str(said)!r}, 'a').write('started')\n"
        "time.sleep(60)\n"
    )
    assert wait_for(said.exists)

    supervisor.send_signal(signal.SIGTERM)

    assert supervisor.wait(15) == 0
    assert said.read_text() == "started stopped"


def test_a_program_that_does_not_exist_is_an_error():
    result = subprocess.run(
        [sys.executable, "-m", "project.supervise", "/nowhere/program"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )

    assert result.returncode == 127


def test_pauses_grow_to_a_limit():
    assert [pause_after(failures) for failures in (1, 2, 3, 4)] == [1, 2, 4, 5]
    assert pause_after(1000) == LONGEST_PAUSE
