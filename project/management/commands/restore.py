"""Restore a backup as the database of DATABASE_URL."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections

from project.backup import configured
from project.backup.errors import BackupError
from project.backup.restored import prepare
from project.backup.restoring import Restore


class Command(BaseCommand):
    help = (
        "Restore a backup as the database of DATABASE_URL: in a database of its own, which takes its place "
        "when everything agrees. Stop web and worker first."
    )
    requires_system_checks = []
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--key", type=Path, metavar="FILE", help="the private key (BACKUP_KEY_FILE)")
        parser.add_argument(
            "--force", action="store_true", help="put a database that is not empty aside under another name"
        )

    def handle(self, *, file: Path, key: Path | None, force: bool, **options: Any) -> None:
        began = datetime.now(UTC)
        try:
            restore = Restore(
                file=file,
                identities=configured.identities(key),
                target=configured.target(),
                programs=configured.programs(),
                prepare=prepare,
                force=force,
            )
            connections.close_all()
            restored = restore(at=began)
        except BackupError as error:
            raise CommandError(f"{error} Nothing was changed.") from None
        seconds = (datetime.now(UTC) - began).total_seconds()
        self.stdout.write(
            f"Restored as of {restored.manifest.made_at:%Y-%m-%d %H:%M:%S} UTC: "
            f"{restored.manifest.rows} rows of {len(restored.manifest.tables)} tables, in {seconds:.1f} s."
        )
        if restored.before is not None:
            self.stdout.write(
                f"What was there rests as the database {restored.before}: drop it when all is well."
            )
