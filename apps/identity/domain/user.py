"""A person with an account: a client of the practice or somebody who works in it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, Self
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from apps.identity.domain.contacts import ContactKind
from apps.identity.domain.roles import STAFF, Role
from apps.kernel.domain.aggregate import Aggregate
from apps.kernel.domain.errors import DomainError, NotFound, gettext_noop

DEFAULT_TIME_ZONE = "Europe/Moscow"
DEFAULT_LANGUAGE = "ru"
LANGUAGES = ("ru", "en")
NAME_MAX_LENGTH = 120


class Status(StrEnum):
    ACTIVE = "active"
    BLOCKED = "blocked"
    DELETED = "deleted"


class UserNotFound(NotFound):
    code = "user_not_found"
    message = gettext_noop("There is no such person.")


class NameRequired(DomainError):
    code = "name_required"
    message = gettext_noop("Enter a name of at most %(limit)s characters.")


class ContactRequired(DomainError):
    code = "contact_required"
    message = gettext_noop("Enter an e-mail address or a phone number.")


class ContactsOfTwoPeople(DomainError):
    code = "contacts_of_two_people"
    message = gettext_noop("This e-mail address and this phone number belong to two different people.")


class ContactTaken(DomainError):
    code = "contact_taken"
    message = gettext_noop("Somebody else already has this contact.")


class ContactOfStaff(DomainError):
    code = "contact_of_staff"
    message = gettext_noop("This contact belongs to somebody who works in the practice.")


class ClientBlocked(DomainError):
    code = "client_blocked"
    message = gettext_noop("This person's account is blocked.")


class OwnRole(DomainError):
    code = "own_role"
    message = gettext_noop("Nobody changes their own role or blocks themselves.")


class StaffNeedsEmail(DomainError):
    code = "staff_needs_email"
    message = gettext_noop("Somebody who works in the practice needs an e-mail address to sign in.")


class LastOwner(DomainError):
    code = "last_owner"
    message = gettext_noop("The practice needs at least one active owner.")


class TimeZoneUnknown(DomainError):
    code = "unknown_time_zone"
    message = gettext_noop("This time zone is not known.")


class LanguageUnknown(DomainError):
    code = "unknown_language"
    message = gettext_noop("Letters are not written in this language.")


class ContactUnchanged(DomainError):
    code = "contact_unchanged"
    message = gettext_noop("This is already your contact.")


class LastContact(DomainError):
    code = "last_contact"
    message = gettext_noop("You sign in by this contact. Replace it by another one instead of removing it.")


class NotAStaffRole(DomainError):
    code = "not_a_staff_role"
    message = gettext_noop("Choose a role in the practice: owner, assistant or editor.")


class PasswordTooWeak(DomainError):
    """``advice`` says what is wrong with the password, in the language of the page."""

    code = "password_too_weak"
    message = gettext_noop("Choose another password. %(advice)s")


class OnlyClientsErased(DomainError):
    code = "only_clients_erased"
    message = gettext_noop("Only a client's account is erased.")


class AccountDeleted(DomainError):
    code = "account_deleted"
    message = gettext_noop("This account has been deleted.")


def clean_name(text: str) -> str:
    """The name with single spaces. Raises NameRequired when it is empty or too long."""
    name = " ".join(text.split())
    if not name or len(name) > NAME_MAX_LENGTH:
        raise NameRequired(field="display_name", limit=NAME_MAX_LENGTH)
    return name


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, ZoneInfoNotFoundError) as error:
        raise TimeZoneUnknown(field="time_zone") from error
    return name


@dataclass(kw_only=True, eq=False)
class User(Aggregate):
    """Contacts are kept in their normal form; at least one is known unless the account is deleted.
    ``language`` (a code: ``ru``) is the one that letters to them are written in."""

    id: UUID
    role: Role
    status: Status
    display_name: str
    email: str | None
    phone: str | None
    telegram_id: int | None
    time_zone: str
    language: str

    @classmethod
    def register_client(
        cls, *, id: UUID, display_name: str | None, email: str | None, phone: str | None, time_zone: str
    ) -> Self:
        """A new client; the name is None until somebody tells it. Raises ContactRequired, NameRequired."""
        if email is None and phone is None:
            raise ContactRequired
        return cls(
            id=id,
            role=Role.CLIENT,
            status=Status.ACTIVE,
            display_name="" if display_name is None else clean_name(display_name),
            email=email,
            phone=phone,
            telegram_id=None,
            time_zone=time_zone,
            language=DEFAULT_LANGUAGE,
        )

    @classmethod
    def employ(cls, *, id: UUID, display_name: str, email: str, role: Role) -> Self:
        """Somebody new who works in the practice. Raises NameRequired, NotAStaffRole."""
        if role not in STAFF:
            raise NotAStaffRole(field="role")
        return cls(
            id=id,
            role=role,
            status=Status.ACTIVE,
            display_name=clean_name(display_name),
            email=email,
            phone=None,
            telegram_id=None,
            time_zone=DEFAULT_TIME_ZONE,
            language=DEFAULT_LANGUAGE,
        )

    @property
    def is_staff(self) -> bool:
        return self.role in STAFF

    def speak(self, language: str) -> bool:
        """Remember the language they use. Returns whether it is another than before."""
        before, self.language = self.language, language
        return language != before

    def learn_contacts(self, *, email: str | None, phone: str | None) -> bool:
        """Fill in the contacts that were not known; known ones stay. Returns whether anything is new."""
        before = (self.email, self.phone)
        self.email, self.phone = self.email or email, self.phone or phone
        return (self.email, self.phone) != before

    def correct(self, *, display_name: str, email: str | None, phone: str | None, time_zone: str) -> set[str]:
        """Put the record right and return the names of the fields that changed.

        Raises NameRequired, ContactRequired, TimeZoneUnknown, AccountDeleted.
        """
        if self.status == Status.DELETED:
            raise AccountDeleted
        if email is None and phone is None and self.telegram_id is None:
            raise ContactRequired(field="email")
        return self._set(
            display_name=clean_name(display_name),
            email=email,
            phone=phone,
            time_zone=_known_zone(time_zone),
        )

    def describe(
        self, *, display_name: str | None = None, time_zone: str | None = None, language: str | None = None
    ) -> set[str]:
        """What people say about themselves; None leaves as it is. Returns the names of changed fields.

        Raises NameRequired, TimeZoneUnknown, LanguageUnknown, AccountDeleted.
        """
        if self.status == Status.DELETED:
            raise AccountDeleted
        if language is not None and language not in LANGUAGES:
            raise LanguageUnknown(field="language")
        return self._set(
            display_name=self.display_name if display_name is None else clean_name(display_name),
            time_zone=self.time_zone if time_zone is None else _known_zone(time_zone),
            language=self.language if language is None else language,
        )

    def ensure_contact_may_become(self, kind: ContactKind, value: str | None) -> None:
        """Raises ContactUnchanged, LastContact (nobody removes what they sign in by), AccountDeleted."""
        if self.status == Status.DELETED:
            raise AccountDeleted
        if value == (self.email if kind is ContactKind.EMAIL else self.phone):
            raise ContactUnchanged(field="value")
        if value is None and self.telegram_id is None and (kind is ContactKind.EMAIL or self.email is None):
            raise LastContact(field="value")

    def change_contact(self, kind: ContactKind, value: str | None) -> None:
        """Take a proved contact (in its normal form) in the place of the one before; None removes it.

        Raises ContactUnchanged, LastContact, AccountDeleted.
        """
        self.ensure_contact_may_become(kind, value)
        if kind is ContactKind.EMAIL:
            self.email = value
        else:
            self.phone = value

    def change_role(self, role: Role, *, by: UUID | None) -> None:
        """Raises OwnRole, StaffNeedsEmail, AccountDeleted."""
        self._refuse_self(by)
        if role in STAFF and self.email is None:
            raise StaffNeedsEmail
        self.role = role

    def block(self, *, by: UUID | None) -> None:
        """Raises OwnRole, AccountDeleted."""
        self._refuse_self(by)
        self.status = Status.BLOCKED

    def unblock(self, *, by: UUID | None) -> None:
        """Raises OwnRole, AccountDeleted."""
        self._refuse_self(by)
        self.status = Status.ACTIVE

    def erase(self) -> bool:
        """Forget who this was; the id stays. Returns whether there was anything to forget. Raises
        OnlyClientsErased: somebody who works in the practice is dismissed first."""
        if self.is_staff:
            raise OnlyClientsErased
        was_there = self.status is not Status.DELETED
        self.status = Status.DELETED
        self.display_name = ""
        self.email = self.phone = self.telegram_id = None
        self.time_zone, self.language = DEFAULT_TIME_ZONE, DEFAULT_LANGUAGE
        return was_there

    def _set(self, **new: str | None) -> set[str]:
        changed = {name for name, value in new.items() if getattr(self, name) != value}
        for name, value in new.items():
            setattr(self, name, value)
        return changed

    def _refuse_self(self, by: UUID | None) -> None:
        if self.status == Status.DELETED:
            raise AccountDeleted
        if by == self.id:
            raise OwnRole


class UserRepository(Protocol):
    def get(self, user_id: UUID) -> User:
        """The person, locked until the end of the transaction. Raises UserNotFound."""
        ...

    def with_contacts(self, *, email: str | None, phone: str | None) -> list[User]:
        """Everybody who has one of these contacts, locked: two people at most."""
        ...

    def add(self, user: User) -> None:
        """Raises ContactTaken when somebody else has a contact; the transaction stays usable."""
        ...

    def save(self, user: User) -> None:
        """Raises ContactTaken when somebody else has a contact; the transaction stays usable."""
        ...

    def has_other_owner(self, user_id: UUID) -> bool:
        """Whether an active owner besides ``user_id`` exists; the owners stay locked."""
        ...
