"""The chain of consents: how its hashes are made, and how a reader proves that nobody touched it.

The database writes the chain (:mod:`apps.identity.infrastructure.chain_guards`); here the same is said a
second time, so that the proof does not rest on what a superuser may have replaced there. A content is hashed
over its ciphertext: the chain verifies after the person's key is destroyed, and links stay when the acts
themselves have gone by law.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import NamedTuple

GENESIS = "0" * 64
"""What the first link has for a link before it."""
SHORTEST_TERM = 3 * 365 * 24 * 3600 * 1_000_000
"""Microseconds that three years have at least: nothing is destroyed sooner after its withdrawal."""
MOST_PROBLEMS = 20
_ROUND = 1 << 256


class LinkKind(StrEnum):
    ACT = "act"
    DESTRUCTION = "destruction"


class ChainProblem(StrEnum):
    """What may be wrong with a chain; each is found where it stands."""

    NUMBER_MISSING = "number_missing"
    LINK_BEFORE_DIFFERS = "link_before_differs"
    LINK_CHANGED = "link_changed"
    CONTENT_CHANGED = "content_changed"
    CONTENT_MISSING = "content_missing"
    CONTENT_NOT_CHAINED = "content_not_chained"
    DESTROYED_TOO_EARLY = "destroyed_too_early"
    DOCUMENT_CHANGED = "document_changed"
    DOCUMENT_DIFFERS = "document_differs"
    HEAD_DIFFERS = "head_differs"
    SHORTER_THAN_PUBLISHED = "shorter_than_published"
    EXPORT_DAMAGED = "export_damaged"


class Link(NamedTuple):
    """A raw link with its raw content, all text but ``seq``; instants count microseconds since 1970.

    ``content`` are the columns of the act (:data:`ACT_COLUMNS`) or of the destruction
    (:data:`DESTRUCTION_COLUMNS`) in their order; None when the row is gone.
    """

    seq: int
    kind: str
    subject: str
    content_hash: str
    previous_hash: str
    hash: str
    chained_at: str
    content: Sequence[str] | None


ACT_COLUMNS = (
    "uuid",
    "id",
    "user_id",
    "document_id",
    "purpose",
    "version",
    "sha256",
    "status",
    "at",
    "channel",
    "evidence",
)
DESTRUCTION_COLUMNS = ("id", "consent", "purpose", "act_at", "withdrawn_at", "destroyed_at")
_TAGS = {LinkKind.ACT.value: "consent/1", LinkKind.DESTRUCTION.value: "destruction/1"}
_DOCUMENT, _SHA256 = ACT_COLUMNS.index("document_id"), ACT_COLUMNS.index("sha256")
_CONSENT, _WITHDRAWN, _DESTROYED = 1, 4, 5


@dataclass(frozen=True, kw_only=True)
class PublishedHead:
    """What was made known of the chain at some moment: where it ended."""

    seq: int
    head: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Problem:
    """``seq`` is the number of the link, None when no link is to blame."""

    code: ChainProblem
    seq: int | None


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What the proof came to. ``problems`` are the first :data:`MOST_PROBLEMS`; ``destroyed`` counts the acts
    that have gone by law, ``octets`` what was hashed of contents and links."""

    links: int
    seq: int
    head: str
    destroyed: int
    octets: int
    problems: tuple[Problem, ...]

    @property
    def holds(self) -> bool:
        return not self.problems


def canonical(parts: Iterable[str]) -> bytes:
    """The parts as netstrings (length in bytes, colon, text, comma): no two lists have one text."""
    parts = list(parts)
    text = "".join([f"{len(part)}:{part}," for part in parts])
    if text.isascii():  # a million acts pass here, and hardly one has a letter of more than a byte
        return text.encode()
    return "".join([f"{len(part.encode())}:{part}," for part in parts]).encode()


def content_text(kind: str, content: Sequence[str]) -> bytes:
    return canonical((_TAGS[kind], *content))


