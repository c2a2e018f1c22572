"""The whole system in processes that can be killed: PostgreSQL, workers, web servers, each with ``kill -9``.

A :class:`World` is one database of its own on a PostgreSQL of its own, migrated from the code, and any number
of workers and web servers over it. Use the fixture ``world`` (see ``conftest.py``: the server is made once
for each test process, a database is copied for each test)::

    def test_payment_survives(world):
        web, worker = world.start_web(), world.start_worker()
        with world.orm():                      # Django in the test's own process, over the world's database
            ...
        worker.kill9()                         # its supervisor starts another one
        world.postgres.kill9()
        world.postgres.start()
        world.wait_until(lambda: world.value("SELECT count(*) FROM …") == 1, within=60)

What the processes say is in ``world.output()``, and is shown when :meth:`World.wait_until` gives up.
Environment variables for all processes (``YOOKASSA_API_URL``, ``EMAIL_URL`` …) go into ``world.environment``
before they are started. Their settings are ``tests.faults.settings``.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
from django.db import connections
from environ import Env
from pytest_django import DjangoDbBlocker

from project import embedded_postgres
from tests.faults.traces import TABLES

ROOT = Path(__file__).resolve().parent.parent.parent
START_SECONDS = 120
TEMPLATE = "migrated"
SETTINGS = "tests.faults.settings"


class Postgres:
    """A PostgreSQL server of its own, durable as in production, in a temporary directory."""

    def __init__(self) -> None:
        self._home = Path(tempfile.mkdtemp(prefix="eb-faults-")).resolve()
        self._home.chmod(0o755)  # root's server runs as another account

    def start(self) -> None:
        """Start the server, after its recovery if it was killed; return when it answers."""
        embedded_postgres.ensure_running(self._home)

    def kill9(self) -> None:
        """Kill the server and all its sessions at once, as a loss of power would."""
        pid = self._postmaster()
        children = children_of(pid)
        for each in (pid, *children):
            with suppress(ProcessLookupError):
                os.kill(each, signal.SIGKILL)
        wait_until(lambda: not any(exists(each) for each in children), within=20)

    def restart(self, *, after: float = 0) -> None:
        """Kill the server; start it again after so many seconds."""
        self.kill9()
        time.sleep(after)
        self.start()

    def url(self, database: str) -> str:
        server, _, socket_dir = embedded_postgres.url(self._home).rpartition("?")
        return f"{server.rpartition('/')[0]}/{database}?{socket_dir}"

    def destroy(self) -> None:
        embedded_postgres.destroy(self._home)
        shutil.rmtree(self._home, ignore_errors=True)

    def make_template(self) -> None:
        """Make the database that those of the worlds are copied from: migrated, and otherwise empty."""
        self.start()
        self._administrate(f"CREATE DATABASE {TEMPLATE}")
        subprocess.run(
            [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
            cwd=ROOT,
            env=environment_for(self.url(TEMPLATE)),
            check=True,
        )
        with psycopg.connect(self.url(TEMPLATE), autocommit=True) as connection:
            connection.execute(TABLES)

    def copy_template(self, database: str) -> None:
        self._administrate(f"CREATE DATABASE {database} TEMPLATE {TEMPLATE} STRATEGY file_copy")

    def drop(self, database: str) -> None:
        self._administrate(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")

    def _administrate(self, statement: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[arg-type] - names of our own

    def _postmaster(self) -> int:
        with psycopg.connect(self.url("postgres")) as connection:
            ((directory,),) = connection.execute("SHOW data_directory").fetchall()
        return int((Path(directory) / "postmaster.pid").read_text().split()[0])


class Program:
    """One process with its own log. ``supervised``: a watcher starts it again whenever it ends."""

    def __init__(
        self, command: list[str], *, environment: dict[str, str], log: Path, supervised: bool = False
    ) -> None:
        watcher = [sys.executable, "-m", "project.supervise"] if supervised else []
        self._command = [*watcher, *command]
        self._supervised = supervised
        self._environment = environment
        self._log = log
        self.start()

    def start(self) -> None:
        with self._log.open("a") as log:
            self._process = subprocess.Popen(
                self._command,
                cwd=ROOT,
                env=self._environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def pid(self) -> int | None:
        """The program's own process, not its watcher's; None between two of them."""
        if not self._supervised:
            return self._process.pid if self.alive else None
        return next(iter(children_of(self._process.pid)), None)

    def kill9(self) -> None:
        """Kill the program with its children; a supervised one is started again by its watcher."""
        victim = self.pid()
        if victim is None:
            return
        for each in (victim, *children_of(victim)):
            with suppress(ProcessLookupError):
                os.kill(each, signal.SIGKILL)
        if not self._supervised:
            self._process.wait(20)

    def restart(self, *, after: float = 0) -> None:
        """Kill the program and start it again after so many seconds (for one that is not supervised)."""
        self.kill9()
        time.sleep(after)
        self.start()

    def stop(self, *, within: float = 20) -> int:
        """Ask the program to end, and return its code; it is killed when it takes longer."""
        self._process.terminate()
        try:
            return self._process.wait(within)
        except subprocess.TimeoutExpired:
            self.end()
            return self._process.returncode

    def end(self) -> None:
        """End the program and everything it has started, whatever state it is in."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(20)

    def output(self) -> str:
        return self._log.read_text(errors="replace") if self._log.exists() else ""


