"""Somebody of the practice ends sessions of their own: a device left behind, or all others."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from apps.identity.application.ports import AuditLog
from apps.kernel.application.ports import UnitOfWork
from apps.kernel.domain.actor import Actor


class StaffSessions(Protocol):
    def end(self, *, user_id: UUID, key_hash: str) -> bool:
        """End one session of this person; False when there is none such."""
        ...

    def end_all(self, *, user_id: UUID, but: str | None = None) -> int:
        """End the person's sessions, except the one named; returns how many there were."""
        ...


@dataclass(frozen=True)
class EndStaffSessions:
    sessions: StaffSessions
    audit: AuditLog
    unit_of_work: UnitOfWork

    def one(self, *, user_id: UUID, key_hash: str, actor: Actor, at: datetime) -> bool:
        """Returns whether there was one."""
        with self.unit_of_work():
            ended = self.sessions.end(user_id=user_id, key_hash=key_hash)
            if ended:
                self._record(user_id, 1, actor, at)
        return ended

    def others(self, *, user_id: UUID, but: str, actor: Actor, at: datetime) -> int:
        """End all but the one that asks; returns how many."""
        with self.unit_of_work():
            count = self.sessions.end_all(user_id=user_id, but=but)
            if count:
                self._record(user_id, count, actor, at)
        return count

    def _record(self, user_id: UUID, count: int, actor: Actor, at: datetime) -> None:
        self.audit.record(
            actor=actor,
            action="staff_sessions_ended",
            entity="user",
            entity_id=str(user_id),
            at=at,
            changes={"count": (None, count)},
        )
