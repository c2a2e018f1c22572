"""The page of an archive: everything about a person to be read in a browser, with nothing from outside.

Written as a stream of texts. Every value goes through Django's escaping; a policy in the page forbids
scripts, pictures and connections besides.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.utils.formats import date_format, number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext, pgettext_lazy

from apps.client_cabinet.application.export_ports import FileReader
from apps.kernel.application.personal_data import Json, PersonalData, Record
from apps.kernel.domain.money import RUB

type Words = Mapping[str, str]

POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
STYLE = """
:root { color-scheme: light dark;
  --ink: #22302b; --soft: #5d6f68; --line: #d5ddd9; --card: #fff; --bg: #f4f7f5 }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6ece9; --soft: #9db0a8; --line: #33413b; --card: #1c2521; --bg: #141a17 } }
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 56rem; padding: 2rem 1rem 4rem; color: var(--ink); background: var(--bg);
  font: 1rem/1.55 system-ui, "PT Sans", "Segoe UI", Roboto, sans-serif }
h1 { font-size: 1.7rem; margin: 0 0 .3rem } h2 { font-size: 1.25rem; margin: 2.5rem 0 .3rem }
p { margin: .2rem 0 } .soft { color: var(--soft) }
nav ol { columns: 2 18rem; padding-left: 1.3rem } a { color: inherit }
article { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; margin: .7rem 0;
  padding: .6rem 1rem }
dl { display: grid; grid-template-columns: minmax(8rem, 13rem) 1fr; gap: .25rem 1rem; margin: 0 }
dt { color: var(--soft) } dd { margin: 0; overflow-wrap: anywhere; white-space: pre-wrap }
dd > dl { border-left: 2px solid var(--line); margin: .2rem 0 .5rem; padding-left: .8rem }
code { font-size: .85em; color: var(--soft) }
@media (max-width: 34rem) { dl { grid-template-columns: 1fr } dd { margin-bottom: .3rem } }
@media print { body { background: none } article { break-inside: avoid } }
"""

_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{64}")
_COMMON: Mapping[str, object] = {"id": pgettext_lazy("personal data", "number")}


@dataclass(frozen=True)
class ReadablePage:
    """Sections are announced first, for the list of contents, and then read one after another."""

    reader: FileReader
    made_at: datetime
    announced: list[tuple[PersonalData, int]] = field(default_factory=list)

    def announce(self, section: PersonalData, *, records: int) -> None:
        self.announced.append((section, records))

    def render(self, records_of: Callable[[PersonalData], Iterator[Record]]) -> Iterator[str]:
        """The page in the present language, a record at a time."""
        yield self._head()
        for section, count in self.announced:
            yield format_html(
                '<section id="{}"><h2>{}</h2><p class="soft">{}</p>\n',
                section.section,
                gettext(section.title),
                _records_text(count),
            )
            words = {name: str(text) for name, text in {**_COMMON, **section.words}.items()}
            for record in records_of(section):
                yield format_html("<article>{}</article>\n", self._fields(record, words))
            yield "</section>\n"
        yield "</main></body></html>\n"

    def _head(self) -> SafeString:
        entries = [
            (section.section, gettext(section.title), _records_text(count))
            for section, count in self.announced
        ]
        contents = format_html_join(
            "\n", '<li><a href="#{}">{}</a> <span class="soft">{}</span></li>', entries
        )
        zone = gettext("Times are those of %(time_zone)s.") % {"time_zone": self.reader.time_zone}
        return format_html(
            '<!doctype html>\n<html lang="{}"><head><meta charset="utf-8">\n'
            '<meta http-equiv="Content-Security-Policy" content="{}">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            '<meta name="referrer" content="no-referrer">\n'
            "<title>{}</title>\n<style>{}</style></head>\n<body><header><h1>{}</h1>\n"
            '<p>{}</p><p class="soft">{} {}</p></header>\n<nav><ol>\n{}</ol></nav>\n<main>\n',
            self.reader.language,
            POLICY,
            gettext("Your data"),
            mark_safe(STYLE),  # noqa: S308  # a constant of ours
            gettext("Your data"),
            self.reader.name,
            gettext("Gathered on %(when)s.") % {"when": self._instant(self.made_at)},
            zone,
            contents,
        )

    def _fields(self, record: Mapping[str, Json], words: Words) -> SafeString:
        rows = (
            (_name(name, words), self._value(name, value, words))
            for name, value in record.items()
            if value not in (None, "", [], {})
        )
        return format_html("<dl>{}</dl>", format_html_join("\n", "<dt>{}</dt><dd>{}</dd>", rows))

    def _value(self, name: str, value: Json, words: Words) -> SafeString | str:
        if isinstance(value, bool):
            return gettext("yes") if value else gettext("no")
        if isinstance(value, dict):
            if value.keys() == {"amount", "currency"}:
                return _money(value)
            return self._fields(value, words)
        if isinstance(value, list):
            if any(isinstance(each, dict | list) for each in value):
                return format_html_join("", "{}", ((self._value(name, each, words),) for each in value))
            return "\n".join(str(self._value(name, each, words)) for each in value)
        if isinstance(value, str):
            return self._text(name, value, words)
        return str(value)

    def _text(self, name: str, value: str, words: Words) -> SafeString | str:
        if (coded := words.get(f"{name}={value}")) is not None:
            return coded
        if _INSTANT.fullmatch(value):
            return self._instant(datetime.fromisoformat(value))
        if _DAY.fullmatch(value):
            try:
                return _day_text(date.fromisoformat(value), self.reader.language)
            except ValueError:
                return value
        return format_html("<code>{}</code>", value) if _ID.fullmatch(value) else value

    def _instant(self, at: datetime) -> str:
        local = at.astimezone(ZoneInfo(self.reader.time_zone))
        return f"{_day_text(local.date(), self.reader.language)}, {local:%H:%M}"


@lru_cache(maxsize=512)  # records of one day share it
def _day_text(day: date, language: str) -> str:
    """In the present language, which ``language`` names."""
    return date_format(day, "j E Y")


def _name(name: str, words: Words) -> str:
    text = words.get(name) or name.replace("_", " ")
    return text[:1].upper() + text[1:]


def _money(value: Mapping[str, Json]) -> str:
    amount = number_format(Decimal(str(value["amount"])), decimal_pos=2, force_grouping=True)
    return f"{amount} {'₽' if value['currency'] == RUB else value['currency']}"


def _records_text(count: int) -> str:
    if not count:
        return gettext("nothing is kept")
    return ngettext("%(count)d record", "%(count)d records", count) % {"count": count}
