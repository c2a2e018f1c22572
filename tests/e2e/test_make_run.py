"""`make run` from nothing to Ctrl-C: it serves, keeps its worker alive, and leaves no process behind."""

import os
import signal
import sys
import urllib.request

import pytest

from project import embedded_postgres
from tests.e2e.whole_system import wait_until


@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes where Linux shows them")
def test_it_runs_keeps_its_worker_and_stops_without_a_trace(whole_system):
    def workers() -> list[int]:
        lines = whole_system.processes().items()
        return [pid for pid, line in lines if "procrastinate worker" in line and "supervise" not in line]

    for path in ("/health/live", "/health/ready", "/admin/login/", "/api/docs/"):
        with urllib.request.urlopen(whole_system.base_url + path) as response:
            assert response.status == 200
    for path in ("/", "/sandbox/mailbox/", "/sandbox/state.json"):
        with urllib.request.urlopen(whole_system.sandbox.base_url + path) as response:
            assert response.status == 200
    assert wait_until(lambda: len(workers()) == 1)
    (first,) = workers()
    os.kill(first, signal.SIGKILL)
    assert wait_until(lambda: bool(workers()) and workers() != [first])

    assert whole_system.stop() == 0, whole_system.said()
    assert "owner@example.org" in whole_system.said()
    assert whole_system.processes() == {}
    assert not embedded_postgres.is_running(whole_system.data_dir)
