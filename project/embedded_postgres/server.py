"""The server of a cluster: made, started, asked, stopped."""

import fcntl
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from project.embedded_postgres.place import (
    DATABASE,
    ROLE,
    SHARED_ROOT,
    Cluster,
    EmbeddedPostgresError,
    binaries_of,
    private_directory,
    public_directory,
)

START_TIMEOUT = 300  # seconds; recovery after a crash may take long
LOCK_RETRY = 20  # seconds to wait for the lock file of a killed server to go away

_DURABLE = {"max_wal_size": "1GB"}
_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_wal_size": "4GB"}


def url(data_dir: Path, *, testing: bool = False) -> str:
    """The connection URL of the cluster under ``data_dir``, whether or not it runs."""
    return Cluster.of(data_dir, testing=testing).url


def is_running(data_dir: Path, *, testing: bool = False) -> bool:
    return _answers(Cluster.of(data_dir, testing=testing))


def ensure_running(data_dir: Path, *, testing: bool = False) -> bool:
    """Make sure that the cluster runs and has its database; return whether it had to be started.

    Raises EmbeddedPostgresError.
    """
    cluster = Cluster.of(data_dir, testing=testing)
    with _locked(cluster):
        if _answers(cluster):
            started = False
        else:
            binaries = binaries_of(cluster)
            _prepare(cluster, binaries)
            _start(cluster, binaries)
            started = True
        _create_database(cluster)
    return started


def stop(data_dir: Path, *, testing: bool = False) -> bool:
    """Stop the cluster, ending its sessions; return whether it was running. Raises EmbeddedPostgresError."""
    cluster = Cluster.of(data_dir, testing=testing)
    if not (cluster.data / "postmaster.pid").exists():
        return False
    with _locked(cluster):
        if _remove_stale_lock(cluster):
            return False
        result = _run(
            cluster,
            [binaries_of(cluster) / "pg_ctl", "stop", "-D", cluster.data, "-m", "fast", "-w", "-t", "60"],
        )
        if result.returncode and (cluster.data / "postmaster.pid").exists():
            raise EmbeddedPostgresError(f"PostgreSQL did not stop: {result.stdout.strip()}")
    return True


def destroy(data_dir: Path, *, testing: bool = False) -> None:
    """Stop the cluster and delete its data, wherever they are."""
    cluster = Cluster.of(data_dir, testing=testing)
    stop(data_dir, testing=testing)
    shutil.rmtree(cluster.home, ignore_errors=True)
    if cluster.socket_dir.parent != cluster.home:
        shutil.rmtree(cluster.socket_dir, ignore_errors=True)


def _prepare(cluster: Cluster, binaries: Path) -> None:
    group = cluster.account.pw_gid if cluster.account else os.getegid()
    if cluster.home.parent != cluster.data_dir:
        public_directory(SHARED_ROOT)
        public_directory(cluster.home.parent)
    private_directory(cluster.home, cluster.owner, group)
    private_directory(cluster.socket_dir, cluster.owner, group)
    if not cluster.data.exists():
        _initialise(cluster, binaries)
    _check_version(cluster, binaries)
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": str(cluster.socket_dir),
        "unix_socket_permissions": "0700",
        "max_connections": "300",
        "shared_buffers": "128MB",
        "log_min_messages": "warning",
        **(_FAST if cluster.testing else _DURABLE),
    }
    if sys.platform == "linux":
        settings["recovery_init_sync_method"] = "syncfs"
    lines = [f"{name} = '{value.replace("'", "''")}'\n" for name, value in settings.items()]
    (cluster.data / "embedded.conf").write_text("".join(lines))
    (cluster.data / "embedded.conf").chmod(0o644)


def _initialise(cluster: Cluster, binaries: Path) -> None:
    """Make the cluster beside its place and move it there: a broken attempt leaves nothing half-made."""
    draft = cluster.home / "data.new"
    shutil.rmtree(draft, ignore_errors=True)
    result = _run(
        cluster,
        [
            binaries / "initdb",
            *("-D", draft, "-U", ROLE, "--auth=trust", "--no-sync"),
            *("--encoding=UTF8", "--locale-provider=builtin", "--locale=C", "--builtin-locale=C.UTF-8"),
            "--text-search-config=russian",
        ],
    )
    if result.returncode:
        raise EmbeddedPostgresError(f"PostgreSQL could not make its data directory:\n{result.stdout}")
    with (draft / "postgresql.conf").open("a") as file:
        file.write("\ninclude_if_exists 'embedded.conf'\n")
    draft.rename(cluster.data)


def _check_version(cluster: Cluster, binaries: Path) -> None:
    made_by = (cluster.data / "PG_VERSION").read_text().strip()
    version = _run(cluster, [binaries / "postgres", "--version"]).stdout.split()[-1].split(".")[0]
    if made_by != version:
        raise EmbeddedPostgresError(
            f"The data in {cluster.data} were made by PostgreSQL {made_by}, and this is {version}. "
            "Dump and restore them, or delete them with `make clean`."
        )


def _run(cluster: Cluster, command: list[str | Path]) -> subprocess.CompletedProcess[str]:
    """Run a program of PostgreSQL as the cluster's account; its output does not keep our pipes open."""
    account = cluster.account
    with (cluster.home / "command.log").open("w+") as output:
        result = subprocess.run(  # noqa: S603 - our own programs and arguments
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=cluster.home,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "HOME": str(cluster.home)},
            check=False,
            user=account.pw_uid if account else None,
            group=account.pw_gid if account else None,
            extra_groups=[] if account else None,
        )
        output.seek(0)
        return subprocess.CompletedProcess(result.args, result.returncode, stdout=output.read())


