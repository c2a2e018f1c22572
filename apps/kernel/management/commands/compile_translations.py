"""``manage.py compile_translations``."""

from typing import Any

from babel.messages.pofile import PoFileError
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from apps.kernel.infrastructure.translations import catalogues, compile_catalogue


class Command(BaseCommand):
    help = "Compile the catalogues of translations that have changed."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        for path in catalogues(settings.BASE_DIR):
            try:
                written = compile_catalogue(path)
            except PoFileError as error:
                raise CommandError(f"{path}: {error}") from error
            if written and options["verbosity"]:
                self.stdout.write(f"compiled {path.relative_to(settings.BASE_DIR)}")
