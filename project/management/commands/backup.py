"""Make an encrypted backup of the database, or the keys for it."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyrage
from django.core.management.base import BaseCommand, CommandError, CommandParser

from project.backup.configured import back_up
from project.backup.errors import BackupError


class Command(BaseCommand):
    help = "Make an encrypted backup of the database in BACKUP_DIR, and drop those that need not be kept."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--new-key",
            type=Path,
            metavar="FILE",
            help="make a pair of keys instead: the private one into FILE, the public one is printed",
        )

    def handle(self, *, new_key: Path | None, **options: Any) -> None:
        if new_key is not None:
            self._make_key(new_key)
            return
        began = datetime.now(UTC)
        try:
            made, dropped = back_up(at=began)
        except BackupError as error:
            raise CommandError(str(error)) from None
        seconds = (datetime.now(UTC) - began).total_seconds()
        self.stdout.write(
            f"{made.file}: {made.size / 2**20:.1f} MB, {made.manifest.rows} rows "
            f"of {len(made.manifest.tables)} tables, in {seconds:.1f} s"
        )
        for file in dropped:
            self.stdout.write(f"no longer kept: {file.name}")

    def _make_key(self, file: Path) -> None:
        identity = pyrage.x25519.Identity.generate()
        public = str(identity.to_public())
        try:
            with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as target:
                target.write(f"# Opens backups made for {public}\n{identity}\n")
        except FileExistsError:
            raise CommandError(f"{file} is there already: a key is never overwritten.") from None
        self.stdout.write(f"BACKUP_RECIPIENTS={public}")
        self.stderr.write(
            f"The private key is in {file}. Keep it apart from the backups, and a second copy elsewhere."
        )
