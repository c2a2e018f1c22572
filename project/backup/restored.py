"""What must happen to a restored database before the application opens it."""

from django.core.management import CommandError, call_command, get_commands
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from apps.kernel.application.ports import DecryptionFailed
from project.backup.elsewhere import django_at
from project.backup.errors import BackupError
from project.backup.server import Server

REPLAY_TOMBSTONES = "replay_tombstones"


def prepare(server: Server) -> None:
    """Bring the tables up to this version, then erase again whoever was erased since the backup.

    Raises BackupError when the backup is of a newer version than this program.
    """
    with django_at(server):
        _refuse_newer()
        call_command("migrate", interactive=False, verbosity=0)
        if REPLAY_TOMBSTONES in get_commands():
            try:
                call_command(REPLAY_TOMBSTONES)
            except (CommandError, DecryptionFailed) as failure:
                raise BackupError(f"The erasures could not be repeated: {failure}.") from None


def _refuse_newer() -> None:
    loader = MigrationLoader(connection)
    known = set(loader.disk_migrations or ())
    replaced = {key for migration in loader.replacements.values() for key in migration.replaces}
    ours = {app for app, _name in known}
    strange = sorted(
        f"{app}.{name}"
        for app, name in loader.applied_migrations or ()
        if app in ours and (app, name) not in known | replaced
    )
    if strange:
        raise BackupError(
            f"The backup is of another version of this program: it has {', '.join(strange)}, which this one "
            "does not know. Install the version of the backup or a newer one."
        )
