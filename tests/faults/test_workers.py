"""Workers and PostgreSQL are killed at random: every job is done, none is lost, each effect comes once."""

import random
import time

from tests.counts import examples
from tests.faults.processes import World
from tests.faults.traces import leave

JOBS = examples(120, 1_000)
KILLS = examples(4, 40)
SETTLED = 60  # seconds after the last fault


def test_workers_are_killed_at_random_and_postgresql_too(world: World) -> None:
    workers = [world.start_worker() for _ in range(3)]
    world.wait_until(lambda: world.workers_at_work() == 3, within=60)
    dice = random.Random(20261122)
    with world.orm():
        leave.batch_defer(*({"number": number, "seconds": 0.1} for number in range(JOBS)))

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
    again = world.value(
        "SELECT count(*) FROM (SELECT FROM trace_runs GROUP BY number, step HAVING count(*) > 1) x"
    )
    print(f"{again} of {2 * JOBS} runs were repeated")
