"""Sign a client in, or up, by the code they were sent."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.identity.application.ports import AuditLog, Sessions, SignInCodes
from apps.identity.domain.contacts import normalise_email
from apps.identity.domain.sign_in import SignInCodeInvalid
from apps.identity.domain.user import (
    DEFAULT_TIME_ZONE,
    ClientBlocked,
    Status,
    User,
    UserRepository,
)
from apps.kernel.application.ports import UnitOfWork
from apps.kernel.domain.actor import Actor
from apps.kernel.domain.errors import DomainError


@dataclass(frozen=True, kw_only=True)
class SignedIn:
    """``session_token`` is shown once; ``expires_at`` is an instant in UTC."""

    session_token: str
    expires_at: datetime
    user_id: UUID
    display_name: str
    email: str | None
    phone: str | None
    time_zone: str


@dataclass(frozen=True)
class SignIn:
    codes: SignInCodes
    users: UserRepository
    sessions: Sessions
    audit: AuditLog
    unit_of_work: UnitOfWork
    new_id: Callable[[], UUID]

    def __call__(
        self, *, email: str, code: str, language: str, ip: str, user_agent: str, at: datetime
    ) -> SignedIn:
        """``language`` is the caller's; letters to them are written in it from now on.
        Raises InvalidEmail, SignInCodeInvalid, ClientBlocked.

        Errors are raised after the unit of work, which keeps what a wrong try or a used code leaves behind.
        """
        email = normalise_email(email)
        outcome: SignedIn | DomainError = SignInCodeInvalid(field="code")
        with self.unit_of_work():
            if self.codes.accept(email=email, code=code):
                outcome = self._admit(email, language=language, ip=ip, user_agent=user_agent, at=at)
        if isinstance(outcome, DomainError):
            raise outcome
        return outcome

    def _admit(
        self, email: str, *, language: str, ip: str, user_agent: str, at: datetime
    ) -> SignedIn | DomainError:
        people = self.users.with_contacts(email=email, phone=None)
        user = people[0] if people else self._register(email)
        if user.is_staff:
            return SignInCodeInvalid(field="code")
        if user.status != Status.ACTIVE:
            return ClientBlocked()
        if user.speak(language):
            self.users.save(user)
        token, expires_at = self.sessions.open(user_id=user.id, at=at)
        self.audit.record(
            actor=Actor(user_id=user.id, role=user.role, ip=ip, user_agent=user_agent),
            action="signed_in" if people else "signed_up",
            entity="user",
            entity_id=str(user.id),
            at=at,
        )
        return SignedIn(
            session_token=token,
            expires_at=expires_at,
            user_id=user.id,
            display_name=user.display_name,
            email=user.email,
            phone=user.phone,
            time_zone=user.time_zone,
        )

    def _register(self, email: str) -> User:
        user = User.register_client(
            id=self.new_id(),
            display_name=None,
            email=email,
            phone=None,
            time_zone=DEFAULT_TIME_ZONE,
        )
        self.users.add(user)
        return user