def _start(cluster: Cluster, binaries: Path) -> None:
    command: list[str | Path] = [
        *(binaries / "pg_ctl", "start", "-D", cluster.data, "-l", cluster.log),
        *("-w", "-t", str(START_TIMEOUT)),
    ]
    deadline = time.monotonic() + LOCK_RETRY
    while True:
        _remove_stale_lock(cluster)
        mark = cluster.log.stat().st_size if cluster.log.exists() else 0
        if _run(cluster, command).returncode == 0 and _answers(cluster):
            return
        with cluster.log.open("rb") as log:
            log.seek(mark)
            said = log.read().decode(errors="replace")
        if "lock file" not in said or time.monotonic() > deadline:
            raise EmbeddedPostgresError(f"PostgreSQL did not start ({cluster.log}):\n{said[-2000:]}")
        time.sleep(0.5)


def _remove_stale_lock(cluster: Cluster) -> bool:
    """Drop the lock file of a server that is dead for certain: a zombie, or a process that is no PostgreSQL.

    Only Linux tells; elsewhere PostgreSQL's own check decides.
    """
    lock = cluster.data / "postmaster.pid"
    if not lock.exists() or not Path("/proc/self/stat").exists():
        return False
    try:
        name, _, rest = Path(f"/proc/{lock.read_text().split()[0]}/stat").read_text().rpartition(")")
        alive = name.endswith("(postgres") and rest.split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        alive = False
    except IndexError:  # being written at this moment
        alive = True
    if not alive:
        lock.unlink(missing_ok=True)
    return not alive


def _answers(cluster: Cluster) -> bool:
    if not cluster.socket_dir.exists():
        return False
    try:
        with psycopg.connect(cluster.url_of("postgres"), connect_timeout=10):
            return True
    except psycopg.OperationalError:
        return False


def _create_database(cluster: Cluster) -> None:
    with psycopg.connect(cluster.url_of("postgres"), autocommit=True) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
        if not known:
            connection.execute(f'CREATE DATABASE "{DATABASE}"')


@contextmanager
def _locked(cluster: Cluster) -> Iterator[None]:
    """One process at a time starts or stops the cluster."""
    with (cluster.data_dir / f".{cluster.home.name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def running(data_dir: Path, *, testing: bool = False) -> Iterator[None]:
    """The cluster runs inside the block; afterwards it is as it was. Does nothing under ``DATABASE_URL``."""
    if os.environ.get("DATABASE_URL"):
        yield
        return
    started = ensure_running(data_dir, testing=testing)
    try:
        yield
    finally:
        if started:
            stop(data_dir, testing=testing)
