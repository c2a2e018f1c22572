"""Erasing what is kept about a person: how much of it, what stands against it, and what proves it.

The act of destruction and the extract of the event log follow order 179 of Roskomnadzor of 28.10.2022.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol, Self
from uuid import UUID

from apps.kernel.domain.aggregate import Aggregate
from apps.kernel.domain.errors import DomainError, NotFound, gettext_noop

CONFIRMATION_LIFE = timedelta(minutes=10)


class Scope(StrEnum):
    """How much goes: one diary entry, all diaries, or the account with all that no law keeps."""

    ENTRY = "entry"
    DIARIES = "diaries"
    ACCOUNT = "account"


class Reason(StrEnum):
    """Why, as the act of destruction states it."""

    OWN_WISH = "own_wish"
    REQUEST = "request"
    REPLAY = "replay"


class ErasureStatus(StrEnum):
    AWAITING_CODE = "awaiting_code"
    DONE = "done"


class ErasureNotFound(NotFound):
    code = "erasure_not_found"
    message = gettext_noop("There is no such erasure.")


class NothingToErase(NotFound):
    code = "nothing_to_erase"
    message = gettext_noop("There is no such diary entry.")


class EntryRequired(DomainError):
    code = "entry_required"
    message = gettext_noop("Say which diary entry: an entry goes with the scope “entry”, and only with it.")


class ErasureObstructed(DomainError):
    """``obstacles`` are the codes of what stands against it; the plan tells each in a sentence."""

    code = "erasure_obstructed"
    message = gettext_noop("The account cannot be erased yet. See the plan for what has to end before.")
    members = ("obstacles",)


class PersonAlreadyErased(DomainError):
    code = "person_already_erased"
    message = gettext_noop("This account has been erased already.")


class OnlyClientsAreErased(DomainError):
    code = "only_clients_are_erased"
    message = gettext_noop("Only a client's account can be erased here.")


@dataclass(kw_only=True, eq=False)
class ErasureRequest(Aggregate):
    """A wish to erase that waits for the code sent to its author, or the erasure it has become."""

    id: UUID
    person_id: UUID
    scope: Scope
    entry_id: UUID | None
    confirmation_id: UUID
    status: ErasureStatus
    requested_at: datetime
    act_id: int | None

    @classmethod
    def start(
        cls,
        *,
        id: UUID,
        person_id: UUID,
        scope: Scope,
        entry_id: UUID | None,
        confirmation_id: UUID,
        at: datetime,
    ) -> Self:
        """Raises EntryRequired."""
        check_scope(scope, entry_id)
        return cls(
            id=id,
            person_id=person_id,
            scope=scope,
            entry_id=entry_id,
            confirmation_id=confirmation_id,
            status=ErasureStatus.AWAITING_CODE,
            requested_at=at,
            act_id=None,
        )

    @property
    def expires_at(self) -> datetime:
        """Until when the code works."""
        return self.requested_at + CONFIRMATION_LIFE

    def carry_out(self, act_id: int) -> None:
        if self.status is ErasureStatus.DONE:
            raise ValueError("an erasure is carried out once")
        self.status, self.act_id = ErasureStatus.DONE, act_id


def check_scope(scope: Scope, entry_id: UUID | None) -> None:
    """Raises EntryRequired where the entry is missing, or named without need."""
    if (scope is Scope.ENTRY) != (entry_id is not None):
        raise EntryRequired(field="entry_id")


@dataclass(frozen=True, kw_only=True)
class Operator:
    """Who is answerable for the data, as acts name them. ``system`` is the information system's name,
    ``processor`` who processes data on the operator's behalf (with the address), or empty."""

    name: str
    address: str
    inn: str
    system: str
    responsible: str
    position: str
    processor: str


@dataclass(frozen=True, kw_only=True)
class Destroyed:
    """What went from one section of a person's data: rows by kind."""

    section: str
    rows: Mapping[str, int]

    @property
    def count(self) -> int:
        return sum(self.rows.values())


@dataclass(frozen=True, kw_only=True)
class StillKept:
    what: str
    ground: str
    years: int
    count: int


@dataclass(frozen=True, kw_only=True)
class DestructionAct:
    """An act of destruction. ``number`` is None until it is written. The person is named by id alone: their
    name is among what was destroyed. ``actor_id`` with ``actor_role`` is who gave the command."""

    number: int | None
    person_id: UUID
    scope: Scope
    entry_id: UUID | None
    reason: Reason
    request_id: UUID | None
    actor_id: UUID | None
    actor_role: str
    destroyed: tuple[Destroyed, ...]
    kept: tuple[StillKept, ...]
    key_destroyed: bool
    operator: Operator
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Tombstone:
    """That something was erased, for backups that do not know: ids and an instant, nothing else."""

    id: UUID
    person_id: UUID
    scope: Scope
    entry_id: UUID | None
    erased_at: datetime


class ErasureRequests(Protocol):
    def add(self, request: ErasureRequest) -> None: ...

    def get(self, request_id: UUID, *, person_id: UUID) -> ErasureRequest:
        """The person's own, locked until the end of the transaction. Raises ErasureNotFound."""
        ...

    def save(self, request: ErasureRequest) -> None: ...


class Acts(Protocol):
    def add(self, act: DestructionAct) -> DestructionAct:
        """Write the act and return it with its number; it never changes."""
        ...

    def get(self, number: int) -> DestructionAct:
        """Raises KeyError."""
        ...


class Tombstones(Protocol):
    def add(self, tombstone: Tombstone) -> None:
        """Adding one that is there already changes nothing."""
        ...

    def all(self, *, person_id: UUID | None = None) -> list[Tombstone]:
        """Those of the database, of one person or of all, in the order of their erasures."""
        ...
