"""Give somebody who works in the practice a new password."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.identity.application.employ import Passwords
from apps.identity.application.ports import AuditLog
from apps.identity.domain.user import NotAStaffRole, UserRepository
from apps.kernel.application.ports import UnitOfWork
from apps.kernel.domain.actor import Actor


@dataclass(frozen=True)
class SetPassword:
    users: UserRepository
    passwords: Passwords
    audit: AuditLog
    unit_of_work: UnitOfWork

    def __call__(self, *, user_id: UUID, password: str, actor: Actor, at: datetime) -> None:
        """The person's workspace sessions end. Raises UserNotFound, NotAStaffRole, PasswordTooWeak."""
        with self.unit_of_work():
            user = self.users.get(user_id)
            if not user.is_staff:
                raise NotAStaffRole
            self.passwords.set(user_id=user_id, password=password)
            self.audit.record(
                actor=actor, action="password_set", entity="user", entity_id=str(user_id), at=at
            )
