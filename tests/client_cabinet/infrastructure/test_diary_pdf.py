"""A diary as PDF: Cyrillic, charts, entries by day, page numbers, and nothing about its maker."""

import logging
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

import pypdf
import pytest
from django.utils import translation

from apps.client_cabinet.application.export_ports import ExportOrder, FileReader
from apps.client_cabinet.domain.data_export import ExportKind
from apps.client_cabinet.infrastructure.diary_charts import Figures
from apps.client_cabinet.infrastructure.diary_export import DiaryMaker
from apps.client_cabinet.infrastructure.diary_pdf import draw_diary
from apps.client_cabinet.infrastructure.models import DiaryEntry
from tests.booking.factories import make_client
from tests.client_cabinet.exports import FIRST_DAY, make_entries
from tests.counts import examples

READER = FileReader(name="Мария Волкова", time_zone="Europe/Moscow", language="ru")
PASSPHRASE = "AAAA-BBBB-CCCC"
ORDER = ExportOrder(
    client_id=UUID(int=1),
    kind=ExportKind.DIARY_PDF,
    first_day=FIRST_DAY,
    last_day=FIRST_DAY + timedelta(days=30),
    passphrase=PASSPHRASE,
    made_at=datetime(2026, 11, 22, 9, 30, tzinfo=UTC),
)


def entry(kind: str, payload: dict[str, Any], day: date = FIRST_DAY, hour: int = 9) -> DiaryEntry:
    return DiaryEntry(
        type=kind,
        payload=payload,
        day=day,
        time_zone="Asia/Yekaterinburg",
        happened_at=datetime(day.year, day.month, day.day, hour, tzinfo=UTC),
    )


def drawn(*entries: DiaryEntry, order: ExportOrder = ORDER, reader: FileReader = READER) -> pypdf.PdfReader:
    with translation.override("ru"):
        content = draw_diary(order, reader, lambda: iter(entries))
    return pypdf.PdfReader(BytesIO(content), password=order.passphrase)


def text_of(document: pypdf.PdfReader) -> str:
    return "\n".join(page.extract_text() for page in document.pages)


SLEEP = entry("sleep_energy", {"quality": 7, "energy": 4, "tension": 2, "hours": 7.5, "note": "Снилось море"})
FEELING = entry("emotions", {"emotions": [{"name": "тревога", "intensity": 6}], "situation": "Звонок"})
THOUGHT = entry("abc", {"activating_event": "Молчание", "beliefs": "Меня не любят", "consequences": "Грусть"})
THANKS = entry("gratitude", {"items": ["Прогулка", "Тихое утро"]})


def test_every_kind_of_entry_is_told_in_russian():
    text = text_of(drawn(SLEEP, FEELING, THOUGHT, THANKS))
    for words in (
        "Мой дневник",
        "1 марта 2026 – 31 марта 2026",
        "Мария Волкова",
        "Собрано 22 ноября 2026, 12:30",
        "воскресенье, 1 марта 2026",
        "14:00 ·",  # the entry's own zone is five hours ahead
        "Часы сна: 7,5",
        "Снилось море",
        "тревога: 6",
        "B: что я подумал(а)",
        "Меня не любят",
        "• Прогулка",
        "• Тихое утро",
    ):
        assert words in text, words


def test_pages_are_numbered_but_for_the_title():
    document = drawn(SLEEP, FEELING)
    first, *others = [page.extract_text() for page in document.pages]
    assert not re.search(r"\d+ / \d+", first)
    for number, page in enumerate(others, start=2):
        assert f"{number} / {len(document.pages)}" in page


def test_charts_are_vectors_with_as_many_points_as_days():
    days = [FIRST_DAY + timedelta(days=number) for number in range(5)]
    entries = [
        entry("sleep_energy", {"quality": 5, "energy": 5, "tension": 5, "hours": 8}, day) for day in days
    ]
    document = drawn(*entries)
    assert not any(page.images for page in document.pages)
    charts = document.pages[1].get_contents().get_data().decode("latin-1")
    circles = re.findall(r" c$", charts, re.MULTILINE)
    rectangles = re.findall(r" re f$", charts, re.MULTILINE)
    # Quality is told by circles, energy by squares: one a day and one in the legend. Hours are bars.
    assert circles
    assert len(circles) % (5 + 1) == 0
    assert len(rectangles) == (5 + 1) + 5


