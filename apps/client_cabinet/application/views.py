"""What use cases hand out: plain frozen data."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Self
from uuid import UUID

from apps.client_cabinet.domain.content_rules import Json
from apps.client_cabinet.domain.diary import DiaryEntry
from apps.client_cabinet.domain.material import Material


@dataclass(frozen=True, kw_only=True, slots=True)
class DiaryEntryView:
    """An entry as its author sees it; ``payload`` is P2. ``shared_for`` is the appointment whose specialist
    may read it, since ``shared_at``."""

    id: UUID
    type: str
    happened_at: datetime
    time_zone: str
    day: date
    payload: Mapping[str, Json]
    shared_for: UUID | None
    shared_at: datetime | None
    created_at: datetime
    updated_at: datetime
    version: int

    @classmethod
    def of(cls, entry: DiaryEntry) -> Self:
        return cls(
            id=entry.id,
            type=entry.type.value,
            happened_at=entry.happened_at,
            time_zone=entry.time_zone,
            day=entry.day,
            payload=entry.payload,
            shared_for=entry.share.appointment_id if entry.share else None,
            shared_at=entry.share.shared_at if entry.share else None,
            created_at=entry.created_at,
            updated_at=entry.updated_at,
            version=entry.version,
        )


@dataclass(frozen=True, kw_only=True)
class MaterialText:
    """A material opened for reading: ``title`` and ``text`` (markdown) are P2."""

    id: UUID
    client_id: UUID
    appointment_id: UUID | None
    title: str
    text: str
    status: str
    version: int
    approved_at: datetime | None
    first_read_at: datetime | None

    @classmethod
    def of(cls, material: Material) -> Self:
        return cls(
            id=material.id,
            client_id=material.client_id,
            appointment_id=material.appointment_id,
            title=material.title,
            text=material.text,
            status=material.status.value,
            version=material.version,
            approved_at=material.approved_at,
            first_read_at=material.first_read_at,
        )
