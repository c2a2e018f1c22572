"""The audit log, behind identity's port."""

from collections.abc import Mapping
from datetime import datetime

from apps.audit import facade
from apps.kernel.domain.actor import Actor


class FacadeAuditLog:
    def record(
        self,
        *,
        actor: Actor,
        action: str,
        entity: str,
        entity_id: str,
        at: datetime,
        changes: Mapping[str, tuple[object, object]] | None = None,
    ) -> None:
        facade.record(actor=actor, action=action, entity=entity, entity_id=entity_id, at=at, changes=changes)
