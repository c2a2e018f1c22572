"""End a client's session."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.identity.application.ports import AuditLog, Sessions
from apps.kernel.application.ports import UnitOfWork
from apps.kernel.domain.actor import Actor


@dataclass(frozen=True)
class SignOut:
    sessions: Sessions
    audit: AuditLog
    unit_of_work: UnitOfWork

    def __call__(self, *, session_id: UUID, actor: Actor, at: datetime) -> None:
        with self.unit_of_work():
            self.sessions.close(session_id=session_id)
            self.audit.record(
                actor=actor, action="signed_out", entity="user", entity_id=str(actor.user_id), at=at
            )
