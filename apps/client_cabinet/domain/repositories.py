"""What the cabinet asks of its storage."""

from typing import Protocol
from uuid import UUID

from apps.client_cabinet.domain.diary import DiaryEntry, Share
from apps.client_cabinet.domain.favourite import Favourite, FavouriteKind
from apps.client_cabinet.domain.material import Material


class DiaryRepository(Protocol):
    def get(self, entry_id: UUID, *, author_id: UUID) -> DiaryEntry:
        """The author's own entry, locked until the transaction ends. Raises DiaryEntryNotFound, for
        somebody else's too."""
        ...

    def share_of(self, entry_id: UUID) -> tuple[UUID, Share]:
        """The author of an entry that is shared now, and for what; what it says stays sealed.
        Raises DiaryEntryNotFound."""
        ...

    def add(self, entry: DiaryEntry) -> None: ...

    def save(self, entry: DiaryEntry) -> None: ...

    def remove(self, entry_id: UUID, *, author_id: UUID) -> bool:
        """Destroy the row; return whether there was one of this author."""
        ...


class MaterialRepository(Protocol):
    def get(self, material_id: UUID) -> Material:
        """Locked until the transaction ends. Raises MaterialNotFound."""
        ...

    def add(self, material: Material) -> None: ...

    def save(self, material: Material) -> None: ...

    def remove(self, material_id: UUID) -> None: ...


class FavouriteRepository(Protocol):
    def find(self, *, client_id: UUID, kind: FavouriteKind, reference: str) -> Favourite | None: ...

    def add(self, favourite: Favourite, *, at_most: int) -> bool:
        """Keep one more, unless the client has ``at_most`` already: then return False. One that is kept
        already stays as it is."""
        ...

    def remove(self, *, client_id: UUID, kind: FavouriteKind, reference: str) -> None: ...