class Web(Program):
    """A web server; ``url`` is its address."""

    def __init__(self, *, threads: int, environment: dict[str, str], log: Path) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        super().__init__(
            [
                *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"),
                *("--port", str(self.port), "--workers", "1", "--blocking-threads", str(threads), "--no-ws"),
                *("--log-level", "error", "project.wsgi:application"),
            ],
            environment=environment,
            log=log,
        )

    def answers(self, path: str = "/health/live") -> bool:
        """Whether the path is answered with success."""
        try:
            with urllib.request.urlopen(f"{self.url}{path}", timeout=10) as response:
                return bool(response.status == 200)
        except (urllib.error.URLError, OSError):
            return False


class World:
    """A database of its own, and the processes over it."""

    def __init__(self, postgres: Postgres, database: str, logs: Path, blocker: DjangoDbBlocker) -> None:
        self.postgres = postgres
        self.database = database
        self._blocker = blocker
        self.environment: dict[str, str] = {}
        self.programs: list[Program] = []
        self._logs = logs

    @property
    def url(self) -> str:
        return self.postgres.url(self.database)

    def start_worker(self, *, supervised: bool = True, concurrency: int = 4) -> Program:
        """Start a worker of all queues; it is at work when :meth:`workers_at_work` counts it."""
        program = Program(
            [sys.executable, "manage.py", "procrastinate", "worker"],
            environment={**self._environment(), "WORKER_CONCURRENCY": str(concurrency)},
            log=self._logs / f"worker-{len(self.programs)}.log",
            supervised=supervised,
        )
        self.programs.append(program)
        return program

    def start_web(self, *, threads: int = 4) -> Web:
        """Start a web server and wait until it answers."""
        web = Web(
            threads=threads,
            environment=self._environment(),
            log=self._logs / f"web-{len(self.programs)}.log",
        )
        self.programs.append(web)
        self.wait_until(web.answers, within=START_SECONDS)
        return web

    def start_program(self, *command: str, supervised: bool = False) -> Program:
        """Start any other program, such as the sandbox, in the world's environment."""
        program = Program(
            list(command),
            environment=self._environment(),
            log=self._logs / f"program-{len(self.programs)}.log",
            supervised=supervised,
        )
        self.programs.append(program)
        return program

    def manage(self, *arguments: str) -> str:
        """Run a command of manage.py to its end, and return what it prints."""
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(
            command, cwd=ROOT, env=self._environment(), check=True, capture_output=True, text=True
        ).stdout

    def rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """The rows of a statement, over a connection of its own; an empty list when it gives none."""
        with psycopg.connect(self.url, autocommit=True, connect_timeout=5) as connection:
            cursor = connection.execute(statement, values)  # type: ignore[arg-type] - the test's own text
            return cursor.fetchall() if cursor.description else []

    def value(self, statement: str, *values: Any) -> Any:
        """The first column of the first row of a statement."""
        return self.rows(statement, *values)[0][0]

    def workers_at_work(self) -> int:
        """How many workers have given a sign of life within the last 10 seconds."""
        return int(
            self.value(
                "SELECT count(*) FROM procrastinate_workers "
                "WHERE last_heartbeat > now() - interval '10 seconds'"
            )
        )

    def unfinished_jobs(self, queue: str | None = None) -> int:
        """How many jobs wait or run, of one queue or of all but the regular upkeep."""
        return int(
            self.value(
                "SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing') "
                "AND CASE WHEN %s::text IS NULL THEN queue_name <> 'upkeep' ELSE queue_name = %s END",
                queue,
                queue,
            )
        )

    def wait_until(self, condition: Callable[[], bool], *, within: float, every: float = 0.2) -> float:
        """Wait until the condition holds, and return how many seconds it took.

        A database that does not answer counts as "not yet". Raises AssertionError with the end of every log.
        """
        began = time.monotonic()
        while time.monotonic() - began < within:
            with suppress(psycopg.OperationalError):
                if condition():
                    return time.monotonic() - began
            time.sleep(every)
        raise AssertionError(f"not within {within} s\n{self.output()}")

    @contextmanager
    def orm(self) -> Iterator[None]:
        """Django's models in this process work on the world's database inside the block.

        For tests that do not use the usual test database (no ``django_db``)."""
        usual = connections["default"]
        ours = usual.copy()
        ours.settings_dict = {**usual.settings_dict, **Env.db_url_config(self.url)}
        with self._blocker.unblock():
            connections["default"] = ours
            try:
                yield
            finally:
                ours.close()
                connections["default"] = usual

    def output(self) -> str:
        """The last lines that each process has said."""
        return "\n".join(
            f"--- {path.name}\n{path.read_text(errors='replace')[-3000:]}"
            for path in sorted(self._logs.glob("*.log"))
        )

    def end(self) -> None:
        """End all processes and drop the database."""
        for program in self.programs:
            program.end()
        self.postgres.start()
        self.postgres.drop(self.database)

    def _environment(self) -> dict[str, str]:
        return {**environment_for(self.url), **self.environment}


