"""``manage.py encryption_rotate``."""

from time import sleep
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.kernel.infrastructure.encryption import key_ring
from apps.kernel.infrastructure.encryption.rotation import BATCH, left, rewrap

WALKS = 20


class Command(BaseCommand):
    help = (
        "Wrap every person's key with the newest key-encryption key. Safe beside a running practice; when it "
        "was stopped, run it again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--batch", type=int, default=BATCH, help="keys in one transaction")

    def handle(self, *args: Any, **options: Any) -> None:
        ring = key_ring()
        total, done = left(ring), 0
        self.stdout.write(f"newest generation: {ring.newest}; keys to wrap anew: {total}")
        failed: set[object] = set()
        for _ in range(WALKS):
            failed.clear()
            for batch in rewrap(ring, batch=options["batch"]):
                done += batch.done
                failed.update(batch.failed)
                self.stdout.write(f"  {done} of {total}")
            if left(ring) <= len(failed):
                break
            sleep(0.5)  # somebody held the rest
        for key_id in sorted(map(str, failed)):
            self.stderr.write(f"  key {key_id} opens with no key-encryption key at hand")
        if remaining := left(ring):
            raise CommandError(f"{remaining} keys are not under {ring.newest} yet: run the command again")
        self.stdout.write(f"done: every key is under {ring.newest}")
