"""What clients read of their own, and what the workspace lists: straight from the tables."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from apps.client_cabinet.application.views import DiaryEntryView
from apps.client_cabinet.domain.diary import DiaryEntryNotFound
from apps.client_cabinet.domain.material import MaterialStatus
from apps.client_cabinet.infrastructure.models import DiaryEntry, Favourite, Material
from apps.kernel.infrastructure.fields import text_in


def own_entries(
    author_id: UUID, *, first: date | None = None, last: date | None = None, kind: str | None = None
) -> QuerySet[DiaryEntry, DiaryEntry]:
    """The author's entries of a period (by their own days) and kind, for a paginator."""
    rows = DiaryEntry.objects.filter(author_id=author_id)
    if first is not None:
        rows = rows.filter(day__gte=first)
    if last is not None:
        rows = rows.filter(day__lte=last)
    return rows if kind is None else rows.filter(type=kind)


def seen(row: Any) -> DiaryEntryView:
    """The entry as its author sees it."""
    return DiaryEntryView(
        id=row.id,
        type=row.type,
        happened_at=row.happened_at,
        time_zone=row.time_zone,
        day=row.day,
        payload=row.payload,
        shared_for=row.shared_for,
        shared_at=row.shared_at,
        created_at=row.created_at,
        updated_at=row.updated_at,
        version=row.version,
    )


def payload_json(row: DiaryEntry) -> str:
    """What the entry says as JSON: it was sealed as such, and a list has no need to read it."""
    return text_in(row, "payload")


def own_entry(*, author_id: UUID, entry_id: UUID) -> DiaryEntryView:
    """One statement. Raises DiaryEntryNotFound, for somebody else's too."""
    row = own_entries(author_id).filter(id=entry_id).first()
    if row is None:
        raise DiaryEntryNotFound
    return seen(row)


def own_favourites(client_id: UUID, *, kind: str | None = None) -> QuerySet[Favourite, Favourite]:
    """The client's favourites, for a paginator."""
    rows = Favourite.objects.filter(client_id=client_id)
    return rows if kind is None else rows.filter(kind=kind)


def own_materials(client_id: UUID) -> QuerySet[Material, Material]:
    """The materials that the client may read, without their texts, for a paginator."""
    return Material.objects.filter(client_id=client_id, status=MaterialStatus.APPROVED).defer("text")
