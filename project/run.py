"""``make run``: everything that a development machine needs, started in order and stopped together."""

import fcntl
import hashlib
import io
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Any

import psycopg
from psycopg import sql

from project import embedded_postgres
from project.addresses import reachable

ROOT = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.environ.get("DATA_DIR") or embedded_postgres.DEFAULT_DATA_DIR).resolve()
CATALOGUES = ("apps/*/locale/**/*.po", "project/locale/**/*.po", "locale/**/*.po")
READY_TIMEOUT = 60  # seconds
STOP_TIMEOUT = 20


class CannotRun(Exception):
    """The text says why and what to do."""


class _Stopped(Exception):
    """A signal asks to stop."""


@contextmanager
def step(title: str) -> Iterator[None]:
    """Say what is being done, with a dot for every second, and how long it took."""
    print(f"→ {title} ", end="", flush=True)
    began = time.monotonic()
    done = threading.Event()
    dots = threading.Thread(target=_print_dots, args=(done,), daemon=True)
    dots.start()
    outcome = "failed"
    try:
        yield
        outcome = f"{time.monotonic() - began:.1f} s"
    finally:
        done.set()
        dots.join()
        print(f" {outcome}", flush=True)


def _print_dots(done: threading.Event) -> None:
    while not done.wait(1):
        print(".", end="", flush=True)


def main() -> int:
    host = os.environ.get("HOST") or "127.0.0.1"
    os.environ["DJANGO_SETTINGS_MODULE"] = "project.settings.development"
    signal.signal(signal.SIGTERM, _raise_stopped)
    signal.signal(signal.SIGHUP, _raise_stopped)
    signal.signal(signal.SIGINT, _raise_stopped)
    try:
        ports = _ports(host)
        with _only_one(), _database():
            _prepare()
            return _serve(host, ports)
    except _Stopped:
        print("Stopped.", flush=True)
        return 0
    except (CannotRun, embedded_postgres.EmbeddedPostgresError) as error:
        print(f"\n{error}", file=sys.stderr)
        return 1


def _raise_stopped(_number: int, _frame: FrameType | None) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second Ctrl-C does not break the clean stop
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise _Stopped


@contextmanager
def _only_one() -> Iterator[None]:
    DATA_DIR.mkdir(parents=True, exist_ok=True)
    with (DATA_DIR / ".run.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotRun(
                f"It already runs with the data of {DATA_DIR}. Stop it, or choose another DATA_DIR."
            ) from None
        yield


@contextmanager
def _database() -> Iterator[None]:
    if os.environ.get("DATABASE_URL"):
        yield
        return
    with step("Starting PostgreSQL"):
        embedded_postgres.ensure_running(DATA_DIR)
    try:
        yield
    finally:
        with step("Stopping PostgreSQL"):
            embedded_postgres.stop(DATA_DIR)


def _ports(host: str) -> dict[str, int]:
    """The ports of web, sandbox and its mail server by the variables that choose them, checked to be free."""
    _check_port(host, "PORT", web := os.environ.get("PORT") or "8000")
    ports = {"PORT": int(web)}
    for variable, distance in (("SANDBOX_PORT", 10), ("SANDBOX_SMTP_PORT", 25)):
        port = os.environ.get(variable) or str(int(web) + distance)
        _check_port(host, variable, port)
        ports[variable] = int(port)
    return ports


def _check_port(host: str, variable: str, port: str) -> None:
    if not port.isdecimal() or not 0 < int(port) < 65536:
        raise CannotRun(f"{variable} is {port!r}, which is no port. Set it to a number up to 65535.")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, int(port)))
        except OSError as error:
            raise CannotRun(
                f"Port {port} of {host} cannot be used ({error.strerror}). "
                f"Choose another: make run {variable}={int(port) + 1}"
            ) from error


def _prepare() -> None:
    """Bring database and translations up to date, unless this database was left so by these very files.

    That is remembered in the database itself, as its comment, so it is forgotten together with the data.
    """
    url = os.environ.get("DATABASE_URL") or embedded_postgres.url(DATA_DIR)
    fingerprint = f"prepared by {_fingerprint()}"
    with psycopg.connect(url, connect_timeout=10, autocommit=True) as connection:
        question = (
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()"
        )
        row = connection.execute(question).fetchone()
        if row and row[0] == fingerprint and not _uncompiled():
            return
        _bring_up_to_date()
        with suppress(psycopg.errors.InsufficientPrivilege):  # not ours: looked over again next time
            name = sql.Identifier(connection.info.dbname)
            connection.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(name, fingerprint))


