"""``manage.py verify_consents``: prove that nobody touched the consents."""

from pathlib import Path
from time import perf_counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.identity import wiring
from apps.identity.application.consent_ports import HeadsUnreadable
from apps.identity.application.export_consents import LONGEST_LINE, ExportDamaged
from apps.identity.domain.consent_chain import PublishedHead, Verdict
from apps.identity.infrastructure.published_heads import FileHeads


class Command(BaseCommand):
    help = (
        "Verify the chain of consents, in the database or, with --export, in an exported file alone. Earlier "
        "published heads are compared with it. Ends with an error if anything was touched."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--export", type=Path, help="a file of export_consents; no database is needed")
        parser.add_argument("--heads", type=Path, help="published heads (default: CONSENT_HEAD_FILE)")
        parser.add_argument("--public-key", default="", help="the key that the export has to be signed with")

    def handle(self, *, export: Path | None, heads: Path | None, public_key: str, **options: Any) -> None:
        began = perf_counter()
        try:
            published = self._heads(heads, needed=export is None)
            if export is None:
                verdict = wiring.verify_consents()(heads=published)
            else:
                verdict = self._of_export(export, published, public_key)
        except (HeadsUnreadable, ExportDamaged, OSError) as error:
            raise CommandError(f"Nothing is proved: {error}.") from None
        self._tell(verdict, len(published), perf_counter() - began)

    def _heads(self, path: Path | None, *, needed: bool) -> list[PublishedHead]:
        if path is None:
            return wiring.published_heads().all() if needed else []
        if not path.exists():
            raise HeadsUnreadable(f"{path} is not there")
        return FileHeads(path).all()

    def _of_export(self, path: Path, heads: list[PublishedHead], wanted: str) -> Verdict:
        with path.open("rb") as file:
            key, verdict = wiring.verify_export()(iter(lambda: file.readline(LONGEST_LINE), b""), heads=heads)
        if wanted and key != wanted:
            raise ExportDamaged("it is signed with another key than expected")
        self.stdout.write(f"Signed with {key}")
        return verdict

    def _tell(self, verdict: Verdict, heads: int, seconds: float) -> None:
        self.stdout.write(
            f"{verdict.links} links ({verdict.destroyed} acts destroyed after their term), {heads} published "
            f"heads, {seconds:.1f} s"
        )
        self.stdout.write(f"Head: {verdict.seq} {verdict.head}")
        for problem in verdict.problems:
            where = "" if problem.seq is None else f" at link {problem.seq}"
            self.stderr.write(f"{problem.code.value}{where}")
        if not verdict.holds:
            raise CommandError("The consents are not as they were written.")
        self.stdout.write(self.style.SUCCESS("The chain holds."))
