"""A person's diary of a period as a file: which entries, read how; :mod:`diary_pdf` draws them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.utils import translation

from apps.client_cabinet.application.export_ports import ByteSink, ExportOrder, FileReader, Tell
from apps.client_cabinet.infrastructure.models import DiaryEntry
from apps.kernel.infrastructure.records import in_pages

TELL_EVERY = 50
_AT_ONCE = 64 * 1024


@dataclass(frozen=True)
class DiaryMaker:
    """ExportMaker (port) of diaries. Entries are read twice: for the figures of the first pages, and to be
    written down. The pages of a period (a year at most) are in memory until the last one is numbered."""

    reader_of: Callable[[UUID], FileReader]

    def count(self, order: ExportOrder) -> int:
        return 2 * _entries(order).count()

    def make(self, order: ExportOrder, into: ByteSink, tell: Tell) -> None:
        from apps.client_cabinet.infrastructure.diary_pdf import draw_diary  # slow, and for workers only

        reader, told = self.reader_of(order.client_id), 0

        def entries() -> Iterator[DiaryEntry]:
            nonlocal told
            for entry in in_pages(_entries(order), "day", "happened_at", "id"):
                yield entry
                told += 1
                if told % TELL_EVERY == 0:
                    tell(told)

        with translation.override(reader.language):
            content = draw_diary(order, reader, entries)
        for start in range(0, len(content), _AT_ONCE):
            into.write(content[start : start + _AT_ONCE])


def _entries(order: ExportOrder) -> QuerySet[DiaryEntry, DiaryEntry]:
    return DiaryEntry.objects.filter(
        author=order.client_id, day__gte=order.first_day, day__lte=order.last_day
    )
