"""``manage.py encryption_reencrypt``."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.kernel.infrastructure.ciphertexts import columns, is_append_only, reseal
from apps.kernel.infrastructure.encryption import encryption_service


class Command(BaseCommand):
    help = (
        "Seal with the present adapter what another one, or an earlier version, has sealed. Safe beside a "
        "running practice; when it was stopped, run it again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--everything", action="store_true", help="what the present adapter sealed, too")

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"adapter: {encryption_service().scheme}")
        failed = 0
        for column in columns():
            if is_append_only(column):
                self.stdout.write(f"  {column}: append-only, stays as it is")
                continue
            result = reseal(column, everything=options["everything"])
            failed += result.failed
            self.stdout.write(
                f"  {column}: {result.done} sealed anew, {result.overtaken} changed meanwhile, "
                f"{result.failed} failed"
            )
        if failed:
            raise CommandError(f"{failed} ciphertexts do not open: see encryption_verify")
