"""A worker tells the end of a job until PostgreSQL hears it."""

import asyncio
import signal

import psycopg
import pytest
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job, Status
from procrastinate.testing import InMemoryConnector

from apps.kernel.infrastructure import queue_connector
from apps.kernel.infrastructure.queue_connector import PatientJobManager

JOB = Job(id=1, queue="test", lock=None, queueing_lock=None, task_name="test.job")


class Line(InMemoryConnector):
    """A line to PostgreSQL that fails as often as told, in one way."""

    def __init__(self, *, fails: int, cause: Exception) -> None:
        super().__init__()
        self.calls = 0
        self._fails = fails
        self._cause = cause

    async def execute_query_async(self, query: str, **arguments: object) -> None:
        self.calls += 1
        if self.calls <= self._fails:
            raise ConnectorException from self._cause


@pytest.fixture
def signals(monkeypatch) -> list[int]:
    """What the worker would send itself."""
    sent: list[int] = []
    monkeypatch.setattr(queue_connector.os, "kill", lambda pid, number: sent.append(number))
    monkeypatch.setattr(queue_connector, "_PAUSE", 0.001)
    return sent


def finish(line: Line) -> None:
    asyncio.run(PatientJobManager(line).finish_job(JOB, Status.SUCCEEDED, delete_job=True))


def test_it_is_told_again_until_it_is_heard(signals):
    line = Line(fails=3, cause=psycopg.OperationalError("server closed the connection"))

    finish(line)

    assert line.calls == 4
    assert signals == []


def test_a_retry_is_told_again_too(signals):
    line = Line(fails=2, cause=psycopg.OperationalError("server closed the connection"))

    asyncio.run(PatientJobManager(line).retry_job(JOB))

    assert line.calls == 3


def test_the_worker_ends_when_it_is_never_heard(signals, monkeypatch):
    monkeypatch.setattr(queue_connector, "PATIENCE", 0.05)
    line = Line(fails=1_000_000, cause=psycopg.OperationalError("no route to host"))

    finish(line)

    assert signals == [signal.SIGTERM]


def test_a_job_that_has_ended_already_is_let_be(signals):
    line = Line(fails=1, cause=psycopg.errors.RaiseException("Job was not found"))

    finish(line)

    assert line.calls == 1


def test_a_defect_is_not_told_again(signals):
    line = Line(fails=1, cause=psycopg.errors.UndefinedFunction("no such function"))

    with pytest.raises(ConnectorException):
        finish(line)
