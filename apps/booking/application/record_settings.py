"""A setting of the practice was saved: who changed what is written down."""

from collections.abc import Mapping
from dataclasses import dataclass

from apps.booking.application.ports import AuditLog
from apps.kernel.application.ports import UnitOfWork
from apps.kernel.domain.actor import Actor
from apps.kernel.domain.clock import Clock


@dataclass(frozen=True)
class RecordSettings:
    unit_of_work: UnitOfWork
    audit: AuditLog
    clock: Clock

    def __call__(
        self,
        *,
        actor: Actor,
        entity: str,
        entity_id: str,
        changes: Mapping[str, tuple[object, object]],
    ) -> None:
        """Joins the transaction that saves the setting. ``changes`` are P0; none, no record."""
        if not changes:
            return
        with self.unit_of_work():
            self.audit.record(
                actor=actor,
                action="settings_changed",
                entity=entity,
                entity_id=entity_id,
                at=self.clock.now(),
                changes=changes,
            )
