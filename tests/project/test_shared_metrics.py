"""Several web workers of one machine add up what they count."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from project import shared_metrics
from project.shared_metrics import share_between_workers
from tests.faults.crowd import ROOT

COUNT = """
from project.shared_metrics import share_between_workers
share_between_workers()
import django
django.setup()
from apps.kernel.infrastructure import metrics
metrics.REQUESTS.labels("GET", "/x/", "200").observe(0.1)
print(metrics._requests().decode())
"""


@pytest.fixture
def temporary(tmp_path, monkeypatch) -> Path:
    monkeypatch.setattr(shared_metrics.tempfile, "gettempdir", lambda: str(tmp_path))
    monkeypatch.delenv("PROMETHEUS_MULTIPROC_DIR", raising=False)
    return tmp_path


def directories(path: Path) -> list[str]:
    return [each.name for each in path.glob("emotional-balance-metrics-*")]


def test_one_worker_counts_for_itself(temporary, monkeypatch):
    monkeypatch.setenv("WEB_WORKERS", "1")
    share_between_workers()
    assert directories(temporary) == []


def test_what_ended_processes_have_left_is_deleted(temporary, monkeypatch):
    monkeypatch.setenv("WEB_WORKERS", "2")
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", "")
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    (temporary / f"emotional-balance-metrics-{os.getuid()}-{gone.pid}").mkdir()

    share_between_workers()

    assert directories(temporary) == [f"emotional-balance-metrics-{os.getuid()}-{os.getppid()}"]
    assert os.environ["PROMETHEUS_MULTIPROC_DIR"] == str(temporary / directories(temporary)[0])


def test_two_workers_tell_the_sum(tmp_path):
    environment = {
        **{name: value for name, value in os.environ.items() if name != "PROMETHEUS_MULTIPROC_DIR"},
        "TMPDIR": str(tmp_path),
        "WEB_WORKERS": "2",
        "DJANGO_SETTINGS_MODULE": "project.settings.testing",
    }
    said = [
        subprocess.run(
            [sys.executable, "-c", COUNT],
            cwd=ROOT,
            env=environment,
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for _ in range(2)
    ]
    assert 'http_request_duration_seconds_count{method="GET",route="/x/",status="200"} 2.0' in said[1]
