"""Workers and PostgreSQL are killed at random: every job is done, none is lost, each effect comes once."""

import random
import time
from contextlib import suppress

import pytest
from django.db import transaction

from apps.kernel.infrastructure.event_bus import QueuedEventBus, subscriptions
from tests.counts import examples
from tests.faults.processes import World
from tests.faults.traces import TraceAsked, leave

JOBS = examples(120, 1_000)
KILLS = examples(4, 40)
SETTLED = 60  # seconds after the last fault


def test_workers_are_killed_at_random_and_postgresql_too(world: World) -> None:
    workers = [world.start_worker() for _ in range(3)]
    world.wait_until(lambda: world.workers_at_work() == 3, within=60)
    dice = random.Random(20261122)
    with world.orm():
        leave.batch_defer(*({"number": number, "seconds": 0.5} for number in range(JOBS)))

    for kill in range(KILLS):
        time.sleep(dice.uniform(0.2, 1.5))
        if kill == KILLS // 2:
            world.postgres.restart(after=dice.uniform(0, 2))
        else:
            dice.choice(workers).kill9()

    took = world.wait_until(lambda: world.unfinished_jobs("traces") == 0, within=SETTLED)
    print(f"{JOBS} jobs settled {took:.1f} s after the last of {KILLS} kills")
    assert world.value("SELECT count(*) FROM traces WHERE followed") == JOBS
    assert world.value("SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'") == 0
    assert world.rows("SELECT * FROM kernel_jobfailure WHERE task_name LIKE 'traces%%'") == []
    begun = world.value("SELECT count(*) FROM trace_runs WHERE step = 'begin'")
    print(f"{begun - JOBS} runs were cut off by a kill and repeated")
    assert begun > JOBS, "no kill has met a job at work"


@pytest.mark.heavy
def test_postgresql_is_killed_and_back_at_once_under_workers_at_work(world: World) -> None:
    for _ in range(2):
        world.start_worker()
    world.wait_until(lambda: world.workers_at_work() == 2, within=60)
    with world.orm():
        leave.batch_defer(*({"number": number, "seconds": 0.3} for number in range(60)))

    for _ in range(examples(2, 10)):
        time.sleep(1)
        world.postgres.restart()

    took = world.wait_until(lambda: world.unfinished_jobs("traces") == 0, within=SETTLED)
    print(f"settled {took:.1f} s after PostgreSQL came back")
    assert world.value("SELECT count(*) FROM traces WHERE followed") == 60


@pytest.mark.heavy
def test_postgresql_away_for_long_is_found_again(world: World) -> None:
    world.start_worker()
    world.wait_until(lambda: world.workers_at_work() == 1, within=60)

    world.postgres.kill9()
    time.sleep(examples(8, 90))
    world.postgres.start()
    with world.orm():
        leave.defer(number=1)

    world.wait_until(lambda: world.unfinished_jobs("traces") == 0, within=20)


def test_a_worker_that_is_told_to_stop_finishes_its_job_first(world: World) -> None:
    worker = world.start_worker(supervised=False)
    world.wait_until(lambda: world.workers_at_work() == 1, within=60)
    with world.orm():
        leave.defer(number=1, seconds=3)
    world.wait_until(lambda: bool(world.rows("SELECT number FROM trace_runs")), within=20)

    assert worker.stop(within=60) == 0

    assert world.rows("SELECT number, followed FROM traces") == [(1, False)]
    assert world.value("SELECT count(*) FROM procrastinate_workers") == 0


def test_events_share_the_fate_of_their_transaction_though_no_worker_runs(world: World) -> None:
    bus = QueuedEventBus(subscriptions)
    with world.orm():
        with suppress(ZeroDivisionError), transaction.atomic():
            bus.publish([TraceAsked.of(number=1)])
            raise ZeroDivisionError
        with transaction.atomic():
            bus.publish([TraceAsked.of(number=2)])

    world.start_worker()

    world.wait_until(lambda: bool(world.rows("SELECT number FROM traces")), within=60)
    world.wait_until(lambda: world.unfinished_jobs() == 0, within=20)
    assert world.rows("SELECT number, followed FROM traces") == [(2, True)]
