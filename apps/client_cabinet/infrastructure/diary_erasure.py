"""Destroying diary entries: their rows, which hold all that is kept of them."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from apps.client_cabinet.infrastructure.models import DiaryEntry

ROWS = "diary_entries"


class DjangoDiaries:
    """Diaries (port) over the ORM."""

    def entries(self, person_id: UUID) -> int:
        return DiaryEntry.objects.filter(author=person_id).count()

    def has(self, person_id: UUID, entry_id: UUID) -> bool:
        return DiaryEntry.objects.filter(pk=entry_id, author=person_id).exists()

    def erase_entry(self, person_id: UUID, entry_id: UUID) -> Mapping[str, int]:
        return _gone(DiaryEntry.objects.filter(pk=entry_id, author=person_id).delete()[0])

    def erase_all(self, person_id: UUID, *, written_until: datetime) -> Mapping[str, int]:
        rows = DiaryEntry.objects.filter(author=person_id, created_at__lte=written_until)
        return _gone(rows.delete()[0])


def _gone(count: int) -> Mapping[str, int]:
    return {ROWS: count} if count else {}
