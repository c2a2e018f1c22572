"""Compare a period's payments and refunds with the provider."""

import sys
from argparse import ArgumentTypeError
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from apps.kernel.application.ports import TemporaryFailure
from apps.kernel.domain.period import Period
from apps.payments import wiring
from apps.payments.application.reconcile import Difference

COLUMNS = ("what", "about", "ours", "provider")
NO_ANSWER = 2


class Command(BaseCommand):
    help = (
        "Compare payments and refunds with the provider, day by day, both days included, by the clock of the"
        " practice. Differences are printed and noted as alerts. Exit code: 0 all agrees, 1 there are"
        " differences, 2 the provider does not answer."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        today = timezone.localdate()
        parser.add_argument("--from", dest="first", type=_day, default=today - timedelta(days=7))
        parser.add_argument("--to", dest="last", type=_day, default=today)

    def handle(self, *, first: date, last: date, **options: Any) -> None:
        if last < first:
            raise CommandError("--to comes before --from")
        differences: list[Difference] = []
        for number in range((last - first).days + 1):
            day = first + timedelta(days=number)
            try:
                differences += wiring.reconcile(Period(_midnight(day), _midnight(day + timedelta(days=1))))
            except TemporaryFailure as failure:
                raise CommandError(
                    f"the provider does not answer about {day}: {failure}", returncode=NO_ANSWER
                ) from failure
        if not differences:
            self.stdout.write(f"{first} to {last}: everything agrees")
            return
        for line in _table(differences):
            self.stdout.write(line)
        sys.exit(1)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text} is no date like 2026-12-01") from error


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _table(differences: list[Difference]) -> list[str]:
    rows = [
        COLUMNS,
        *((each.kind.value, each.reference, each.ours or "-", each.provider or "-") for each in differences),
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(len(COLUMNS))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    return [line.rstrip() for line in lines]
