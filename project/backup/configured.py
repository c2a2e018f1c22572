"""The settings of backups as the parts of this package want them."""

from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connections

from project.backup.container import identities_in
from project.backup.errors import BackupError
from project.backup.keeping import drop_superfluous
from project.backup.making import Made, make_backup
from project.backup.programs import Programs
from project.backup.server import Server


def programs() -> Programs:
    """Raises BackupError when there are none."""
    return Programs.find(settings.POSTGRES_PROGRAMS)


def source() -> Server:
    """The database to back up, as the role that may read everything."""
    if settings.BACKUP_DATABASE_URL:
        return Server.of_url(settings.BACKUP_DATABASE_URL)
    return target()


def target() -> Server:
    """The application's own database."""
    return Server.of_settings(connections["default"].settings_dict)


def directory() -> Path:
    """Raises BackupError when BACKUP_DIR is not set."""
    if not settings.BACKUP_DIR:
        raise BackupError("BACKUP_DIR is not set. Set it to the directory that backups are written to.")
    return Path(settings.BACKUP_DIR)


def identities(key: Path | None) -> list[Any]:
    """The private keys in the file ``key``, else in that of BACKUP_KEY_FILE. Raises BackupError."""
    place = key or settings.BACKUP_KEY_FILE
    if not place:
        raise BackupError("Name the file of the private key with --key.")
    try:
        text = Path(place).read_text()
    except (OSError, UnicodeDecodeError):
        raise BackupError(f"The key file {place} cannot be read.") from None
    return identities_in(text)


def back_up(*, at: datetime) -> tuple[Made, list[Path]]:
    """Make a backup, then drop those that need not be kept; return both. Raises BackupError."""
    made = make_backup(
        server=source(),
        programs=programs(),
        recipients=settings.BACKUP_RECIPIENTS,
        directory=directory(),
        at=at,
    )
    dropped = drop_superfluous(
        directory(), daily=settings.BACKUP_KEEP_DAYS, weekly=settings.BACKUP_KEEP_WEEKS
    )
    return made, dropped
