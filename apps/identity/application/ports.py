"""What identity needs from outside its domain."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from apps.identity.domain.confirmation import ConfirmationPurpose
from apps.kernel.domain.actor import Actor


class AuditLog(Protocol):
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
        """Append one record; ``changes`` hold P0 data only."""
        ...


class Sessions(Protocol):
    def open(self, *, user_id: UUID, at: datetime) -> tuple[str, datetime]:
        """Start a session; return its token, shown once, and when it expires."""
        ...

    def close(self, *, session_id: UUID) -> None:
        """End one session."""
        ...

    def close_all(self, *, user_id: UUID) -> None:
        """End every session of a person."""
        ...

    def close_one(self, *, session_id: UUID, user_id: UUID) -> bool:
        """End one session if it is this person's; returns whether it is."""
        ...

    def close_others(self, *, session_id: UUID, user_id: UUID) -> int:
        """End the person's sessions but this one; returns how many."""
        ...


@dataclass(frozen=True, kw_only=True)
class SignInLetter:
    """What to tell an address that asked to sign in: its ``code``, or None when it is no client's."""

    email: str
    code: str | None
    language: str
    lifetime_minutes: int


class SignInCodes(Protocol):
    def request(self, *, email: str, language: str, at: datetime) -> tuple[int, int]:
        """Note that a normalised address asks for a letter; returns the row that keeps it and the number of
        the request within the present hour."""
        ...

    def pending_address(self, *, row_id: int, request_number: int) -> str | None:
        """The address a requested letter goes to, locked; None when the request is over the limit or a
        newer one has taken its place."""
        ...

    def issue(self, *, row_id: int, with_code: bool) -> SignInLetter:
        """Make a new code for the locked address, or none; codes issued before stop working."""
        ...

    def accept(self, *, email: str, code: str) -> bool:
        """Use up the code of this address; False when it is wrong, expired, used, or tried too often.
        Every wrong try is counted."""
        ...


@dataclass(frozen=True, kw_only=True)
class Confirmation:
    """A step that waits for its code. ``new_value`` is the contact that it brings (empty: it takes one away),
    None where the step brings none; P1."""

    id: UUID
    user_id: UUID
    purpose: ConfirmationPurpose
    new_value: str | None


@dataclass(frozen=True, kw_only=True)
class ConfirmationLetter:
    """A fresh code for a step, and the address it goes to; P1."""

    email: str
    code: str
    purpose: str
    language: str
    lifetime_minutes: int


@dataclass(frozen=True, kw_only=True)
class ContactNotice:
    """What to tell the address an account had, or has: its ``kind`` of contact is another now; P1."""

    email: str
    kind: str
    language: str


class Confirmations(Protocol):
    def count_person(self, *, user_id: UUID, at: datetime) -> int:
        """Count a request; returns how many the person has made within the hour, this one included."""
        ...

    def count_address(self, *, email: str, at: datetime) -> int:
        """Count a letter to a foreign address; returns how many there were within the hour."""
        ...

    def count_phone(self, *, user_id: UUID, at: datetime) -> int:
        """Count a number that the person tries; returns how many there were within the day."""
        ...

    def open(self, confirmation: Confirmation, *, sent_to: str | None, silent: bool, at: datetime) -> None:
        """Note a step; ``sent_to`` is None for the person's own address. Codes asked for before for the same
        purpose stop working. A ``silent`` one never gets a code."""
        ...

    def whose(self, confirmation_id: UUID) -> UUID | None:
        """The person who proves a step; None for an unknown one."""
        ...

    def pending(self, confirmation_id: UUID) -> tuple[Confirmation, str | None] | None:
        """A step that still waits for its code, locked, and where the code goes (None: the person's own
        address); None for one that is over or whose person has been erased."""
        ...

    def issue(self, confirmation_id: UUID) -> tuple[str, int]:
        """A new code for the locked step, and for how many minutes it works; the one before stops working."""
        ...

    def accept(
        self, *, confirmation_id: UUID, user_id: UUID, purpose: ConfirmationPurpose, code: str, at: datetime
    ) -> Confirmation | None:
        """Use up the code; None when it is wrong, expired, used, tried too often, somebody else's or for
        something else. Every wrong try is counted."""
        ...

    def close_all(self, *, user_id: UUID, at: datetime) -> None:
        """No code that the person was sent works any more."""
        ...

    def remember_old_email(self, *, confirmation_id: UUID, email: str) -> None:
        """Keep the address that a step replaced, encrypted, until it has been told."""
        ...

    def done(self, confirmation_id: UUID) -> tuple[Confirmation, str | None] | None:
        """A step that was proved, with the address it replaced if it did; None for any other."""
        ...
