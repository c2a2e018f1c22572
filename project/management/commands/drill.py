"""Prove that a backup can be restored."""

import tempfile
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from project.backup import configured
from project.backup.drill import DATABASE, fresh_database, fresh_server, restore_and_prove
from project.backup.errors import BackupError
from project.backup.making import make_backup
from project.embedded_postgres import EmbeddedPostgresError


class Command(BaseCommand):
    help = (
        "Restore a backup into a fresh PostgreSQL and prove it: rows of every table, guards, the chain of "
        "consents, every ciphertext, the application. Without FILE a backup is made for it."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, nargs="?")
        parser.add_argument("--key", type=Path, metavar="FILE", help="the private key (BACKUP_KEY_FILE)")
        parser.add_argument(
            "--into",
            metavar="URL",
            help=f"another PostgreSQL; a database {DATABASE} is made there. The embedded one unless given",
        )

    def handle(self, *, file: Path | None, key: Path | None, into: str | None, **options: Any) -> None:
        began = datetime.now(UTC)
        try:
            with ExitStack() as stack:
                if file is None:
                    file = self._make(Path(stack.enter_context(tempfile.TemporaryDirectory())), began)
                server = stack.enter_context(fresh_database(into) if into else fresh_server())
                drill = restore_and_prove(
                    file=file,
                    identities=configured.identities(key),
                    programs=configured.programs(),
                    into=server,
                    at=began,
                )
        except (BackupError, EmbeddedPostgresError) as error:
            raise CommandError(f"The drill has failed. {error}") from None
        for what, seconds in drill.steps:
            self.stdout.write(f"  {what}: {seconds:.1f} s")
        total = (datetime.now(UTC) - began).total_seconds()
        self.stdout.write(f"The backup can be restored: proved in {total:.1f} s.")

    def _make(self, directory: Path, at: datetime) -> Path:
        made = make_backup(
            server=configured.source(),
            programs=configured.programs(),
            recipients=settings.BACKUP_RECIPIENTS,
            directory=directory,
            at=at,
        )
        self.stdout.write(f"  a backup of {made.manifest.rows} rows: {made.size / 2**20:.1f} MB")
        return made.file