def _bring_up_to_date() -> None:
    with step("Loading the application"):
        import django
        from django.core.management import call_command
        from django.db import connections

        django.setup()
    with step("Compiling translations"):
        call_command("compile_translations", verbosity=0)
    with step("Migrating the database"):
        call_command("migrate", interactive=False, verbosity=0)
    with step("Loading the demo practice"):
        call_command("load_demo", once=True, verbosity=0, stdout=io.StringIO())
        connections.close_all()


def _fingerprint() -> str:
    """A digest of all that the preparation depends on."""
    digest = hashlib.sha256()
    for pattern in ("requirements-dev.txt", "apps/*/migrations/*.py", *CATALOGUES):
        for path in sorted(ROOT.glob(pattern)):
            digest.update(path.name.encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _uncompiled() -> bool:
    catalogues = (path for pattern in CATALOGUES for path in ROOT.glob(pattern))
    return any(not path.with_suffix(".mo").exists() for path in catalogues)


def _demo() -> dict[str, Any]:
    demo: dict[str, Any] = json.loads((ROOT / "fixtures" / "demo" / "practice.json").read_text("utf-8"))
    return demo


def _demo_accounts() -> list[str]:
    demo = _demo()
    return [f"{person['email']:<28}{demo['password']:<22}{person['role']}" for person in demo["staff"]]


def _serve(host: str, ports: dict[str, int]) -> int:
    environment = {
        **os.environ,
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]),
        "HOST": host,
        **{variable: str(port) for variable, port in ports.items()},
        # honcho gives each process a PORT of its own: what depends on the web server's is told apart.
        "WEB_PORT": str(ports["PORT"]),
        "PUBLIC_URL": os.environ.get("PUBLIC_URL") or f"http://{reachable(host)}:{ports['PORT']}",
        "SANDBOX_AUTHENTICATOR": ",".join(
            f"{person['email']}={person['totp_secret']}" for person in _demo()["staff"]
        ),
        "PYTHONUNBUFFERED": "1",
    }
    honcho = shutil.which("honcho", path=environment["PATH"])
    if honcho is None:
        raise CannotRun("honcho is not installed: run `make run`, which installs what is needed.")
    command = [honcho, "start", "--env", os.devnull, "--port", str(ports["PORT"]), "--no-prefix"]
    runner = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)  # noqa: S603
    threading.Thread(target=_announce, args=(host, ports, runner), daemon=True).start()
    try:
        code = runner.wait()
    except _Stopped:
        print("\n→ Stopping web, worker and sandbox …", flush=True)
        runner.terminate()
        try:
            runner.wait(STOP_TIMEOUT)
        except subprocess.TimeoutExpired:
            runner.kill()
        raise
    print(f"Web, worker or sandbox ended by itself with {code}; the lines above say why.", file=sys.stderr)
    return code or 1


def _announce(host: str, ports: dict[str, int], runner: "subprocess.Popen[bytes]") -> None:
    base = f"http://{reachable(host)}:{ports['PORT']}"
    deadline = time.monotonic() + READY_TIMEOUT
    while runner.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{base}/health/ready", timeout=5):  # noqa: S310 - our own address
                break
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    else:
        if runner.poll() is None:
            print(f"Not ready after {READY_TIMEOUT} s: see {base}/health/ready", file=sys.stderr, flush=True)
        return
    print(
        "\n".join(
            [
                "",
                f"  Workspace   {base}/admin/",
                f"  API         {base}/api/docs/",
                f"  Health      {base}/health/ready",
                f"  Sandbox     http://{reachable(host)}:{ports['SANDBOX_PORT']}/  (mailbox and payments)",
                "",
                "  Demo accounts of the workspace (address, password, role):",
                *(f"    {account}" for account in _demo_accounts()),
                "  Their second factor: the sandbox shows the codes, under «Аутентификатор».",
                "",
                "  Ctrl-C stops everything.",
                "",
            ]
        ),
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
