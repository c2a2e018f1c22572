"""Give somebody a place in the practice: an account with a role and a password."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from apps.identity.application.ports import AuditLog
from apps.identity.domain.contacts import normalise_email
from apps.identity.domain.roles import Role
from apps.identity.domain.user import ContactTaken, User, UserRepository
from apps.kernel.application.ports import UnitOfWork
from apps.kernel.domain.actor import Actor


class Passwords(Protocol):
    def set(self, *, user_id: UUID, password: str) -> None:
        """Keep the password of a person, hashed. Raises PasswordTooWeak."""
        ...


@dataclass(frozen=True)
class Employ:
    users: UserRepository
    passwords: Passwords
    audit: AuditLog
    unit_of_work: UnitOfWork
    new_id: Callable[[], UUID]

    def __call__(
        self, *, email: str, display_name: str, role: Role, password: str, actor: Actor, at: datetime
    ) -> UUID:
        """Raises InvalidEmail, NameRequired, ContactTaken, PasswordTooWeak, NotAStaffRole."""
        email = normalise_email(email)
        with self.unit_of_work():
            if self.users.with_contacts(email=email, phone=None):
                raise ContactTaken(field="email")
            user = User.employ(id=self.new_id(), display_name=display_name, email=email, role=role)
            self.users.add(user)
            self.passwords.set(user_id=user.id, password=password)
            self.audit.record(
                actor=actor,
                action="staff_added",
                entity="user",
                entity_id=str(user.id),
                at=at,
                changes={"role": (None, role.value)},
            )
        return user.id
