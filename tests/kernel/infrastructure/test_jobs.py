"""Jobs are tried again with patience, leave their reason behind, and never get in each other's way."""

import itertools
from collections.abc import Callable, Iterator

import pytest
from django.db import OperationalError, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from apps.kernel.application.ports import TemporaryFailure
from apps.kernel.domain.errors import NotFound
from apps.kernel.infrastructure.failure_reasons import FailureKind
from apps.kernel.infrastructure.jobs import PACES, enqueue_once, job
from apps.kernel.infrastructure.models import JobFailure
from tests.jobs import make_due, run_worker

pytestmark = pytest.mark.django_db(transaction=True)

SECRET = "Anna Petrova, anna@example.org"
number = itertools.count(1)


class Bell:
    """Something for jobs to do: it counts its strokes, and fails as often as told."""

    def __init__(self) -> None:
        self.strokes = 0
        self.failures: list[Exception] = []

    def ring(self, **_: object) -> str:
        self.strokes += 1
        if self.failures:
            raise self.failures.pop(0)
        return SECRET


@pytest.fixture
def bell() -> Bell:
    return Bell()


@pytest.fixture
def ring(bell: Bell) -> Iterator[Callable]:
    """Makes a job that rings the bell, under a name that is taken away again."""
    names = []

    def make(**options):
        name = f"test.ring_{next(number)}"
        names.append(name)

        def stroke(*, bell_id: int) -> str:
            return bell.ring()

        return job(name=name, queue="test", **options)(stroke)

    yield make
    for name in names:
        del app.tasks[name]


def runs_until_rest() -> None:
    while ProcrastinateJob.objects.filter(queue_name="test", status="todo").exists():
        make_due()
        run_worker(queue="test")


def test_a_job_that_succeeds_leaves_nothing_behind(bell, ring):
    ring().defer(bell_id=7)

    run_worker(queue="test")

    assert bell.strokes == 1
    assert not ProcrastinateJob.objects.exists()
    assert not JobFailure.objects.exists()


@pytest.mark.parametrize(
    ("error", "kind", "code", "runs"),
    [(NotFound(), "refused", "not_found", 5), (ValueError(SECRET), "defect", "", 5)],
)
def test_a_failing_job_runs_exactly_as_often_as_its_kind_deserves_and_then_rests(
    bell, ring, error, kind, code, runs
):
    number = ring().defer(bell_id=7)
    bell.failures = [error] * 100

    runs_until_rest()

    assert bell.strokes == runs == PACES[FailureKind(kind)].runs
    assert ProcrastinateJob.objects.get(pk=number).status == "failed"
    failure = JobFailure.objects.get()
    assert (failure.job_id, failure.kind, failure.code, failure.runs) == (number, kind, code, runs)
    assert failure.given_up_at is not None


def test_what_does_not_answer_is_asked_again_many_times_but_not_for_ever(bell, ring):
    ring().defer(bell_id=7)
    bell.failures = [TemporaryFailure("provider_silent")] * 500
    run_worker(queue="test")
    JobFailure.objects.update(runs=153, runs_by_kind={"outside": 153})

    runs_until_rest()

    assert bell.strokes == 1 + 2
    failure = JobFailure.objects.get()
    assert (failure.kind, failure.code, failure.runs) == ("outside", "provider_silent", 155)
    assert failure.given_up_at is not None


def test_each_kind_of_failure_is_counted_for_itself(bell, ring):
    ring().defer(bell_id=7)
    bell.failures = [TemporaryFailure("down")] * 6 + [OperationalError()] * 6 + [ValueError()] * 4

    runs_until_rest()

    assert bell.strokes == 17
    assert not ProcrastinateJob.objects.exists()
    assert not JobFailure.objects.exists(), "forgotten as soon as it succeeds"


