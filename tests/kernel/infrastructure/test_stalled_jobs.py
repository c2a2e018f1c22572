"""Jobs whose worker was killed are worked off all the same."""

import asyncio
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker

from apps.kernel.infrastructure.tasks import deliver_event, purge_api_records, return_stalled_jobs

pytestmark = pytest.mark.django_db(transaction=True)


def sweep() -> int:
    async def run() -> int:
        with app.replace_connector(app.connector.get_worker_connector()) as worker_app:
            async with worker_app.open_async():
                return await return_stalled_jobs.func(SimpleNamespace(app=worker_app), timestamp=0)

    return asyncio.run(run())


def worker(*, silent_for: timedelta) -> ProcrastinateWorker:
    return ProcrastinateWorker.objects.create(last_heartbeat=timezone.now() - silent_for)


def taken_by(worker: ProcrastinateWorker | None, job: int) -> None:
    ProcrastinateJob.objects.filter(pk=job).update(status="doing", worker=worker)


def state(job: int) -> str:
    return ProcrastinateJob.objects.get(pk=job).status


def test_the_job_of_a_dead_worker_waits_again():
    job = deliver_event.defer(subscriber="somebody", event={})
    taken_by(worker(silent_for=timedelta(minutes=1)), job)

    assert sweep() == 1
    assert state(job) == "todo"


def test_the_job_of_a_worker_that_was_forgotten_waits_again():
    job = deliver_event.defer(subscriber="somebody", event={})
    taken_by(None, job)

    assert sweep() == 1
    assert state(job) == "todo"


def test_the_job_of_a_living_worker_is_left_alone():
    job = deliver_event.defer(subscriber="somebody", event={})
    taken_by(worker(silent_for=timedelta(seconds=5)), job)

    assert sweep() == 0
    assert state(job) == "doing"


def test_a_stalled_job_whose_successor_waits_already_is_closed():
    stalled = purge_api_records.defer(timestamp=1)
    taken_by(worker(silent_for=timedelta(minutes=1)), stalled)
    successor = purge_api_records.defer(timestamp=2)
    other = deliver_event.defer(subscriber="somebody", event={})
    taken_by(worker(silent_for=timedelta(minutes=1)), other)

    assert sweep() == 2
    assert (state(stalled), state(successor), state(other)) == ("failed", "todo", "todo")