def environment_for(url: str) -> dict[str, str]:
    """The environment of a process over the database at ``url``."""
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith(("COV_", "PYTEST_"))},
        "DJANGO_SETTINGS_MODULE": SETTINGS,
        "DATABASE_URL": url,
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
    }


def wait_until(condition: Callable[[], bool], *, within: float, every: float = 0.05) -> None:
    """Wait until the condition holds. Raises AssertionError."""
    deadline = time.monotonic() + within
    while not condition():
        assert time.monotonic() < deadline, f"not within {within} s"
        time.sleep(every)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def children_of(pid: int) -> list[int]:
    """The children of a process, and theirs, living ones only."""
    listing = subprocess.run(
        ["ps", "-eo", "pid=,ppid=,state="], check=True, capture_output=True, text=True
    ).stdout
    parents = {}
    for line in listing.splitlines():
        child, parent, state = line.split()
        if not state.startswith("Z"):
            parents[int(child)] = int(parent)
    found, generation = [], [pid]
    while generation:
        generation = [child for child, parent in parents.items() if parent in generation]
        found += generation
    return found


def exists(pid: int) -> bool:
    """Whether the process is there and no zombie."""
    state = subprocess.run(
        ["ps", "-o", "state=", "-p", str(pid)], check=False, capture_output=True, text=True
    )
    return bool(state.stdout.strip()) and not state.stdout.strip().startswith("Z")
