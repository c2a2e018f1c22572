"""Diaries in PostgreSQL; what they say is encrypted by the model's field."""

from uuid import UUID

from apps.client_cabinet.domain.diary import DiaryEntry, DiaryEntryNotFound, Share
from apps.client_cabinet.infrastructure import models
from apps.client_cabinet.infrastructure.mappers import apply_entry, to_entry


class PostgresDiaryRepository:
    def get(self, entry_id: UUID, *, author_id: UUID) -> DiaryEntry:
        rows = models.DiaryEntry.objects.select_for_update(of=("self",))
        row = rows.filter(id=entry_id, author_id=author_id).first()
        if row is None:
            raise DiaryEntryNotFound
        return to_entry(row)

    def share_of(self, entry_id: UUID) -> tuple[UUID, Share]:
        rows = models.DiaryEntry.objects.filter(id=entry_id, shared_for__isnull=False)
        found = rows.values_list("author_id", "shared_for", "shared_at").first()
        author_id, appointment_id, shared_at = found or (None, None, None)
        if author_id is None or appointment_id is None or shared_at is None:
            raise DiaryEntryNotFound
        return author_id, Share(appointment_id=appointment_id, shared_at=shared_at)

    def add(self, entry: DiaryEntry) -> None:
        row = models.DiaryEntry()
        apply_entry(entry, row)
        row.save(force_insert=True)

    def save(self, entry: DiaryEntry) -> None:
        row = models.DiaryEntry()
        apply_entry(entry, row)
        row.save(force_update=True)

    def remove(self, entry_id: UUID, *, author_id: UUID) -> bool:
        removed, _ = models.DiaryEntry.objects.filter(id=entry_id, author_id=author_id).delete()
        return removed > 0
