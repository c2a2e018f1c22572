"""What happens in identity: past tense, ids and P0 data only."""

from dataclasses import dataclass
from uuid import UUID

from apps.kernel.domain.events import DomainEvent


@dataclass(frozen=True, kw_only=True)
class SignInCodeRequested(DomainEvent):
    """Somebody asked for a code; ``row_id`` and ``request_number`` name the request, nobody's address."""

    row_id: int
    request_number: int


@dataclass(frozen=True, kw_only=True)
class ConfirmationCodeRequested(DomainEvent):
    """Somebody signed in has to prove a step (a new contact, an erasure) by a code sent to them."""

    confirmation_id: UUID


@dataclass(frozen=True, kw_only=True)
class ContactChanged(DomainEvent):
    """Somebody has proved a new contact; the address it replaced, or the one they have, is told."""

    confirmation_id: UUID


@dataclass(frozen=True, kw_only=True)
class ConsentWithdrawn(DomainEvent):
    """What rests on the person's consent to ``purpose`` stops now."""

    user_id: UUID
    purpose: str


@dataclass(frozen=True, kw_only=True)
class ConsentChainHeadPublished(DomainEvent):
    """The chain of consents was verified up to number ``seq``; ``head`` is the hash it ends with."""

    seq: int
    head: str


@dataclass(frozen=True, kw_only=True)
class StaffInvited(DomainEvent):
    """Somebody is invited to work in the practice; the invitation is sent to their address."""

    invitation_id: UUID
