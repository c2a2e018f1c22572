"""Give a person another role in the practice."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.identity.application.ports import AuditLog, Sessions
from apps.identity.domain.roles import Role
from apps.identity.domain.user import LastOwner, UserRepository
from apps.kernel.application.ports import UnitOfWork
from apps.kernel.domain.actor import Actor


@dataclass(frozen=True)
class ChangeRole:
    users: UserRepository
    sessions: Sessions
    audit: AuditLog
    unit_of_work: UnitOfWork

    def __call__(self, *, user_id: UUID, role: Role, reason: str, actor: Actor, at: datetime) -> None:
        """The person's sessions end; doing it twice changes nothing.

        Raises UserNotFound, OwnRole, StaffNeedsEmail, LastOwner, AccountDeleted.
        """
        with self.unit_of_work():
            user = self.users.get(user_id)
            old = user.role
            if old == role:
                return
            user.change_role(role, by=actor.user_id)
            if old == Role.OWNER and not self.users.has_other_owner(user_id):
                raise LastOwner
            self.users.save(user)
            self.sessions.close_all(user_id=user_id)
            self.audit.record(
                actor=actor,
                action="role_changed",
                entity="user",
                entity_id=str(user_id),
                at=at,
                changes={"role": (old.value, role.value), "reason": (None, reason)},
            )
