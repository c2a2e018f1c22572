"""What the consents need from outside their domain."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from apps.identity.domain.consent import ConsentDocument, ConsentStatus
from apps.identity.domain.consent_chain import Link, PublishedHead, Verdict


@dataclass(frozen=True, kw_only=True)
class LatestAct:
    """How a person has decided about a purpose last."""

    document_id: int
    status: ConsentStatus
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A document of a purpose, and the person's latest act about that purpose, if there is one."""

    document_id: int
    purpose: str
    version: str
    sha256: str
    effective_from: datetime
    latest: LatestAct | None

    @property
    def granted(self) -> bool:
        """Whether exactly this document is agreed to."""
        return self.decided(ConsentStatus.GRANTED)

    def decided(self, status: ConsentStatus) -> bool:
        """Whether the latest act is this one about exactly this document."""
        return (
            self.latest is not None
            and self.latest.document_id == self.document_id
            and self.latest.status == status
        )


@dataclass(frozen=True, kw_only=True)
class ConsentAct:
    user_id: UUID
    document: Standing
    status: ConsentStatus
    at: datetime
    channel: str
    evidence: Mapping[str, str]


class ConsentLedger(Protocol):
    def standings(self, *, user_id: UUID, purposes: Sequence[str], alone: bool) -> list[Standing]:
        """Every document of these purposes, with how the person stands to it: one query.

        Until the end of the transaction nothing of the person is withdrawn meanwhile; with ``alone`` nobody
        else decides for them or relies on what they decided either: whoever did has finished before."""
        ...

    def append(self, acts: Sequence[ConsentAct]) -> None:
        """Write the acts with one INSERT."""
        ...


class ConsentDocuments(Protocol):
    def find(self, *, purpose: str, version: str) -> ConsentDocument | None: ...

    def add(self, document: ConsentDocument) -> None: ...


@dataclass(frozen=True, kw_only=True)
class ChainDocument:
    """A published text that acts refer to; ``is_whole`` when the text has the hash that is told of it."""

    id: str
    purpose: str
    version: str
    title: str
    text: str
    sha256: str
    legal: Mapping[str, str]
    effective_from: datetime
    is_whole: bool


class ConsentChain(Protocol):
    def as_of_now(self) -> AbstractContextManager[None]:
        """Everything read inside is of one moment."""
        ...

    def links(self) -> Iterator[Link]:
        """All links in the order of their numbers, in constant memory: one statement a page."""
        ...

    def contents(self) -> int:
        """How many acts and destructions there are, chained or not."""
        ...

    def documents(self) -> list[ChainDocument]:
        """The published texts, by id."""
        ...


class ChainChecks(Protocol):
    def add(self, verdict: Verdict, *, at: datetime) -> None:
        """Keep what a check of the whole chain has found."""
        ...


class PublishedHeads(Protocol):
    def all(self) -> list[PublishedHead]:
        """What was published so far. Raises HeadsUnreadable."""
        ...

    def publish(self, head: PublishedHead) -> None:
        """Add ``head`` for good before this returns; the same as the last one is not added again."""
        ...


class HeadsUnreadable(Exception):
    """The published heads are not at hand, or are no such list."""


class Seal(Protocol):
    """The practice's signature under what it hands out (Ed25519, RFC 8032)."""

    @property
    def public_key(self) -> str:
        """32 bytes in base64: who has it from elsewhere knows that an export is the practice's."""
        ...

    def sign(self, octets: bytes) -> str:
        """The signature in base64."""
        ...


class SealNotSet(Exception):
    """No key to sign with is configured."""
