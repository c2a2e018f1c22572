"""Favourites in PostgreSQL."""

from uuid import UUID

from django.db import connection

from apps.client_cabinet.domain.favourite import Favourite, FavouriteKind
from apps.client_cabinet.infrastructure import models
from apps.client_cabinet.infrastructure.mappers import apply_favourite, to_favourite


class PostgresFavouriteRepository:
    def find(self, *, client_id: UUID, kind: FavouriteKind, reference: str) -> Favourite | None:
        rows = models.Favourite.objects.filter(client_id=client_id, kind=kind, reference=reference)
        row = rows.first()
        return None if row is None else to_favourite(row)

    def add(self, favourite: Favourite, *, at_most: int) -> bool:
        # Writers of one client wait for each other here, so that together they cannot pass the limit.
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"favourites {favourite.client_id}"]
            )
        if models.Favourite.objects.filter(client_id=favourite.client_id).count() >= at_most:
            return False
        row = models.Favourite()
        apply_favourite(favourite, row)
        models.Favourite.objects.bulk_create([row], ignore_conflicts=True)
        return True

    def remove(self, *, client_id: UUID, kind: FavouriteKind, reference: str) -> None:
        models.Favourite.objects.filter(client_id=client_id, kind=kind, reference=reference).delete()
