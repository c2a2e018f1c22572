"""Hand-written stand-ins of the cabinet's ports, in memory, as strict as the real ones where it matters."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from apps.client_cabinet.application.ports import ConsentDocument, SharedAppointment
from apps.client_cabinet.domain.diary import DiaryEntry, DiaryEntryNotFound, Share
from apps.client_cabinet.domain.favourite import Favourite, FavouriteKind
from apps.client_cabinet.domain.material import Material, MaterialNotFound
from apps.kernel.domain.actor import Actor
from apps.kernel.domain.events import DomainEvent


@dataclass
class MovableClock:
    """Shows ``instant`` until it is moved."""

    instant: datetime

    def now(self) -> datetime:
        return self.instant

    def pass_(self, time: timedelta) -> None:
        self.instant += time


@dataclass
class Store:
    rows: dict[Any, Any] = field(default_factory=dict)


@dataclass
class FakeUnitOfWork:
    """Takes every store back to what it held before when its block fails."""

    stores: list[Store]

    def __call__(self) -> Any:
        return self._block()

    @contextmanager
    def _block(self) -> Iterator[None]:
        before = [deepcopy(store.rows) for store in self.stores]
        try:
            yield
        except BaseException:
            for store, rows in zip(self.stores, before, strict=True):
                store.rows = rows
            raise


class FakeDiary(Store):
    def get(self, entry_id: UUID, *, author_id: UUID) -> DiaryEntry:
        entry = self.rows.get(entry_id)
        if entry is None or entry.author_id != author_id:
            raise DiaryEntryNotFound
        return deepcopy(entry)

    def share_of(self, entry_id: UUID) -> tuple[UUID, Share]:
        entry = self.rows.get(entry_id)
        if entry is None or entry.share is None:
            raise DiaryEntryNotFound
        return entry.author_id, entry.share

    def add(self, entry: DiaryEntry) -> None:
        assert entry.id not in self.rows
        self.rows[entry.id] = deepcopy(entry)

    def save(self, entry: DiaryEntry) -> None:
        assert entry.id in self.rows
        self.rows[entry.id] = deepcopy(entry)

    def remove(self, entry_id: UUID, *, author_id: UUID) -> bool:
        entry = self.rows.get(entry_id)
        if entry is None or entry.author_id != author_id:
            return False
        del self.rows[entry_id]
        return True


class FakeMaterials(Store):
    def get(self, material_id: UUID) -> Material:
        if material_id not in self.rows:
            raise MaterialNotFound
        return deepcopy(self.rows[material_id])

    def add(self, material: Material) -> None:
        assert material.id not in self.rows
        self.rows[material.id] = deepcopy(material)

    def save(self, material: Material) -> None:
        assert material.id in self.rows
        self.rows[material.id] = deepcopy(material)

    def remove(self, material_id: UUID) -> None:
        del self.rows[material_id]


class FakeFavourites(Store):
    def find(self, *, client_id: UUID, kind: FavouriteKind, reference: str) -> Favourite | None:
        return self.rows.get((client_id, kind, reference))

    def add(self, favourite: Favourite, *, at_most: int) -> bool:
        if sum(each.client_id == favourite.client_id for each in self.rows.values()) >= at_most:
            return False
        self.rows.setdefault((favourite.client_id, favourite.kind, favourite.reference), favourite)
        return True

    def remove(self, *, client_id: UUID, kind: FavouriteKind, reference: str) -> None:
        self.rows.pop((client_id, kind, reference), None)


@dataclass
class FakeConsents:
    given: set[UUID] = field(default_factory=set)

    def is_active(self, *, client_id: UUID, purpose: str, at: datetime) -> bool:
        assert purpose == "health_data"
        return client_id in self.given

    def in_force(self, *, purpose: str, at: datetime) -> ConsentDocument:
        return ConsentDocument(
            purpose=purpose, version="1.0", title="Согласие", text="Текст", sha256="0" * 64
        )


@dataclass
class FakeAppointments:
    known: dict[UUID, SharedAppointment] = field(default_factory=dict)

    def find(
        self, appointment_id: UUID, *, at: datetime, client_id: UUID | None = None
    ) -> SharedAppointment | None:
        found = self.known.get(appointment_id)
        if found is None or client_id not in (None, found.client_id):
            return None
        return found


class RecordedAudit(Store):
    """Keeps what was recorded in ``rows`` by order, so that a failed unit of work takes it back."""

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
        self.rows[len(self.rows)] = (action, entity, entity_id, dict(changes or {}))

    @property
    def actions(self) -> list[str]:
        return [action for action, *_ in self.rows.values()]


@dataclass
class RecordedEvents:
    published: list[DomainEvent] = field(default_factory=list)

    def publish(self, events: Iterable[DomainEvent]) -> None:
        self.published += events


def is_for(actor: Actor, specialist_user_id: UUID | None) -> bool:
    """As the adapter has it."""
    if specialist_user_id is None:
        return actor.role == "owner"
    return actor.user_id == specialist_user_id
