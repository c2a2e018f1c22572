"""A person asks for their data."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from apps.client_cabinet.application.export_ports import BuildLater, NewPassphrase
from apps.client_cabinet.application.ports import AuditLog
from apps.client_cabinet.domain.data_export import (
    DataExport,
    ExportKind,
    ExportRepository,
    ExportRunning,
    TooManyExports,
)
from apps.kernel.application.ports import UnitOfWork
from apps.kernel.domain.actor import Actor
from apps.kernel.domain.clock import Clock
from apps.kernel.domain.ids import NewId

WINDOW = timedelta(hours=24)


@dataclass(frozen=True)
class RequestExport:
    """``most`` is how many one person may ask for within WINDOW; failed ones do not count."""

    unit_of_work: UnitOfWork
    exports: ExportRepository
    audit: AuditLog
    build_later: BuildLater
    new_passphrase: NewPassphrase
    clock: Clock
    new_id: NewId
    most: int

    def __call__(
        self,
        *,
        client_id: UUID,
        kind: ExportKind,
        first_day: date | None,
        last_day: date | None,
        actor: Actor,
    ) -> tuple[DataExport, str]:
        """The export and its passphrase, which nobody is ever told again.

        Raises WrongExportPeriod, ExportRunning, TooManyExports."""
        now = self.clock.now()
        passphrase = self.new_passphrase()
        export = DataExport.request(
            id=self.new_id(),
            client_id=client_id,
            kind=kind,
            first_day=first_day,
            last_day=last_day,
            passphrase=passphrase,
            now=now,
        )
        with self.unit_of_work():
            self.exports.queue_up(client_id)
            if self.exports.is_running(client_id):
                raise ExportRunning
            asked = self.exports.asked_since(client_id, now - WINDOW)
            if len(asked) >= self.most:
                again_at = asked[-self.most] + WINDOW if self.most else now + WINDOW
                raise TooManyExports(most=self.most, again_at=again_at.isoformat())
            self.exports.add(export)
            self.audit.record(
                actor=actor,
                action="export_requested",
                entity="data_export",
                entity_id=str(export.id),
                at=now,
                changes={"kind": (None, kind.value)},
            )
            self.build_later(export.id)
        return export, passphrase
