"""Data leaves the practice as a file: who took how much of what is written down."""

from collections.abc import Mapping
from dataclasses import dataclass

from apps.booking.application.ports import AuditLog
from apps.kernel.application.ports import UnitOfWork
from apps.kernel.domain.actor import Actor
from apps.kernel.domain.clock import Clock


@dataclass(frozen=True)
class RecordExport:
    unit_of_work: UnitOfWork
    audit: AuditLog
    clock: Clock

    def __call__(
        self, *, actor: Actor, entity: str, count: int, file_format: str, filters: Mapping[str, str]
    ) -> None:
        """``filters`` are P0: what was searched for is not among them, only that it was."""
        with self.unit_of_work():
            self.audit.record(
                actor=actor,
                action="data_exported",
                entity=entity,
                entity_id="",
                at=self.clock.now(),
                changes={
                    "count": (None, count),
                    "format": (None, file_format),
                    "filters": (None, dict(filters)),
                },
            )
