"""Hand-written stand-ins for what exports need from outside."""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from apps.client_cabinet.application.export_ports import BuildSuperseded, ByteSink, ExportOrder, Tell
from apps.client_cabinet.domain.data_export import (
    LONGEST_BUILD,
    RUNNING,
    DataExport,
    ExportNotFound,
    ExportStatus,
)


@dataclass
class FakeExports:
    """ExportRepository in memory: hands out copies, so that only what is saved is kept."""

    rows: dict[UUID, DataExport] = field(default_factory=dict)
    queued: list[UUID] = field(default_factory=list)

    def queue_up(self, client_id: UUID) -> None:
        self.queued.append(client_id)

    def asked_since(self, client_id: UUID, since: datetime) -> list[datetime]:
        own = (row for row in self.rows.values() if row.client_id == client_id)
        return sorted(
            row.created_at for row in own if row.created_at > since and row.status is not ExportStatus.FAILED
        )

    def is_running(self, client_id: UUID) -> bool:
        return any(row.client_id == client_id and row.status in RUNNING for row in self.rows.values())

    def add(self, export: DataExport) -> None:
        self.rows[export.id] = copy(export)

    def get(self, export_id: UUID, *, client_id: UUID | None = None) -> DataExport:
        row = self.rows.get(export_id)
        if row is None or client_id not in (None, row.client_id):
            raise ExportNotFound
        return copy(row)

    def save(self, export: DataExport) -> None:
        self.rows[export.id] = copy(export)

    def ended(self, now: datetime) -> Iterator[UUID]:
        for row in self.rows.values():
            over = row.status is ExportStatus.READY and row.expires_at is not None and row.expires_at <= now
            if over or (row.status in RUNNING and row.created_at + LONGEST_BUILD <= now):
                yield row.id


@dataclass
class FakeFiles:
    """ExportFiles in memory, by export and attempt."""

    exports: FakeExports
    kept: dict[tuple[UUID, UUID], bytes] = field(default_factory=dict)

    @contextmanager
    def writer(self, *, export_id: UUID, build: UUID) -> Iterator["FakeWriter"]:
        self.remove(export_id, but=build)
        writer = FakeWriter(self, export_id, build)
        yield writer

    def read(self, *, export_id: UUID, build: UUID) -> Iterator[bytes]:
        yield self.kept[export_id, build]

    def remove(self, export_id: UUID, *, but: UUID | None = None) -> None:
        for key in [each for each in self.kept if each[0] == export_id and each[1] != but]:
            del self.kept[key]


@dataclass
class FakeWriter:
    files: FakeFiles
    export_id: UUID
    build: UUID
    size: int = 0

    def write(self, data: bytes, /) -> int:
        self._ensure_own()
        key = (self.export_id, self.build)
        self.files.kept[key] = self.files.kept.get(key, b"") + data
        self.size += len(data)
        return len(data)

    def flush(self) -> None:
        """Nothing waits."""

    def tell_done(self, done: int) -> None:
        row = self._ensure_own()
        row.done = done

    def _ensure_own(self) -> DataExport:
        row = self.files.exports.rows.get(self.export_id)
        if row is None or row.build != self.build or row.status is not ExportStatus.PROCESSING:
            raise BuildSuperseded
        return row


@dataclass
class FakeMaker:
    """Writes ``content``; what ``happens`` in the middle is called or raised."""

    content: bytes = b"sealed"
    records: int = 4
    happens: object = None
    orders: list[ExportOrder] = field(default_factory=list)

    def count(self, order: ExportOrder) -> int:
        return self.records

    def make(self, order: ExportOrder, into: ByteSink, tell: Tell) -> None:
        self.orders.append(order)
        half = len(self.content) // 2
        into.write(self.content[:half])
        tell(self.records // 2)
        if isinstance(self.happens, Exception):
            raise self.happens
        if callable(self.happens):
            self.happens()
        into.write(self.content[half:])
        tell(self.records + 1)  # somebody wrote an entry meanwhile
