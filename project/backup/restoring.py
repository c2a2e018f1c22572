"""Restoring a backup: into a database of its own, which takes the old one's place when everything agrees."""

import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from project.backup.container import manifest_in, unseal
from project.backup.errors import BackupError
from project.backup.manifest import Manifest, count_rows
from project.backup.programs import Programs
from project.backup.server import Server

MAINTENANCE = "postgres"
PATIENCE = 2  # seconds for others to leave
_LONGEST_NAME = 63 - len("_restored_20260101T000000")
_TRANSACTION_TIMEOUT_SINCE = 17  # pg_restore of this version or newer sets what older servers do not know
_HAS_TABLES = """
SELECT EXISTS (
    SELECT FROM pg_class AS class JOIN pg_namespace AS namespace ON namespace.oid = class.relnamespace
    WHERE class.relkind IN ('r', 'p') AND namespace.nspname <> 'information_schema'
        AND namespace.nspname !~ '^pg_'
)
"""


@dataclass(frozen=True, kw_only=True)
class Restored:
    """``before`` is the name under which the database that was there rests; None when there was none."""

    manifest: Manifest
    before: str | None


@dataclass(frozen=True, kw_only=True)
class Restore:
    """Restores ``file`` as the database of ``target``.

    ``prepare`` is called with the fresh database before anybody else can open it: it brings the tables up to
    date and repeats the erasures made since. ``force`` lets a database that has tables be put aside; it is
    renamed, never deleted.
    """

    file: Path
    identities: Sequence[Any]
    target: Server
    programs: Programs
    prepare: Callable[[Server], None]
    force: bool = False

    def __call__(self, *, at: datetime) -> Restored:
        """Raises BackupError: then the database that was there is as it was, and no other one is left."""
        manifest = manifest_in(self.file, identities=self.identities)
        stamp = at.astimezone(UTC).strftime("%Y%m%dT%H%M%S")
        name = self.target.database
        fresh = self.target.at(f"{name[:_LONGEST_NAME]}_restored_{stamp}")
        try:
            with self.target.at(MAINTENANCE).connect() as server:
                self._check_versions(manifest, server)
                there, filled = self._look_at_target(server)
                _execute(server, "CREATE DATABASE {} TEMPLATE template0", fresh.database)
                try:
                    self._fill(fresh, manifest)
                    self.prepare(fresh)
                    before = f"{name[:_LONGEST_NAME]}_before_{stamp}" if filled else None
                    self._put_in_place(server, fresh, there=there, before=before)
                except BaseException:
                    _execute(server, "DROP DATABASE IF EXISTS {} WITH (FORCE)", fresh.database)
                    raise
        except psycopg.Error as error:
            raise BackupError(f"PostgreSQL refused: {_headline(error)}") from None
        return Restored(manifest=manifest, before=before)

    def _check_versions(self, manifest: Manifest, server: psycopg.Connection[Any]) -> None:
        theirs, ours = server.info.server_version // 10_000, self.programs.version()
        if theirs < manifest.server_version:
            raise BackupError(
                f"The backup was made from PostgreSQL {manifest.server_version}, and this server is of "
                f"version {theirs}: restore into the same version or a newer one."
            )
        if ours < manifest.server_version or theirs < _TRANSACTION_TIMEOUT_SINCE <= ours:
            raise BackupError(
                f"pg_restore is of version {ours}, the server of version {theirs}: name the directory of the "
                "programs of the server's version in POSTGRES_PROGRAMS."
            )

    def _look_at_target(self, server: psycopg.Connection[Any]) -> tuple[bool, bool]:
        """Whether the database is there, and whether it has tables."""
        name = self.target.database
        if not server.execute("SELECT FROM pg_database WHERE datname = %s", [name]).rowcount:
            return False, False
        with self.target.connect() as connection:
            found = connection.execute(_HAS_TABLES).fetchone()
        filled = bool(found and found[0])
        if filled and not self.force:
            raise BackupError(
                f"The database {name} is not empty. Restoring with --force puts it aside under another name."
            )
        users = _connections(server, name)
        deadline = time.monotonic() + PATIENCE
        while users and time.monotonic() < deadline:  # one that was just closed takes a moment to go
            time.sleep(0.05)
            users = _connections(server, name)
        if users:
            raise BackupError(
                f"Connections open to {name}: {users}. Stop web and worker, then restore again."
            )
        return True, filled

    def _fill(self, fresh: Server, manifest: Manifest) -> None:
        arguments = ["--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges"]
        with self.programs.run(
            "pg_restore",
            [*arguments, f"--dbname={fresh.database}"],
            fresh,
            stdin=subprocess.PIPE,
        ) as running:
            try:
                unseal(self.file, identities=self.identities, sink=running.input)
                running.input.close()
            except OSError:
                running.finish()  # it knows better why it listens no more
                raise BackupError("pg_restore ended before the backup did.") from None
            running.finish()
        with fresh.connect() as connection:
            counts = count_rows(connection)
        differing = sorted(
            table for table in {*counts, *manifest.tables} if counts.get(table) != manifest.tables.get(table)
        )
        if differing:
            raise BackupError(
                f"After the restore these tables differ from the manifest: {', '.join(differing)}."
            )

    def _put_in_place(
        self, server: psycopg.Connection[Any], fresh: Server, *, there: bool, before: str | None
    ) -> None:
        name = self.target.database
        if before is not None:
            _execute(server, "ALTER DATABASE {} RENAME TO {}", name, before)
        elif there:
            _execute(server, "DROP DATABASE {}", name)
        try:
            _execute(server, "ALTER DATABASE {} RENAME TO {}", fresh.database, name)
        except psycopg.Error:
            if before is not None:
                _execute(server, "ALTER DATABASE {} RENAME TO {}", before, name)
            raise


def _connections(server: psycopg.Connection[Any], database: str) -> int:
    return server.execute("SELECT FROM pg_stat_activity WHERE datname = %s", [database]).rowcount


def _execute(server: psycopg.Connection[Any], statement: str, *names: str) -> None:
    server.execute(sql.SQL(statement).format(*(sql.Identifier(name) for name in names)))


def _headline(error: psycopg.Error) -> str:
    """The first line of what PostgreSQL says, without details, which may quote a row."""
    return (error.diag.message_primary or type(error).__name__).strip()
