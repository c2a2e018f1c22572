"""Close an account for a while, and open it again."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.identity.application.ports import AuditLog, Sessions
from apps.identity.domain.roles import Area, Role, Verb, may
from apps.identity.domain.user import ContactOfStaff, LastOwner, UserRepository
from apps.kernel.application.ports import UnitOfWork
from apps.kernel.domain.actor import Actor


@dataclass(frozen=True)
class BlockUser:
    users: UserRepository
    sessions: Sessions
    audit: AuditLog
    unit_of_work: UnitOfWork

    def __call__(self, *, user_id: UUID, blocked: bool, actor: Actor, at: datetime) -> None:
        """Block the person, which ends their sessions at once, or let them in again.

        Whoever may not manage the practice's people may block clients only.
        Raises UserNotFound, OwnRole, LastOwner, AccountDeleted, ContactOfStaff.
        """
        with self.unit_of_work():
            user = self.users.get(user_id)
            if user.is_staff and not may(actor.role, Area.SETTINGS, Verb.CHANGE):
                raise ContactOfStaff
            old = user.status
            if blocked:
                user.block(by=actor.user_id)
                if user.role == Role.OWNER and not self.users.has_other_owner(user_id):
                    raise LastOwner
                self.sessions.close_all(user_id=user_id)
            else:
                user.unblock(by=actor.user_id)
            if user.status == old:
                return
            self.users.save(user)
            self.audit.record(
                actor=actor,
                action="user_blocked" if blocked else "user_unblocked",
                entity="user",
                entity_id=str(user_id),
                at=at,
                changes={"status": (old.value, user.status.value)},
            )
