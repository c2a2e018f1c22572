"""What erasing needs from outside the cabinet's domain."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from apps.client_cabinet.domain.erasure import Operator, Scope, Tombstone
from apps.kernel.domain.actor import Actor


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What the erasure must know of an account."""

    is_client: bool
    is_erased: bool


class People(Protocol):
    """Identity's accounts."""

    def lock(self, person_id: UUID) -> Standing | None:
        """The account, locked so that nothing new can refer to it until the transaction ends; None when
        there is no such person."""
        ...

    def withdraw_consents(self, person_id: UUID, *, actor: Actor, ground: str, at: datetime) -> int:
        """Withdraw whatever the person still consents to; return how many consents that were. ``ground`` says
        why, where it is not the person who acts."""
        ...


class Codes(Protocol):
    """Identity's confirmation codes."""

    def request(self, *, person_id: UUID, scope: Scope, at: datetime) -> UUID:
        """Send a code to the person's own address; return what it is accepted under."""
        ...

    def accept(
        self, *, confirmation_id: UUID, person_id: UUID, scope: Scope, code: str, at: datetime
    ) -> None:
        """Use the code up. Raises ConfirmationCodeInvalid; every wrong try is counted, so this must not be
        called inside a unit of work."""
        ...


class Diaries(Protocol):
    def entries(self, person_id: UUID) -> int:
        """How many diary entries the person has."""
        ...

    def has(self, person_id: UUID, entry_id: UUID) -> bool: ...

    def erase_entry(self, person_id: UUID, entry_id: UUID) -> Mapping[str, int]:
        """Destroy one entry of the person; rows by kind, nothing where there is none."""
        ...

    def erase_all(self, person_id: UUID, *, written_until: datetime) -> Mapping[str, int]:
        """Destroy the entries written until then; rows by kind."""
        ...


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


class OperatorParticulars(Protocol):
    def __call__(self) -> Operator: ...


class TombstoneFile(Protocol):
    """The tombstones outside of the database, which restored backups are held against."""

    def read(self) -> list[Tombstone]:
        """All of them, oldest first. Raises TombstonesUnreadable."""
        ...

    def append(self, tombstones: list[Tombstone]) -> int:
        """Add those that are not there yet, on the disk when this returns; returns how many were added.
        Raises TemporaryFailure when the file cannot be written."""
        ...


class Revival(Protocol):
    def unanswered(self, tombstones: list[Tombstone]) -> list[Tombstone]:
        """Those that the database does not know of, or whose person has data or a key again."""
        ...


class TombstonesUnreadable(Exception):
    """A line of the file of tombstones makes no sense: it was damaged, or is another file."""