def test_the_reason_names_class_and_place_but_nobody(bell, ring, caplog):
    ring().defer(bell_id=7)
    bell.failures = [ValueError(SECRET)]

    run_worker(queue="test")

    failure = JobFailure.objects.get()
    assert failure.error == "builtins.ValueError"
    assert failure.place.startswith("tests.kernel.infrastructure.test_jobs:")
    assert "anna" not in repr(vars(failure)).lower()
    assert caplog.records
    assert "anna" not in caplog.text.lower()


def test_a_code_that_is_no_code_is_not_kept(bell, ring):
    ring().defer(bell_id=7)
    bell.failures = [TemporaryFailure(f"mailbox of {SECRET} is full")]

    run_worker(queue="test")

    assert JobFailure.objects.get().code == ""


def test_pauses_grow_up_to_a_limit_and_last_for_about_a_day():
    pace = PACES[FailureKind.OUTSIDE]
    pauses = [pace.pause_after(failures) for failures in range(1, pace.runs)]

    assert all(0.9 * 2**exponent <= pause <= 2**exponent for exponent, pause in enumerate(pauses[:9], 1))
    assert all(540 <= pause <= 600 for pause in pauses[9:])
    assert 20 * 3600 < sum(pauses) < 26 * 3600
    assert pace.pause_after(pace.runs) is None


def test_a_failed_job_waits_for_its_pause(bell, ring):
    ring().defer(bell_id=7)
    bell.failures = [ValueError()]

    run_worker(queue="test")
    run_worker(queue="test")

    assert bell.strokes == 1


class TestCoalescing:
    def test_one_waiting_job_is_enough(self, bell, ring):
        task = ring(queueing_lock="bell")

        with transaction.atomic():
            assert enqueue_once(task, bell_id=1)
            assert not enqueue_once(task, bell_id=2)
            assert ProcrastinateJob.objects.count() == 1

    def test_a_retry_does_not_collide_with_a_job_enqueued_meanwhile(self, bell, ring):
        task = ring(queueing_lock="bell")
        task.defer(bell_id=1)
        bell.failures = [ValueError()]
        run_worker(queue="test")

        assert enqueue_once(task, bell_id=2), "the retry does not stand in the way of the next one"
        runs_until_rest()

        assert bell.strokes == 3
        assert not ProcrastinateJob.objects.exists()
        assert not JobFailure.objects.exists()

    def test_a_job_that_fails_while_another_waits_is_left_to_that_one(self, bell, ring):
        task = ring(queueing_lock="bell")
        task.defer(bell_id=1)

        class EnqueuesAnother(ValueError):
            """Fails after the next one has been enqueued."""

        def fail() -> None:
            bell.strokes += 1
            if bell.strokes == 1:
                task.defer(bell_id=2)
                raise EnqueuesAnother

        bell.ring = fail
        runs_until_rest()

        assert bell.strokes == 2
        assert not ProcrastinateJob.objects.exists()
        assert not JobFailure.objects.exists()

    def test_success_closes_those_that_rest(self, bell, ring):
        task = ring(queueing_lock="bell")
        task.defer(bell_id=1)
        bell.failures = [ValueError()] * 5
        runs_until_rest()
        assert JobFailure.objects.filter(given_up_at__isnull=False).count() == 1

        task.defer(bell_id=2)
        run_worker(queue="test")

        assert not JobFailure.objects.exists()
        assert not ProcrastinateJob.objects.filter(status="failed").exists()


def test_what_a_job_enqueues_leaves_only_if_its_transaction_commits(bell, ring):
    task = ring()

    def enqueue_and_fail() -> None:
        bell.strokes += 1
        if bell.strokes > 1:
            return
        with transaction.atomic():
            task.defer(bell_id=2)
            raise ValueError

    bell.ring = enqueue_and_fail
    task.defer(bell_id=1)

    run_worker(queue="test")

    assert [job.args for job in ProcrastinateJob.objects.all()] == [{"bell_id": 1}]
