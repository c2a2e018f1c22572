"""What each context keeps about a person: registered once, read by exports and erasure.

A context must not import those that build on it, so nobody can ask all of them by name. Each one registers
what it keeps when the application starts; the cabinet walks the register.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

type Json = bool | int | float | str | list["Json"] | dict[str, "Json"] | None
type Record = Mapping[str, Json]


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What stays after an erasure, because a law demands it. ``what`` and ``ground`` are msgids in English;
    ``years`` is how long it stays, counted from the last of these ``count`` records."""

    what: str
    ground: str
    years: int
    count: int


@dataclass(frozen=True, kw_only=True)
class Obstacle:
    """Why an erasure must wait: a stable code and a sentence (an English msgid)."""

    code: str
    message: str


def nothing_is_erased(person_id: UUID, at: datetime) -> Mapping[str, int]:
    """For what a law keeps whole, and for what is only reckoned from other records."""
    return {}


def _nothing_is_kept(person_id: UUID) -> list[Kept]:
    return []


def _nothing_stands_against(person_id: UUID, at: datetime) -> list[Obstacle]:
    return []


@dataclass(frozen=True, kw_only=True)
class PersonalData:
    """One kind of thing that a context keeps about people.

    ``section`` is its stable name in archives (``appointments``), ``title`` an English msgid for people.
    ``count`` says how many there are. ``export`` yields one plain record after another, decrypted, in
    constant memory and a constant number of statements per page. ``erase`` destroys or strips what no law
    keeps, in the caller's transaction, and returns how many rows of each kind (a snake-case name) it touched.
    ``words`` name the fields of the records for people: ``{"status": "state", "status=new": "new"}`` says how
    the field is called and how its code reads; ``str()`` of each gives it in the present language.
    """

    section: str
    title: str
    count: Callable[[UUID], int]
    export: Callable[[UUID], Iterator[Record]]
    erase: Callable[[UUID, datetime], Mapping[str, int]]
    kept: Callable[[UUID], list[Kept]] = _nothing_is_kept
    obstacles: Callable[[UUID, datetime], list[Obstacle]] = _nothing_stands_against
    words: Mapping[str, object] = field(default_factory=dict)


_registered: dict[str, PersonalData] = {}


def register(personal_data: PersonalData) -> None:
    """Add a section; call it from ``AppConfig.ready``. The same section again takes its own place."""
    _registered[personal_data.section] = personal_data


def sections() -> list[PersonalData]:
    """All of them, in the order in which they were registered."""
    return list(_registered.values())
