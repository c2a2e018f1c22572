"""A person fetches what was made for them, or drops it; what is over is removed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.client_cabinet.application.export_ports import ExportFiles
from apps.client_cabinet.application.ports import AuditLog
from apps.client_cabinet.domain.data_export import (
    ALLOWED,
    RUNNING,
    ExportKind,
    ExportNotFound,
    ExportNotReady,
    ExportRepository,
    ExportStatus,
    FailureCode,
)
from apps.kernel.application.ports import UnitOfWork
from apps.kernel.domain.actor import Actor
from apps.kernel.domain.clock import Clock


@dataclass(frozen=True, kw_only=True)
class FetchedFile:
    """``pieces`` are read from the database one by one, ``size`` bytes in all."""

    kind: ExportKind
    ready_at: datetime
    size: int
    pieces: Iterator[bytes]


@dataclass(frozen=True)
class FetchExport:
    unit_of_work: UnitOfWork
    exports: ExportRepository
    files: ExportFiles
    audit: AuditLog
    clock: Clock

    def __call__(self, *, export_id: UUID, client_id: UUID, actor: Actor) -> FetchedFile:
        """The file, once that it is fetched is on record.

        Raises ExportNotFound (for somebody else's too), ExportNotReady, ExportExpired."""
        now = self.clock.now()
        with self.unit_of_work():
            export = self.exports.get(export_id, client_id=client_id)
            export.ensure_fetchable(now)
            if export.build is None or export.ready_at is None:
                raise ExportNotReady
            self.audit.record(
                actor=actor,
                action="export_fetched",
                entity="data_export",
                entity_id=str(export_id),
                at=now,
                changes={"kind": (None, export.kind.value)},
            )
        return FetchedFile(
            kind=export.kind,
            ready_at=export.ready_at,
            size=export.size,
            pieces=self.files.read(export_id=export_id, build=export.build),
        )


@dataclass(frozen=True)
class DropExport:
    unit_of_work: UnitOfWork
    exports: ExportRepository
    files: ExportFiles
    audit: AuditLog
    clock: Clock

    def __call__(self, *, export_id: UUID, client_id: UUID, actor: Actor) -> None:
        """Remove the file, or stop its making; what is over already stays so. Raises ExportNotFound."""
        with self.unit_of_work():
            export = self.exports.get(export_id, client_id=client_id)
            if ExportStatus.EXPIRED not in ALLOWED[export.status]:
                return
            export.expire()
            self.exports.save(export)
            self.files.remove(export_id)
            self.audit.record(
                actor=actor,
                action="export_dropped",
                entity="data_export",
                entity_id=str(export_id),
                at=self.clock.now(),
            )


@dataclass(frozen=True)
class EndExports:
    """Removes files whose time is over, and gives up what nobody has finished: each in a transaction."""

    unit_of_work: UnitOfWork
    exports: ExportRepository
    files: ExportFiles
    clock: Clock

    def __call__(self) -> int:
        """How many have ended."""
        now, ended = self.clock.now(), 0
        for export_id in list(self.exports.ended(now)):
            with self.unit_of_work():
                try:
                    export = self.exports.get(export_id)
                except ExportNotFound:
                    continue
                if export.is_overdue(now) and export.status in RUNNING:
                    export.fail(FailureCode.TOOK_TOO_LONG)
                elif export.status is ExportStatus.READY and export.status_at(now) is ExportStatus.EXPIRED:
                    export.expire()
                else:
                    continue
                self.exports.save(export)
                self.files.remove(export_id)
                ended += 1
        return ended
