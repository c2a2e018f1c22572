"""``manage.py export_consents``: everything that proves the consents, in one signed file."""

import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from apps.identity import wiring
from apps.identity.application.consent_ports import SealNotSet
from apps.kernel.domain.actor import SYSTEM


class Command(BaseCommand):
    help = (
        "Write documents, acts (their evidence stays encrypted) and the chain to FILE, signed with "
        "CONSENT_EXPORT_KEY. `verify_consents --export FILE` proves it without a database."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *, file: Path, **options: Any) -> None:
        if file.exists():
            raise CommandError(f"{file} is there already.")
        draft = file.with_name(f".{file.name}.{os.getpid()}")
        try:
            with draft.open("xb") as target:
                for line in wiring.export_consents()(actor=SYSTEM, at=timezone.now()):
                    target.write(line)
            draft.rename(file)
        except (SealNotSet, OSError) as error:
            raise CommandError(str(error)) from None
        finally:
            draft.unlink(missing_ok=True)
        self.stdout.write(f"Signed with {wiring.consent_seal().public_key}")
