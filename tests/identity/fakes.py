"""Hand-written stand-ins of identity's ports, in memory."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from apps.identity.application.ports import Confirmation, SignInLetter
from apps.identity.domain.confirmation import ConfirmationPurpose
from apps.identity.domain.roles import Role
from apps.identity.domain.user import PasswordTooWeak, Status, User, UserNotFound
from apps.kernel.domain.actor import Actor
from apps.kernel.domain.events import DomainEvent


@dataclass
class FakeUnitOfWork:
    """Counts how its blocks ended."""

    committed: int = 0
    rolled_back: int = 0

    @contextmanager
    def __call__(self) -> Iterator[None]:
        try:
            yield
        except BaseException:
            self.rolled_back += 1
            raise
        self.committed += 1


@dataclass
class FakeUsers:
    people: dict[UUID, User] = field(default_factory=dict)
    saved: list[UUID] = field(default_factory=list)

    def get(self, user_id: UUID) -> User:
        try:
            return self.people[user_id]
        except KeyError as error:
            raise UserNotFound from error

    def with_contacts(self, *, email: str | None, phone: str | None) -> list[User]:
        return [
            user
            for user in self.people.values()
            if (email is not None and user.email == email) or (phone is not None and user.phone == phone)
        ]

    def add(self, user: User) -> None:
        self.people[user.id] = user

    def save(self, user: User) -> None:
        self.saved.append(user.id)

    def has_other_owner(self, user_id: UUID) -> bool:
        return any(
            user.id != user_id and user.role == Role.OWNER and user.status == Status.ACTIVE
            for user in self.people.values()
        )


@dataclass
class FakeAudit:
    actions: list[str] = field(default_factory=list)
    changes: list[Mapping[str, tuple[object, object]] | None] = field(default_factory=list)

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
        self.actions.append(action)
        self.changes.append(changes)


@dataclass
class FakeSessions:
    own: set[UUID] = field(default_factory=set)
    opened: list[UUID] = field(default_factory=list)
    closed: list[UUID] = field(default_factory=list)

    def open(self, *, user_id: UUID, at: datetime) -> tuple[str, datetime]:
        self.opened.append(user_id)
        return f"token {len(self.opened)}", at + timedelta(days=30)

    def close(self, *, session_id: UUID) -> None:
        self.closed.append(session_id)

    def close_all(self, *, user_id: UUID) -> None:
        self.closed.append(user_id)

    def close_one(self, *, session_id: UUID, user_id: UUID) -> bool:
        self.closed.append(session_id)
        return session_id in self.own

    def close_others(self, *, session_id: UUID, user_id: UUID) -> int:
        self.closed.append(user_id)
        return len(self.own - {session_id})


@dataclass
class FakeCodes:
    """Accepts ``right`` once; letters go to ``address``."""

    right: str = "1234-5678"
    address: str | None = "anna@example.ru"
    asked: list[str] = field(default_factory=list)

    def request(self, *, email: str, language: str, at: datetime) -> tuple[int, int]:
        self.asked.append(email)
        return 7, len(self.asked)

    def pending_address(self, *, row_id: int, request_number: int) -> str | None:
        return self.address

    def issue(self, *, row_id: int, with_code: bool) -> SignInLetter:
        code = self.right if with_code else None
        return SignInLetter(email=self.address or "", code=code, language="ru", lifetime_minutes=10)

    def accept(self, *, email: str, code: str) -> bool:
        accepted, self.right = code == self.right, "" if code == self.right else self.right
        return accepted


@dataclass
class FakeConfirmations:
    """Steps in memory; ``right`` is the code of each one that waits."""

    right: str = "123456"
    requests: int = 0
    letters: int = 0
    phones: int = 0
    steps: dict[UUID, Confirmation] = field(default_factory=dict)
    sent_to: dict[UUID, str | None] = field(default_factory=dict)
    closed: set[UUID] = field(default_factory=set)
    accepted: set[UUID] = field(default_factory=set)
    old_emails: dict[UUID, str] = field(default_factory=dict)

    def count_person(self, *, user_id: UUID, at: datetime) -> int:
        self.requests += 1
        return self.requests

    def count_address(self, *, email: str, at: datetime) -> int:
        self.letters += 1
        return self.letters

    def count_phone(self, *, user_id: UUID, at: datetime) -> int:
        self.phones += 1
        return self.phones

    def open(self, confirmation: Confirmation, *, sent_to: str | None, silent: bool, at: datetime) -> None:
        self.steps[confirmation.id] = confirmation
        self.sent_to[confirmation.id] = sent_to
        if silent:
            self.closed.add(confirmation.id)

    def whose(self, confirmation_id: UUID) -> UUID | None:
        step = self.steps.get(confirmation_id)
        return None if step is None else step.user_id

    def pending(self, confirmation_id: UUID) -> tuple[Confirmation, str | None] | None:
        if confirmation_id in self.closed or confirmation_id not in self.steps:
            return None
        return self.steps[confirmation_id], self.sent_to[confirmation_id]

    def issue(self, confirmation_id: UUID) -> tuple[str, int]:
        return self.right, 10

    def accept(
        self, *, confirmation_id: UUID, user_id: UUID, purpose: ConfirmationPurpose, code: str, at: datetime
    ) -> Confirmation | None:
        step = self.steps.get(confirmation_id)
        if step is None or (step.user_id, step.purpose) != (user_id, purpose) or step.id in self.closed:
            return None
        if code != self.right:
            return None
        self.closed.add(step.id)
        self.accepted.add(step.id)
        return step

    def close_all(self, *, user_id: UUID, at: datetime) -> None:
        self.closed |= {step.id for step in self.steps.values() if step.user_id == user_id}

    def remember_old_email(self, *, confirmation_id: UUID, email: str) -> None:
        self.old_emails[confirmation_id] = email

    def done(self, confirmation_id: UUID) -> tuple[Confirmation, str | None] | None:
        if confirmation_id not in self.accepted:
            return None
        return self.steps[confirmation_id], self.old_emails.get(confirmation_id)


@dataclass
class FakeEvents:
    published: list[DomainEvent] = field(default_factory=list)

    def publish(self, events: Iterable[DomainEvent]) -> None:
        self.published.extend(events)


@dataclass
class FakePasswords:
    kept: dict[UUID, str] = field(default_factory=dict)

    def set(self, *, user_id: UUID, password: str) -> None:
        if len(password) < 10:
            raise PasswordTooWeak(advice="")
        self.kept[user_id] = password
