"""PostgreSQL goes away for a while: web processes answer 503 meanwhile, and are back as soon as it is."""

import time

import pytest

from tests.counts import examples
from tests.faults.processes import World

OUTAGE = examples(bounded=5, full=40)  # seconds
BACK = 8  # seconds within which requests are answered again


@pytest.mark.parametrize("settings", ["tests.faults.settings", "tests.faults.pooled"])
def test_a_web_process_finds_postgresql_again_within_seconds(world: World, settings: str) -> None:
    world.environment["DJANGO_SETTINGS_MODULE"] = settings
    web = world.start_web()
    assert web.answers("/health/ready")
    world.postgres.kill9()
    until = time.monotonic() + OUTAGE
    while time.monotonic() < until:
        assert not web.answers("/health/ready")
        assert web.answers("/health/live")
        time.sleep(0.5)
    world.postgres.start()
    took = world.wait_until(lambda: web.answers("/health/ready"), within=BACK)
    print(f"{settings}: answered again {took:.1f} s after an outage of {OUTAGE} s")
