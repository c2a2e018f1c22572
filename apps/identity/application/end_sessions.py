"""Somebody ends sessions of their own on other devices."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.identity.application.ports import AuditLog, Sessions
from apps.identity.domain.user import UserNotFound
from apps.kernel.application.ports import UnitOfWork
from apps.kernel.domain.actor import Actor
from apps.kernel.domain.errors import NotFound, gettext_noop


class SessionNotFound(NotFound):
    code = "session_not_found"
    message = gettext_noop("There is no such session.")


@dataclass(frozen=True)
class EndSession:
    sessions: Sessions
    audit: AuditLog
    unit_of_work: UnitOfWork

    def __call__(self, *, session_id: UUID, actor: Actor, at: datetime) -> None:
        """End one of the actor's sessions, the present one too. Raises SessionNotFound."""
        if actor.user_id is None:
            raise UserNotFound
        with self.unit_of_work():
            if not self.sessions.close_one(session_id=session_id, user_id=actor.user_id):
                raise SessionNotFound
            self.audit.record(
                actor=actor, action="session_ended", entity="user", entity_id=str(actor.user_id), at=at
            )


@dataclass(frozen=True)
class EndOtherSessions:
    sessions: Sessions
    audit: AuditLog
    unit_of_work: UnitOfWork

    def __call__(self, *, session_id: UUID, actor: Actor, at: datetime) -> int:
        """End all of the actor's sessions but this one; returns how many there were."""
        if actor.user_id is None:
            raise UserNotFound
        with self.unit_of_work():
            ended = self.sessions.close_others(session_id=session_id, user_id=actor.user_id)
            if ended:
                self.audit.record(
                    actor=actor,
                    action="other_sessions_ended",
                    entity="user",
                    entity_id=str(actor.user_id),
                    at=at,
                    changes={"count": (None, ended)},
                )
            return ended
