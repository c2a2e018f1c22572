"""A worker makes the file of an export."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from apps.client_cabinet.application.export_ports import (
    BuildSuperseded,
    ExportFiles,
    ExportMaker,
    ExportOrder,
)
from apps.client_cabinet.domain.data_export import (
    RUNNING,
    DataExport,
    ExportKind,
    ExportNotFound,
    ExportRepository,
    ExportStatus,
    FailureCode,
)
from apps.kernel.application.ports import DecryptionFailed, EventBus, UnitOfWork
from apps.kernel.domain.clock import Clock
from apps.kernel.domain.ids import NewId


@dataclass(frozen=True)
class BuildExport:
    """The texts are read and encrypted outside of any transaction, piece by piece. An attempt is named; what
    it writes counts only as long as no other one has begun, so a worker that died leaves nothing behind.

    ``passing`` are failures that another run may not meet (the database went away): they fail the run, not
    the export.
    """

    unit_of_work: UnitOfWork
    exports: ExportRepository
    files: ExportFiles
    makers: Mapping[ExportKind, ExportMaker]
    events: EventBus
    clock: Clock
    new_id: NewId
    passing: tuple[type[Exception], ...]

    def __call__(self, *, export_id: UUID) -> None:
        """Does nothing for an export that is over. What it raises, ``passing`` aside, has failed it."""
        order, build = self._start(export_id)
        if order is None:
            return
        try:
            size = self._write(export_id, build, order)
        except BuildSuperseded:
            return
        except Exception as error:
            if not isinstance(error, self.passing):
                unreadable = isinstance(error, DecryptionFailed)
                self._fail(export_id, build, FailureCode.UNREADABLE if unreadable else FailureCode.DEFECT)
            raise
        self._finish(export_id, build, size)

    def _start(self, export_id: UUID) -> tuple[ExportOrder | None, UUID]:
        now, build = self.clock.now(), self.new_id()
        with self.unit_of_work():
            try:
                export = self.exports.get(export_id)
            except ExportNotFound:
                return None, build
            if export.status not in RUNNING:
                return None, build
            order = ExportOrder(
                client_id=export.client_id,
                kind=export.kind,
                first_day=export.first_day,
                last_day=export.last_day,
                passphrase=export.passphrase,
                made_at=now,
            )
            export.start(build=build)
            self.exports.save(export)
        return order, build

    def _write(self, export_id: UUID, build: UUID, order: ExportOrder) -> int:
        maker = self.makers[order.kind]
        total = maker.count(order)
        with self.unit_of_work():
            export = self._own(export_id, build)
            export.total = total
            self.exports.save(export)
        with self.files.writer(export_id=export_id, build=build) as writer:
            # What was counted may have grown or shrunk since: nobody is told more than the whole.
            maker.make(order, writer, lambda done: writer.tell_done(min(done, total)))
        return writer.size

    def _finish(self, export_id: UUID, build: UUID, size: int) -> None:
        with self.unit_of_work():
            try:
                export = self._own(export_id, build)
            except BuildSuperseded:
                return
            export.finish(size=size, now=self.clock.now(), new_id=self.new_id)
            self.exports.save(export)
            self.files.remove(export_id, but=build)
            self.events.publish(export.pull_events())

    def _fail(self, export_id: UUID, build: UUID, code: FailureCode) -> None:
        with self.unit_of_work():
            try:
                export = self._own(export_id, build)
            except BuildSuperseded:
                return
            export.fail(code)
            self.exports.save(export)
            self.files.remove(export_id)

    def _own(self, export_id: UUID, build: UUID) -> DataExport:
        try:
            export = self.exports.get(export_id)
        except ExportNotFound as error:
            raise BuildSuperseded from error
        if export.status is not ExportStatus.PROCESSING or export.build != build:
            raise BuildSuperseded
        return export
