"""Web, worker and PostgreSQL are killed (-9) at every step between a booking and its letters.

Each kill strikes one client's story at one named step: the client goes on calling as a real one would, the
provider sends its notification again, the watcher starts the worker again. In the end everybody has paid
once, is confirmed once and has each letter once. A letter whose handing over was cut off within the moment in
which the mail server may or may not have it rests as unknown: visible, and never sent again by itself.
"""

import os
import random
import signal
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import batched, product
from pathlib import Path

import pytest
import requests

from tests.counts import examples
from tests.faults.invariants import (
    assert_no_job_is_left,
    assert_nothing_lost_or_doubled,
    assert_paid_and_confirmed_once,
    assert_told_once,
    undelivered,
)
from tests.faults.practice import Client, Practice, unfinished
from tests.faults.processes import World
from tests.faults.stops import DIRECTORY, STEPS, WEB_STEPS, Stops
from tests.sandbox_process import Sandbox

SETTLED = 60  # seconds after the last process is back
KILLS = examples(bounded=4, full=100)
ROUND = 10
"""So many kills, then everything has to come to rest."""
WORKERS = 2
LETTERS = ("booking_confirmed", "how_to_prepare", "payment_received")
PROCESS, POSTGRES, ALL = "the process itself", "PostgreSQL", "everything"

BOUNDED = [
    ("letter marked, server not told to take it", PROCESS),
    ("money credited, not committed", PROCESS),
    ("letters planned, not committed", ALL),
    ("letters taken up, none sent", POSTGRES),
    ("booking written, not committed", POSTGRES),
    ("wish to pay stored, provider not called", PROCESS),
    ("provider has answered, payment not written", POSTGRES),
    ("notification committed, not answered", PROCESS),
]


def _kills() -> list[tuple[str, str]]:
    """Every step with every victim, as often as the count allows."""
    if len(BOUNDED) >= KILLS:
        return BOUNDED[:KILLS]
    every = list(product(STEPS, (PROCESS, POSTGRES, ALL)))
    dice = random.Random(20261122)
    plan = every + dice.choices(every, k=max(0, KILLS - len(every)))
    dice.shuffle(plan)
    return plan[:KILLS]


@dataclass
class Doom:
    """Kills what a story has come upon, and lets it come back."""

    practice: Practice
    stops: Stops
    pool: ThreadPoolExecutor
    dice: random.Random = field(default_factory=lambda: random.Random(3))
    stories: list[Future[None]] = field(default_factory=list)

    def strike(self, client: Client, step: str, victim: str) -> None:
        world = self.practice.world
        self.stops.arm(step)
        self.stories.append(self.pool.submit(live, client, follows_back=self.dice.random() < 0.5))
        world.wait_until(lambda: self.stops.caught() is not None, within=90, every=0.02)
        caught = self.stops.caught()
        assert caught is not None
        if victim in (POSTGRES, ALL):
            world.postgres.kill9()
        if victim == ALL:
            for worker in self.practice.workers:
                worker.kill9()
        if victim == ALL or (victim == PROCESS and step in WEB_STEPS):
            self.practice.web.kill9()
        elif victim == PROCESS:
            with suppress(ProcessLookupError):
                os.kill(caught, signal.SIGKILL)
        self.stops.release()
        if victim in (POSTGRES, ALL):
            world.postgres.start()
        if not self.practice.web.alive:
            self.practice.web.start()

    def recovered(self) -> bool:
        """Whether all that was killed is back at work."""
        return self.practice.web.answers() and self.practice.world.workers_at_work() >= WORKERS

    def settled(self) -> bool:
        world = self.practice.world
        return (
            all(story.done() for story in self.stories) and not unfinished(world) and not undelivered(world)
        )


def live(client: Client, *, follows_back: bool) -> None:
    """A client books, is led to the payment page, pays there, and perhaps comes back to the site."""
    client.book()
    client.pay()
    back = next(
        each["confirmation"]["return_url"]
        for each in client.practice.sandbox.payments()
        if each["id"] == client.provider_id
    )
    client.practice.sandbox.pay(client.provider_id)
    if follows_back:
        with suppress(requests.RequestException):
            requests.get(back, timeout=10)


@pytest.fixture
def doom(world: World, tmp_path: Path) -> Iterator[Doom]:
    stops = Stops(tmp_path / "stops")
    stops.directory.mkdir()
    world.environment.update(
        {DIRECTORY: str(stops.directory), "DJANGO_SETTINGS_MODULE": "tests.faults.stoppable"}
    )
    sandbox = Sandbox().start()
    pool = ThreadPoolExecutor(32)
    try:
        yield Doom(Practice(world, sandbox).open(workers=WORKERS), stops, pool)
    finally:
        stops.release()
        sandbox.stop()
        pool.shutdown(wait=False, cancel_futures=True)


def test_every_story_ends_well_whoever_is_killed_at_whatever_step(doom: Doom) -> None:
    world = doom.practice.world
    slowest = unknown = 0.0
    for struck in batched(_kills(), ROUND, strict=False):
        clients = [doom.practice.client() for _ in struck]
        for client, (step, victim) in zip(clients, struck, strict=True):
            doom.strike(client, step, victim)
        back = world.wait_until(doom.recovered, within=90)
        took = world.wait_until(doom.settled, within=SETTLED)
        slowest = max(slowest, took)
        print(f"{len(struck)} kills: back after {back:.1f} s, settled {took:.1f} s later")
        for story in doom.stories:
            story.result()
        for client in clients:
            assert_paid_and_confirmed_once(client)
            unknown += assert_told_once(client, LETTERS)
        assert_nothing_lost_or_doubled(doom.practice)
        assert_no_job_is_left(world)
    print(f"{KILLS} kills, slowest to settle {slowest:.1f} s, {unknown:.0f} letters of unknown outcome")
    assert unknown <= KILLS
