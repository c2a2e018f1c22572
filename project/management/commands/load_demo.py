"""Load the demo practice once."""

from datetime import UTC, datetime
from random import Random
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from project.demo.appointments import DemoAppointments
from project.demo.cabinet import fill_cabinets
from project.demo.practice import build_practice, is_loaded, read_fixture

SEED = 20260126


class Command(BaseCommand):
    help = "Load a believable demo practice with dates around today. Does nothing where it is loaded already."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="say nothing when it is loaded already")

    def handle(self, *, once: bool, **options: Any) -> None:
        if not settings.DEMO_PRACTICE_ALLOWED:
            raise CommandError(
                "Everybody knows the passwords of the demo practice: it is for development only."
            )
        if is_loaded():
            if not once:
                self.stdout.write("The demo practice is loaded already. `make clean` starts anew.")
            return
        now = datetime.now(UTC).replace(second=0, microsecond=0)
        random = Random(SEED)  # noqa: S311 – a repeatable demo, nothing secret
        count = 0
        with transaction.atomic():
            practice = build_practice(now=now, random=random)
            for count in DemoAppointments(practice, now=now, random=random).fill():
                if options["verbosity"] and self.stdout.isatty():
                    self.stdout.write(f"\r  appointments: {count}", ending="")
            fill_cabinets(practice, now=now, random=random)
        self.stdout.write(f"\r  demo practice: {count} appointments, {len(practice.clients)} clients")
        self.stdout.write(f"  password of all demo accounts: {read_fixture()['password']}")
