"""Jobs whose worker was killed are worked off all the same."""

from datetime import timedelta

import pytest
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker

from apps.kernel.infrastructure.models import JobFailure
from apps.kernel.infrastructure.stalled_jobs import give_back
from apps.kernel.infrastructure.tasks import apply_hourly_rules, deliver_event

pytestmark = pytest.mark.django_db(transaction=True)


def worker(*, silent_for: timedelta) -> ProcrastinateWorker:
    return ProcrastinateWorker.objects.create(last_heartbeat=timezone.now() - silent_for)


def taken_by(worker: ProcrastinateWorker | None, job: int) -> None:
    ProcrastinateJob.objects.filter(pk=job).update(status="doing", worker=worker)


def state(job: int) -> str:
    return ProcrastinateJob.objects.get(pk=job).status


def test_the_job_of_a_dead_worker_waits_again():
    job = deliver_event.defer(subscriber="somebody", event={})
    taken_by(worker(silent_for=timedelta(minutes=1)), job)

    assert give_back() == 1
    assert state(job) == "todo"
    assert JobFailure.objects.get(job_id=job).kind == "killed"


def test_the_job_of_a_worker_that_was_forgotten_waits_again():
    job = deliver_event.defer(subscriber="somebody", event={})
    taken_by(None, job)

    assert give_back() == 1
    assert state(job) == "todo"


def test_the_job_of_a_living_worker_is_left_alone():
    job = deliver_event.defer(subscriber="somebody", event={})
    taken_by(worker(silent_for=timedelta(seconds=15)), job)

    assert give_back() == 0
    assert state(job) == "doing"


def test_dead_workers_are_forgotten():
    worker(silent_for=timedelta(seconds=30))
    alive = worker(silent_for=timedelta(seconds=5))

    give_back()

    assert list(ProcrastinateWorker.objects.all()) == [alive]


def test_a_stalled_job_whose_successor_waits_already_is_dropped():
    stalled = apply_hourly_rules.defer(timestamp=1)
    taken_by(worker(silent_for=timedelta(minutes=1)), stalled)
    successor = apply_hourly_rules.defer(timestamp=2)
    other = deliver_event.defer(subscriber="somebody", event={})
    taken_by(worker(silent_for=timedelta(minutes=1)), other)

    assert give_back() == 2
    assert set(ProcrastinateJob.objects.values_list("pk", "status")) == {(successor, "todo"), (other, "todo")}


def test_a_job_that_kills_every_worker_comes_to_rest_with_a_reason():
    job = deliver_event.defer(subscriber="somebody", event={})
    for _ in range(30):
        taken_by(None, job)
        give_back()

    assert state(job) == "failed"
    failure = JobFailure.objects.get(job_id=job)
    assert (failure.kind, failure.runs, failure.given_up_at is not None) == ("killed", 30, True)
