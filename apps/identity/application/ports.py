"""What identity needs from outside its domain."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from apps.identity.domain.consent import ConsentDocument, ConsentStatus
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
class Standing:
    """A document of a purpose, and whether the person's latest act grants exactly this document."""

    document_id: int
    purpose: str
    version: str
    sha256: str
    effective_from: datetime
    granted: bool


@dataclass(frozen=True, kw_only=True)
class ConsentAct:
    user_id: UUID
    document: Standing
    status: ConsentStatus
    at: datetime
    channel: str
    evidence: Mapping[str, str]


class ConsentLedger(Protocol):
    def standings(self, *, user_id: UUID, purposes: Sequence[str]) -> list[Standing]:
        """Every document of these purposes, with how the person stands to it: one query."""
        ...

    def append(self, acts: Sequence[ConsentAct]) -> None:
        """Write the acts with one INSERT."""
        ...


class ConsentDocuments(Protocol):
    def find(self, *, purpose: str, version: str) -> ConsentDocument | None: ...

    def add(self, document: ConsentDocument) -> None: ...
