"""Everything about a person in one ZIP archive under AES-256 (WinZip AE-2), written as a stream.

Names of files inside tell nothing, because the directory of a ZIP archive is not encrypted: ``index.html`` is
the page for people, ``00.json`` the list of what the others hold, ``01.json`` and on one section each.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext

from apps.client_cabinet.application.export_ports import ByteSink, ExportOrder, FileReader, Tell
from apps.client_cabinet.infrastructure.readable_page import ReadablePage
from apps.kernel.application.personal_data import PersonalData, Record, sections

FORMAT = 1
"""Of the archive's contents; grows when a reader of an older one would misread it."""
TELL_EVERY = 100
_LAST = ("readings", "activity")


@dataclass(frozen=True)
class ArchiveMaker:
    """ExportMaker (port) of archives. Each section is read twice, for the data and for the page: a second
    reading costs less than the memory, or the disk, that would keep the first one."""

    reader_of: Callable[[UUID], FileReader]

    def count(self, order: ExportOrder) -> int:
        return 2 * sum(section.count(order.client_id) for section in in_reading_order())

    def make(self, order: ExportOrder, into: ByteSink, tell: Tell) -> None:
        reader = self.reader_of(order.client_id)
        progress = _Progress(tell)
        kept = in_reading_order()
        with translation.override(reader.language), _archive(into, order) as entry:
            contents = []
            for number, section in enumerate(kept, start=1):
                name = f"{number:02d}.json"
                with entry(name) as file:
                    records = _write_json(file, section.export(order.client_id), progress)
                contents.append(_content(name, section, records))
            with entry("00.json") as file:
                file.write(_json(_manifest(order, contents), indent=2))
            page = ReadablePage(reader=reader, made_at=order.made_at)
            with entry("index.html") as file:
                for section in kept:
                    page.announce(section, records=_records_of(contents, section))
                for text in page.render(lambda section: progress.over(section.export(order.client_id))):
                    file.write(text.encode())


def in_reading_order() -> list[PersonalData]:
    """The register as a person wants to read it: who they are first, what the log says last."""
    return sorted(sections(), key=lambda each: (each.section in _LAST, each.section != "profile"))


class _Progress:
    def __init__(self, tell: Tell) -> None:
        self._tell, self._done = tell, 0

    def over(self, records: Iterator[Record]) -> Iterator[Record]:
        for record in records:
            yield record
            self._done += 1
            if self._done % TELL_EVERY == 0:
                self._tell(self._done)


@contextmanager
def _archive(into: ByteSink, order: ExportOrder) -> Iterator[Callable[[str], Any]]:
    """Opens the entries of the archive one after another."""
    import pyzipper  # slow, and for workers only

    made_at = order.made_at
    with pyzipper.AESZipFile(into, "w", compression=pyzipper.ZIP_DEFLATED) as archive:
        archive.setpassword(order.passphrase.encode())
        archive.setencryption(pyzipper.WZ_AES, nbits=256)

        def entry(name: str) -> Any:
            info = archive.zipinfo_cls(name, date_time=_timestamp(made_at))
            info.compress_type = pyzipper.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            return archive.open(info, "w")

        yield entry


def _timestamp(at: datetime) -> tuple[int, int, int, int, int, int]:
    return (at.year, at.month, at.day, at.hour, at.minute, at.second)


def _write_json(file: Any, records: Iterator[Record], progress: _Progress) -> int:
    count = 0
    for record in progress.over(records):
        file.write(b",\n" if count else b"[\n")
        file.write(_json(record))
        count += 1
    file.write(b"\n]\n" if count else b"[]\n")
    return count


def _json(value: Any, *, indent: int | None = None) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=indent).encode()


def _content(name: str, section: PersonalData, records: int) -> dict[str, Any]:
    return {
        "file": name,
        "section": section.section,
        "title": gettext(section.title),
        "records": records,
    }


def _manifest(order: ExportOrder, contents: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "person": str(order.client_id),
        "made_at": order.made_at.isoformat(),
        "contents": contents,
    }


def _records_of(contents: list[dict[str, Any]], section: PersonalData) -> int:
    return next(int(each["records"]) for each in contents if each["section"] == section.section)
