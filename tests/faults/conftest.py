"""Worlds of processes for the tests of faults: see :mod:`tests.faults.processes`."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import DjangoDbBlocker

from tests.faults.practice import Practice
from tests.faults.processes import Postgres, World
from tests.sandbox_process import Sandbox

_number = itertools.count(1)


@pytest.fixture(scope="session")
def killable_postgres() -> Iterator[Postgres]:
    """A server that may be killed, with the template of all worlds."""
    server = Postgres()
    try:
        server.make_template()
        yield server
    finally:
        server.destroy()


@pytest.fixture
def world(killable_postgres: Postgres, tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """An empty, migrated database, and the processes that the test starts over it."""
    killable_postgres.start()  # the test before may have left it dead
    database = f"world_{next(_number)}"
    killable_postgres.copy_template(database)
    world = World(killable_postgres, database, tmp_path, django_db_blocker)
    try:
        yield world
    finally:
        world.end()


@pytest.fixture(scope="session")
def shared_practice(
    killable_postgres: Postgres, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker
) -> Iterator[Practice]:
    """One practice for all tests that kill nothing, with a sandbox that remembers as long as its database."""
    database = f"world_{next(_number)}"
    killable_postgres.copy_template(database)
    world = World(killable_postgres, database, tmp_path_factory.mktemp("practice"), django_db_blocker)
    sandbox = Sandbox().start()
    try:
        yield Practice(world, sandbox).open()
    finally:
        sandbox.stop()
        world.end()


@pytest.fixture
def practice(shared_practice: Practice) -> Iterator[Practice]:
    """The shared practice, in good order before and after."""
    shared_practice.world.postgres.start()
    yield shared_practice
    shared_practice.heal()