def link_text(link: Link) -> bytes:
    return canonical(
        (
            "link/1",
            str(link.seq),
            link.kind,
            link.subject,
            link.content_hash,
            link.previous_hash,
            link.chained_at,
        )
    )


def micros(moment: datetime) -> str:
    """Microseconds since 1970, exactly."""
    return str(int(moment.timestamp()) * 1_000_000 + moment.microsecond)


@dataclass
class ChainProof:
    """Takes the links in the order of their numbers and says whether the chain holds, in constant memory.

    ``documents`` are the SHA-256 of the published texts by id; ``heads`` what was published earlier. An act
    that is gone must have its destruction among the links: of the subjects gone and of the subjects destroyed
    only sums of hashes are kept, which are equal when the sets are.
    """

    documents: Mapping[str, str]
    heads: Iterable[PublishedHead] = ()
    links: int = 0
    seq: int = 0
    head: str = GENESIS
    present: int = 0
    destroyed: int = 0
    octets: int = 0
    problems: list[Problem] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._heads: dict[int, set[str]] = {}
        for each in self.heads:
            self._heads.setdefault(each.seq, set()).add(each.head)
        self._gone = self._accounted = 0

    def take(self, link: Link) -> None:
        self.links += 1
        if link.seq != self.seq + 1:
            self.found(ChainProblem.NUMBER_MISSING, self.seq + 1)
        if link.previous_hash != self.head:
            self.found(ChainProblem.LINK_BEFORE_DIFFERS, link.seq)
        text = link_text(link)
        self.octets += len(text)
        if sha256(text).hexdigest() != link.hash:
            self.found(ChainProblem.LINK_CHANGED, link.seq)
        if link.content is None:
            self._without_content(link)
        else:
            self._content(link, link.content)
        self.seq, self.head = link.seq, link.hash
        published = self._heads.pop(link.seq, None)
        if published is not None and published != {link.hash}:
            self.found(ChainProblem.HEAD_DIFFERS, link.seq)

    def finish(self) -> Verdict:
        for seq in sorted(self._heads):
            self.found(ChainProblem.SHORTER_THAN_PUBLISHED, seq)
        if self._gone != self._accounted:
            self.found(ChainProblem.CONTENT_MISSING, None)
        return Verdict(
            links=self.links,
            seq=self.seq,
            head=self.head,
            destroyed=self.destroyed,
            octets=self.octets,
            problems=tuple(self.problems),
        )

    def found(self, code: ChainProblem, seq: int | None) -> None:
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(Problem(code=code, seq=seq))

    def _content(self, link: Link, content: Sequence[str]) -> None:
        self.present += 1
        if link.kind not in _TAGS or content[0] != link.subject:
            self.found(ChainProblem.CONTENT_CHANGED, link.seq)
            return
        text = content_text(link.kind, content)
        self.octets += len(text)
        if sha256(text).hexdigest() != link.content_hash:
            self.found(ChainProblem.CONTENT_CHANGED, link.seq)
        if link.kind == LinkKind.DESTRUCTION:
            self.destroyed += 1
            self._accounted = (self._accounted + _number(content[_CONSENT])) % _ROUND
            if int(content[_DESTROYED]) - int(content[_WITHDRAWN]) < SHORTEST_TERM:
                self.found(ChainProblem.DESTROYED_TOO_EARLY, link.seq)
        elif self.documents.get(content[_DOCUMENT]) != content[_SHA256]:
            self.found(ChainProblem.DOCUMENT_DIFFERS, link.seq)

    def _without_content(self, link: Link) -> None:
        if link.kind == LinkKind.DESTRUCTION:
            self.found(ChainProblem.CONTENT_MISSING, link.seq)
        else:
            self._gone = (self._gone + _number(link.subject)) % _ROUND


def _number(subject: str) -> int:
    return int.from_bytes(sha256(subject.encode()).digest())
