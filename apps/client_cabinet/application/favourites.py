"""What a client keeps at hand. Doing it twice changes nothing."""

from dataclasses import dataclass
from uuid import UUID

from apps.client_cabinet.domain.favourite import (
    MOST_FAVOURITES,
    Favourite,
    FavouriteKind,
    TooManyFavourites,
)
from apps.client_cabinet.domain.repositories import FavouriteRepository
from apps.kernel.application.ports import UnitOfWork
from apps.kernel.domain.clock import Clock
from apps.kernel.domain.ids import NewId


@dataclass(frozen=True)
class AddFavourite:
    unit_of_work: UnitOfWork
    favourites: FavouriteRepository
    clock: Clock
    new_id: NewId

    def __call__(self, *, client_id: UUID, kind: FavouriteKind, reference: str) -> tuple[Favourite, bool]:
        """The favourite, and whether it is new. Raises TooManyFavourites."""
        with self.unit_of_work():
            known = self.favourites.find(client_id=client_id, kind=kind, reference=reference)
            if known is not None:
                return known, False
            favourite = Favourite(
                id=self.new_id(),
                client_id=client_id,
                kind=kind,
                reference=reference,
                added_at=self.clock.now(),
            )
            if not self.favourites.add(favourite, at_most=MOST_FAVOURITES):
                raise TooManyFavourites(limit=MOST_FAVOURITES)
        return favourite, True


@dataclass(frozen=True)
class RemoveFavourite:
    unit_of_work: UnitOfWork
    favourites: FavouriteRepository

    def __call__(self, *, client_id: UUID, kind: FavouriteKind, reference: str) -> None:
        with self.unit_of_work():
            self.favourites.remove(client_id=client_id, kind=kind, reference=reference)
