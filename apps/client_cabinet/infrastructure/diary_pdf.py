"""A diary as an encrypted PDF: title page, charts, entries by day."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext

from apps.client_cabinet.application.export_ports import ExportOrder, FileReader
from apps.client_cabinet.infrastructure.diary_charts import Figures, draw_charts
from apps.client_cabinet.infrastructure.diary_paper import ACCENT, SOFT, Paper
from apps.client_cabinet.infrastructure.diary_words import FIELDS
from apps.client_cabinet.infrastructure.labels import DIARY_TYPES
from apps.client_cabinet.infrastructure.models import DiaryEntry

_TYPES = dict(DIARY_TYPES)
_SHORT = frozenset({"quality", "energy", "tension", "bed_time", "rise_time", "hours"})
"""Numbers and times stand side by side, texts below each other."""


def draw_diary(order: ExportOrder, reader: FileReader, entries: Callable[[], Iterator[DiaryEntry]]) -> bytes:
    """The document in the present language; ``entries``, by day and time, are read twice."""
    first_day, last_day = order.first_day, order.last_day
    if first_day is None or last_day is None:
        raise ValueError("a diary needs a period")
    paper = Paper(language=reader.language, passphrase=order.passphrase)
    figures, kinds = Figures(), Counter[str]()
    for entry in entries():
        kinds[entry.type] += 1
        figures.take(entry.type, entry.day, entry.payload)
    _title_page(paper, order, reader, first_day, last_day, kinds)
    if kinds:
        paper.add_page()
        draw_charts(paper, figures, first_day=first_day, last_day=last_day)
        _entries_by_day(paper, entries())
    return bytes(paper.output())


def _title_page(
    paper: Paper, order: ExportOrder, reader: FileReader, first_day: date, last_day: date, kinds: Counter[str]
) -> None:
    paper.add_page()
    paper.set_y(85)
    paper.text_block(gettext("My diary"), size=34, bold=True, colour=ACCENT)
    paper.ln(3)
    paper.text_block(f"{_day_text(first_day)} – {_day_text(last_day)}", size=15)
    if reader.name:
        paper.ln(2)
        paper.text_block(reader.name, size=15)
    paper.ln(8)
    paper.rule()
    paper.ln(6)
    if not kinds:
        paper.text_block(gettext("There are no entries of these days."), colour=SOFT)
    for kind, text in _TYPES.items():
        if kinds[kind]:
            entries = ngettext("%(count)d entry", "%(count)d entries", kinds[kind]) % {"count": kinds[kind]}
            paper.text_block(f"{capfirst(str(text))}: {entries}")
    paper.ln(6)
    made_at = date_format(order.made_at.astimezone(ZoneInfo(reader.time_zone)), "j E Y, H:i")
    paper.text_block(gettext("Gathered on %(when)s.") % {"when": made_at}, size=10, colour=SOFT)
    paper.text_block(
        gettext("These are private notes. Keep the file and its passphrase apart."), size=10, colour=SOFT
    )


def _entries_by_day(paper: Paper, entries: Iterator[DiaryEntry]) -> None:
    paper.add_page()
    day: date | None = None
    for entry in entries:
        if entry.day != day:
            day = entry.day
            paper.keep_together(30)
            paper.ln(3)
            paper.text_block(_day_text(day, weekday=True), size=15, bold=True, colour=ACCENT)
            paper.rule()
            paper.ln(2)
        _write(paper, entry)


def _write(paper: Paper, entry: DiaryEntry) -> None:
    paper.keep_together(22)
    at = entry.happened_at.astimezone(ZoneInfo(entry.time_zone))
    paper.text_block(f"{at:%H:%M} · {capfirst(str(_TYPES.get(entry.type, entry.type)))}", bold=True)
    short = {name: value for name, value in entry.payload.items() if name in _SHORT}
    if short:
        named = (f"{capfirst(str(FIELDS[name]))}: {_value_text(value)}" for name, value in short.items())
        paper.text_block("   ·   ".join(named), indent=4)
        paper.ln(0.8)
    for name, value in entry.payload.items():
        if name in short:
            continue
        paper.text_block(capfirst(str(FIELDS.get(name, name))), size=9, colour=SOFT, indent=4)
        paper.text_block(_value_text(value), indent=4)
        paper.ln(0.8)
    paper.ln(3)


def _value_text(value: Any) -> str:
    if isinstance(value, list):
        return "\n".join(f"• {_value_text(each)}" for each in value)
    if isinstance(value, Mapping):  # an emotion
        return f"{value.get('name', '')}: {value.get('intensity', '')}"
    if isinstance(value, float):
        return f"{value:g}".replace(".", ",")
    return str(value)


def _day_text(day: date, *, weekday: bool = False) -> str:
    return date_format(day, "l, j E Y" if weekday else "j E Y")
