"""Making a backup: the dump of one snapshot, encrypted on its way to the disk."""

import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from project.backup.container import recipients_of, seal
from project.backup.errors import BackupError
from project.backup.manifest import Manifest, read_manifest
from project.backup.programs import Programs
from project.backup.server import Server

PREFIX = "emotional-balance-"
SUFFIX = ".age"
_MOMENT = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True, kw_only=True)
class Made:
    file: Path
    size: int  # bytes
    manifest: Manifest


def make_backup(
    *, server: Server, programs: Programs, recipients: Sequence[str], directory: Path, at: datetime
) -> Made:
    """Write a backup of ``server``'s database into ``directory``, under the name of the moment ``at``.

    The file appears under its name only when it is whole and on the disk. Raises BackupError; then there is
    no file at all.
    """
    keys = recipients_of(recipients)
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    target = directory / f"{PREFIX}{at.astimezone(UTC).strftime(_MOMENT)}{SUFFIX}"
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with server.connect(autocommit=False) as connection:
            manifest = _dump(connection, server, programs, keys, draft, at)
        draft.rename(target)
        _settle(directory)
    except psycopg.errors.UndefinedTable:
        raise BackupError("The database has no tables yet: there is nothing to back up.") from None
    except psycopg.Error as error:
        raise BackupError(f"The database does not answer as it should: {type(error).__name__}.") from None
    except OSError as error:
        raise BackupError(f"The backup could not be written to {directory}: {error.strerror}.") from None
    finally:
        draft.unlink(missing_ok=True)
    return Made(file=target, size=target.stat().st_size, manifest=manifest)


def made_at(file: Path) -> datetime | None:
    """When the backup of this name was made; None when the name is none of ours."""
    name = file.name
    if not (name.startswith(PREFIX) and name.endswith(SUFFIX)):
        return None
    try:
        moment = datetime.strptime(name[len(PREFIX) : -len(SUFFIX)] + "+0000", f"{_MOMENT}%z")
    except ValueError:
        return None
    return moment.astimezone(UTC)


def _dump(
    connection: psycopg.Connection[tuple[object, ...]],
    server: Server,
    programs: Programs,
    keys: Sequence[object],
    draft: Path,
    at: datetime,
) -> Manifest:
    newest, theirs = programs.version(), connection.info.server_version // 10_000
    if newest < theirs:
        raise BackupError(
            f"{programs.place / 'pg_dump'} is of version {newest}, the server of version {theirs}: install "
            "the client of that version or a newer one, and name its directory in POSTGRES_PROGRAMS."
        )
    connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
    [snapshot] = connection.execute("SELECT pg_export_snapshot()").fetchall()
    manifest = read_manifest(connection, at=at)
    arguments = ["--format=custom", "--no-unlogged-table-data", f"--snapshot={snapshot[0]}"]
    with (
        programs.run("pg_dump", arguments, server, stdout=subprocess.PIPE) as dump,
        os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file,
    ):
        seal(manifest=manifest, stream=dump.output, ended=dump.finish, target=file, recipients=keys)
        file.flush()
        os.fsync(file.fileno())
    return manifest


def _settle(directory: Path) -> None:
    """Bring the new name itself to the disk."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