def test_figures_are_means_of_a_day():
    figures = Figures()
    for intensity in (2, 9):
        figures.take("emotions", FIRST_DAY, {"emotions": [{"name": "x", "intensity": intensity}]})
    figures.take("gratitude", FIRST_DAY, {"items": ["x"]})
    figures.take("sleep_energy", FIRST_DAY, {"quality": 3, "energy": 4, "tension": 5})
    assert figures.by_day("intensity") == [(FIRST_DAY, 5.5)]
    assert figures.by_day("energy") == [(FIRST_DAY, 4.0)]
    assert figures.by_day("hours") == []


def test_a_period_without_entries_is_a_title_page_that_says_so():
    document = drawn()
    assert len(document.pages) == 1
    assert "За эти дни записей нет." in text_of(document)


def test_one_day_is_a_period_too():
    order = replace(ORDER, last_day=ORDER.first_day)
    assert "Часы сна: 7,5" in text_of(drawn(SLEEP, order=order))


def test_it_is_sealed_with_aes_256_and_says_nothing_of_who_made_it_or_when():
    with translation.override("ru"):
        content = draw_diary(ORDER, READER, lambda: iter([SLEEP]))
    assert re.search(rb"/Encrypt", content)
    assert re.search(rb"/AESV3", content)
    document = pypdf.PdfReader(BytesIO(content))
    assert document.decrypt("") == 0
    assert document.decrypt(PASSPHRASE) != 0
    facts = {name: value for name, value in (document.metadata or {}).items() if value}
    assert set(facts) <= {"/CreationDate"}
    assert "2000" in str(facts.get("/CreationDate", "2000"))
    assert document.xmp_metadata is None
    for trace in (b"fpdf", b"PyFPDF", b"2026"):
        assert trace not in content


@pytest.mark.parametrize(
    ("written", "drawn_as"),
    [
        ("Радость 😀 есть", "Радость 😀 есть"),
        ("Знак ☀️ солнца", "Знак ☀ солнца"),
        ("日本", "\ufffd\ufffd"),
        ("а\u0301б", "а"),
        ("таб\tуляция", "таб уляция"),
        ("**не жирно** __и__ <b>не тег</b>", "**не жирно** __и__ <b>не тег</b>"),
        ("{nb} страниц", "{nb} страниц"),
        ("\x02pages\x03", "pages"),
        ("х" * 4_000, "ххх"),
    ],
    ids=[
        "a face",
        "a picture sign",
        "no glyph",
        "an accent",
        "a tab",
        "markup",
        "an alias",
        "the alias itself",
        "no blanks",
    ],
)
def test_whatever_was_written_is_drawn_and_told_to_no_log(written, drawn_as, caplog):
    caplog.set_level(logging.DEBUG)
    text = text_of(drawn(entry("gratitude", {"items": ["x"], "note": written})))
    assert drawn_as in text
    assert not caplog.records


class TestFromTheTable:
    class Kept:
        def __init__(self) -> None:
            self.content = b""

        def write(self, data: bytes, /) -> int:
            self.content += data
            return len(data)

        def flush(self) -> None:
            """Nothing waits."""

    def made(self, count: int) -> tuple[pypdf.PdfReader, list[int], int]:
        client = make_client()
        make_entries(client, count, text="Сегодня было непросто, но я справился:")
        order = replace(ORDER, client_id=client.pk, last_day=FIRST_DAY + timedelta(days=365))
        maker, into, told = DiaryMaker(reader_of=lambda _id: READER), self.Kept(), list[int]()
        maker.make(order, into, told.append)
        return pypdf.PdfReader(BytesIO(into.content), password=PASSPHRASE), told, maker.count(order)

    def test_a_year_with_a_thousand_entries_is_drawn_whole(self, db):
        count = examples(150, 1_000)
        document, told, total = self.made(count)
        assert total == 2 * count
        assert told == sorted(told)
        assert total - 100 <= told[-1] <= total
        text = text_of(document)
        for number in (0, count // 2, count - 1):
            assert f"справился: {number}\n" in text
        assert len(document.pages) > count // 12
