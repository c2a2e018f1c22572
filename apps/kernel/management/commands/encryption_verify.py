"""``manage.py encryption_verify``."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.kernel.infrastructure.ciphertexts import columns, verify


class Command(BaseCommand):
    help = "Open every ciphertext and count; fails when one does not open. No text is shown."

    def handle(self, *args: Any, **options: Any) -> None:
        failed = 0
        for column in columns():
            checked = verify(column)
            failed += checked.failed
            self.stdout.write(
                f"  {column}: {checked.opened} open, {checked.destroyed} lost with their person's key, "
                f"{checked.failed} failed"
            )
        if failed:
            raise CommandError(f"{failed} ciphertexts do not open")
        self.stdout.write("done: every ciphertext opens, but for those whose key was destroyed")
