"""What letters about accounts need from outside: addresses and secrets, told when a letter is sent."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class ConfirmationLetter:
    """A fresh code that proves a step; ``purpose`` is the step's name; P1."""

    email: str
    code: str
    purpose: str
    language: str
    lifetime_minutes: int


@dataclass(frozen=True, kw_only=True)
class ContactNotice:
    """Whom to tell that a contact (its ``kind``: email or phone) has changed; P1."""

    email: str
    kind: str
    language: str


@dataclass(frozen=True, kw_only=True)
class InvitationLetter:
    """A fresh link for somebody who is invited to work in the practice; P1."""

    email: str
    name: str
    link: str
    language: str
    lifetime_hours: int


class AccountLetters(Protocol):
    """Particulars that are made, or opened, at the moment of sending; None where nothing is to be sent."""

    def confirmation(self, confirmation_id: UUID) -> ConfirmationLetter | None:
        """Make a code; the one before stops working."""
        ...

    def contact_notice(self, confirmation_id: UUID) -> ContactNotice | None: ...

    def invitation(self, invitation_id: UUID, *, at: datetime) -> InvitationLetter | None:
        """Make a link; the one before stops working."""
        ...
