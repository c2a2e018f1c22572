"""``manage.py replay_tombstones``: after a restore, before web and worker start."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.client_cabinet.facade import TombstonesUnreadable, replay_tombstones


class Command(BaseCommand):
    help = "Erase again what was erased after the backup that has been restored (TOMBSTONES_FILE)."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            acts = replay_tombstones()
        except (TombstonesUnreadable, OSError) as error:
            raise CommandError(f"TOMBSTONES_FILE cannot be read: {error}") from error
        told = f"Erased again: {len(acts)}. " + (f"Acts {', '.join(map(str, acts))}." if acts else "")
        self.stdout.write(told.strip())
