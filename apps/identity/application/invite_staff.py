"""Inviting people into the practice by e-mail, and helping them to a new password in the same way."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from apps.identity.application.employ import Passwords
from apps.identity.application.ports import AuditLog, Sessions
from apps.identity.domain.contacts import normalise_email
from apps.identity.domain.events import StaffInvited
from apps.identity.domain.invitation import LIFETIME, InvitationInvalid, NoOpenInvitation
from apps.identity.domain.roles import Role
from apps.identity.domain.user import ClientBlocked, ContactTaken, NotAStaffRole, Status, User, UserRepository
from apps.kernel.application.ports import EventBus, UnitOfWork
from apps.kernel.domain.actor import Actor


@dataclass(frozen=True, kw_only=True)
class InvitationLetter:
    """What the letter of an invitation tells. ``token`` ends the link, and is known to this letter only."""

    email: str
    display_name: str
    role: str
    language: str
    token: str
    lifetime_hours: int


class Invitations(Protocol):
    def open(self, *, invitation_id: UUID, user_id: UUID, at: datetime, expires_at: datetime) -> None:
        """Start an invitation; one that the person had before stops working."""
        ...

    def cancel(self, *, user_id: UUID, at: datetime) -> bool:
        """Close the person's open invitation; False when there is none."""
        ...

    def person_of(self, *, invitation_id: UUID, at: datetime) -> UUID | None:
        """Whom an open invitation is for, the invitation locked; None when it is closed or over."""
        ...

    def issue_token(self, *, invitation_id: UUID, expires_at: datetime) -> str:
        """Make a new token for the locked invitation; tokens made before stop working."""
        ...

    def find(self, *, token: str, at: datetime) -> tuple[UUID, UUID] | None:
        """The open invitation of a token and its person, locked; None when there is none."""
        ...

    def accept(self, *, invitation_id: UUID, at: datetime) -> None:
        """Close the locked invitation as used."""
        ...


@dataclass(frozen=True)
class InviteStaff:
    users: UserRepository
    invitations: Invitations
    events: EventBus
    audit: AuditLog
    unit_of_work: UnitOfWork
    new_id: Callable[[], UUID]

    def __call__(self, *, email: str, display_name: str, role: Role, actor: Actor, at: datetime) -> UUID:
        """An account that cannot sign in yet, and a letter with a link; returns the person's id.

        Raises InvalidEmail, NameRequired, ContactTaken, NotAStaffRole.
        """
        email = normalise_email(email)
        with self.unit_of_work():
            if self.users.with_contacts(email=email, phone=None):
                raise ContactTaken(field="email")
            user = User.employ(id=self.new_id(), display_name=display_name, email=email, role=role)
            self.users.add(user)
            self._open(user.id, at)
            self._record("staff_invited", user.id, actor, at, {"role": (None, role.value)})
        return user.id

    def again(self, *, user_id: UUID, actor: Actor, at: datetime) -> None:
        """One more letter with a fresh link: it was lost, has expired, or the password is forgotten.

        Raises UserNotFound, NotAStaffRole, ClientBlocked.
        """
        with self.unit_of_work():
            user = self.users.get(user_id)
            if not user.is_staff:
                raise NotAStaffRole
            if user.status != Status.ACTIVE:
                raise ClientBlocked
            self._open(user_id, at)
            self._record("staff_invited", user_id, actor, at, {})

    def cancel(self, *, user_id: UUID, actor: Actor, at: datetime) -> None:
        """The link of the person's open invitation stops working. Raises NoOpenInvitation."""
        with self.unit_of_work():
            if not self.invitations.cancel(user_id=user_id, at=at):
                raise NoOpenInvitation
            self._record("staff_invitation_canceled", user_id, actor, at, {})

    def _open(self, user_id: UUID, at: datetime) -> None:
        invitation_id = self.new_id()
        self.invitations.open(invitation_id=invitation_id, user_id=user_id, at=at, expires_at=at + LIFETIME)
        self.events.publish(
            [StaffInvited(event_id=self.new_id(), occurred_at=at, invitation_id=invitation_id)]
        )

    def _record(
        self,
        action: str,
        user_id: UUID,
        actor: Actor,
        at: datetime,
        changes: dict[str, tuple[object, object]],
    ) -> None:
        self.audit.record(
            actor=actor, action=action, entity="user", entity_id=str(user_id), at=at, changes=changes
        )


@dataclass(frozen=True)
class WriteInvitation:
    """Called when the letter is written, so that no token waits in a queue."""

    users: UserRepository
    invitations: Invitations
    unit_of_work: UnitOfWork

    def __call__(self, *, invitation_id: UUID, at: datetime) -> InvitationLetter | None:
        """None when the invitation was used, canceled or replaced, or the account is closed."""
        with self.unit_of_work():
            user_id = self.invitations.person_of(invitation_id=invitation_id, at=at)
            if user_id is None:
                return None
            user = self.users.get(user_id)
            if user.status != Status.ACTIVE or not user.is_staff or user.email is None:
                return None
            token = self.invitations.issue_token(invitation_id=invitation_id, expires_at=at + LIFETIME)
        return InvitationLetter(
            email=user.email,
            display_name=user.display_name,
            role=user.role.value,
            language=user.language,
            token=token,
            lifetime_hours=int(LIFETIME.total_seconds()) // 3600,
        )


@dataclass(frozen=True)
class AcceptInvitation:
    users: UserRepository
    invitations: Invitations
    passwords: Passwords
    sessions: Sessions
    audit: AuditLog
    unit_of_work: UnitOfWork

    def whose(self, *, token: str, at: datetime) -> User:
        """Who may use this link. Raises InvitationInvalid."""
        with self.unit_of_work():
            return self._found(token, at)[1]

    def __call__(self, *, token: str, password: str, ip: str, user_agent: str, at: datetime) -> None:
        """Set the password, use up the link and end the person's sessions.

        Raises InvitationInvalid, PasswordTooWeak; with a weak password the link stays good.
        """
        with self.unit_of_work():
            invitation_id, user = self._found(token, at)
            self.passwords.set(user_id=user.id, password=password)
            self.invitations.accept(invitation_id=invitation_id, at=at)
            self.sessions.close_all(user_id=user.id)
            self.audit.record(
                actor=Actor(user_id=user.id, role=user.role.value, ip=ip, user_agent=user_agent),
                action="staff_invitation_accepted",
                entity="user",
                entity_id=str(user.id),
                at=at,
            )

    def _found(self, token: str, at: datetime) -> tuple[UUID, User]:
        found = self.invitations.find(token=token, at=at)
        if found is None:
            raise InvitationInvalid
        user = self.users.get(found[1])
        if user.status != Status.ACTIVE or not user.is_staff:
            raise InvitationInvalid
        return found[0], user
