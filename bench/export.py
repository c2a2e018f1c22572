"""How much memory and time an export takes: the real job, beside a bare archive of the same bytes."""

import gc
import tracemalloc
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from statistics import median
from time import perf_counter
from typing import Any
from uuid import UUID, uuid4

import pyzipper

from apps.client_cabinet import wiring
from apps.client_cabinet.application.export_ports import ExportOrder
from apps.client_cabinet.domain.data_export import DataExport, ExportKind
from apps.client_cabinet.infrastructure.models import DiaryEntry
from bench.data import Practice
from bench.report import Report

SIZES = (100, 1_000, 10_000)
TIMES = 5
FIRST = date(2026, 1, 1)
_PASSPHRASE = "0000-1111-2222-3333-4444-5555"  # noqa: S105  # of files that are dropped at once
_TEXT = "Сегодня было много мыслей о работе, к вечеру стало спокойнее и захотелось тишины. " * 6


def export(practice: Practice, report: Report) -> None:
    """Archives of people with more and more entries, made into PostgreSQL by the real job; a year's diary."""
    peaks = {}
    for size, client in zip(SIZES, practice.clients, strict=False):
        author = UUID(client)
        _write(author, size)
        if not peaks:
            _make(author, ExportKind.ARCHIVE)  # what is imported and cached once is not the archive's
        peaks[size] = _peak(author, ExportKind.ARCHIVE)
        report.add(f"archive with {size:,} diary entries: memory at its peak", peaks[size] / 2**20, "MiB")
    _few, many, most = SIZES
    report.add(f"  {most:,} entries / {many:,}", peaks[most] / peaks[many], "×", 1.5)
    author = UUID(practice.clients[1])
    contents = _contents(author)
    took = _seconds(
        lambda: _make(author, ExportKind.ARCHIVE),
        lambda: _bare(contents, zipfile.ZipFile, lambda _archive: None),
        lambda: _bare(contents, pyzipper.AESZipFile, _seal),
    )
    size_text = f"{sum(map(len, contents.values())) / 2**20:.1f} MiB in {len(contents)} files"
    report.add(f"archive with {many:,} entries ({size_text})", took[0], "s")
    report.add("  a bare ZIP of the same bytes", took[1], "s")
    report.add("  the same with AES-256", took[2], "s")
    begun = perf_counter()
    _make(author, ExportKind.DIARY_PDF)
    report.add(f"diary of {many:,} entries as PDF", perf_counter() - begun, "s")


def _write(author: UUID, count: int) -> None:
    now = datetime.now(UTC)
    rows = (
        DiaryEntry(
            id=uuid4(),
            author_id=author,
            type="emotions",
            happened_at=now - timedelta(minutes=number),
            time_zone="Europe/Moscow",
            day=FIRST + timedelta(days=number % 365),
            payload={"emotions": [{"name": "тревога", "intensity": 5}], "situation": f"{number} {_TEXT}"},
            created_at=now,
            updated_at=now,
        )
        for number in range(count)
    )
    DiaryEntry.objects.bulk_create(rows, batch_size=1_000)


def _make(client: UUID, kind: ExportKind) -> DataExport:
    """An export of its own, made as a worker makes it and dropped again."""
    diary = kind is ExportKind.DIARY_PDF
    wanted = DataExport.request(
        id=uuid4(),
        client_id=client,
        kind=kind,
        first_day=FIRST if diary else None,
        last_day=FIRST + timedelta(days=364) if diary else None,
        passphrase=_PASSPHRASE,
        now=datetime.now(UTC),
    )
    exports, files = wiring.build_export.exports, wiring.build_export.files
    exports.add(wanted)
    replace(wiring.build_export, events=_Nobody())(export_id=wanted.id)
    with wiring.unit_of_work():
        made = exports.get(wanted.id)
        if not made.size:
            raise RuntimeError("no file was made: nothing was measured")
        made.expire()
        exports.save(made)
        files.remove(wanted.id)
    return made


class _Nobody:
    def publish(self, events: Any) -> None:
        """Who hears of it is not measured."""


def _peak(client: UUID, kind: ExportKind) -> int:
    gc.collect()
    tracemalloc.start()
    _make(client, kind)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most


def _seconds(*works: Callable[[], Any]) -> list[float]:
    """The median time of each, by turns."""
    took: list[list[float]] = [[] for _ in works]
    for _ in range(TIMES):
        for work, seconds in zip(works, took, strict=True):
            begun = perf_counter()
            work()
            seconds.append(perf_counter() - begun)
    return [median(seconds) for seconds in took]


def _contents(client: UUID) -> dict[str, bytes]:
    """What is inside of the archive."""
    into = BytesIO()
    order = ExportOrder(
        client_id=client,
        kind=ExportKind.ARCHIVE,
        first_day=None,
        last_day=None,
        passphrase=_PASSPHRASE,
        made_at=datetime.now(UTC),
    )
    wiring.build_export.makers[ExportKind.ARCHIVE].make(order, into, lambda _done: None)
    with pyzipper.AESZipFile(into) as archive:
        archive.setpassword(_PASSPHRASE.encode())
        return {name: archive.read(name) for name in archive.namelist()}


def _bare(contents: dict[str, bytes], kind: Any, prepare: Callable[[Any], None]) -> None:
    with kind(BytesIO(), "w", compression=zipfile.ZIP_DEFLATED) as archive:
        prepare(archive)
        for name, content in contents.items():
            archive.writestr(name, content)


def _seal(archive: Any) -> None:
    archive.setpassword(_PASSPHRASE.encode())
    archive.setencryption(pyzipper.WZ_AES, nbits=256)
