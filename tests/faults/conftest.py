"""Worlds of processes for the tests of faults: see :mod:`tests.faults.processes`."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import DjangoDbBlocker

from tests.faults.processes import Postgres, World

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
