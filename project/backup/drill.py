"""The drill: a backup restored into a fresh PostgreSQL, and proof that nothing of it is missing or weak."""

import secrets
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from io import StringIO
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.core.management import CommandError, call_command, get_commands
from django.test import Client
from psycopg import sql

from apps.kernel.application.ports import DecryptionFailed
from project import embedded_postgres
from project.backup.elsewhere import django_at
from project.backup.errors import BackupError
from project.backup.guards import append_only_tables, emptied
from project.backup.manifest import Manifest
from project.backup.programs import Programs
from project.backup.restored import prepare
from project.backup.restoring import MAINTENANCE, Restore
from project.backup.server import Server

DATABASE = "drill"
PROOFS = {
    "verify_consents": "the chain of consents holds",
    "encryption_verify": "every ciphertext opens",
}
"""Commands that end with an error when what they look at does not hold."""


@dataclass
class Drill:
    """What was proved, in the order it was; each with the seconds it took."""

    steps: list[tuple[str, float]] = field(default_factory=list)

    def prove(self, what: str, step: Callable[[], object]) -> None:
        began = time.monotonic()
        step()
        self.steps.append((what, time.monotonic() - began))

    @property
    def seconds(self) -> float:
        return sum(seconds for _what, seconds in self.steps)


def restore_and_prove(
    *, file: Path, identities: Sequence[Any], programs: Programs, into: Server, at: datetime
) -> Drill:
    """Restore ``file`` as the database of ``into``, which must not be there yet, and look at all of it.

    Raises BackupError at the first thing that is not as it was.
    """
    drill = Drill()
    restore = Restore(file=file, identities=identities, target=into, programs=programs, prepare=_nothing)
    restored: list[Manifest] = []
    drill.prove("restored; every table has its rows", lambda: restored.append(restore(at=at).manifest))
    drill.prove("append-only tables are guarded", lambda: _guards_stand(into, restored[0]))
    drill.prove("brought up to date; erasures repeated", lambda: prepare(into))
    with django_at(into):
        for command, what in PROOFS.items():
            if command in get_commands():
                drill.prove(f"{what} ({command})", partial(_call, command))
        drill.prove("the application answers", _answers)
    return drill


@contextmanager
def fresh_server() -> Iterator[Server]:
    """Another embedded PostgreSQL, made for the block and gone after it."""
    place = Path(tempfile.mkdtemp(prefix="drill-"))
    place.chmod(0o755)  # the server's account must get there; its own directory is closed to others
    try:
        embedded_postgres.ensure_running(place, testing=True)
        yield Server.of_url(embedded_postgres.url(place, testing=True)).at(DATABASE)
    finally:
        embedded_postgres.destroy(place, testing=True)
        shutil.rmtree(place, ignore_errors=True)


@contextmanager
def fresh_database(url: str) -> Iterator[Server]:
    """A new name for a database of the server at ``url``; what bears it is gone after the block."""
    server = Server.of_url(url).at(f"{DATABASE}_{secrets.token_hex(6)}")
    try:
        yield server
    finally:
        # A server that does not answer has said so already, and has nothing to drop.
        with suppress(psycopg.OperationalError), server.at(MAINTENANCE).connect() as connection:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(server.database))
            )


def _nothing(server: Server) -> None:
    """The drill looks at the restored rows before anything is brought up to date."""


def _guards_stand(server: Server, manifest: Manifest) -> None:
    with server.connect() as connection:
        guarded = append_only_tables(connection)
        missing = sorted(set(manifest.append_only) - set(guarded))
        if missing:
            raise BackupError(f"The guards of these tables are gone: {', '.join(missing)}.")
        weak = emptied(connection, guarded)
    if weak:
        raise BackupError(f"These tables could be emptied: {', '.join(weak)}.")


def _call(command: str) -> None:
    try:
        call_command(command, stdout=StringIO())
    except (CommandError, DecryptionFailed, SystemExit) as failure:
        raise BackupError(f"{command} found what does not hold: {failure}") from None


def _answers() -> None:
    host = next((name.lstrip(".") for name in settings.ALLOWED_HOSTS), "localhost")
    browser = Client(headers={"host": host}, raise_request_exception=False)
    for address in ("/health/ready", "/api/v1/services/"):
        status = browser.get(address, secure=True).status_code
        if status != 200:
            raise BackupError(f"The application answers {status} at {address}.")
