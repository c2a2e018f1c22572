"""Rows to entities and back, column by column."""

from apps.client_cabinet.domain.diary import DiaryEntry, Share
from apps.client_cabinet.domain.diary_content import DiaryType
from apps.client_cabinet.domain.favourite import Favourite, FavouriteKind
from apps.client_cabinet.domain.material import Material, MaterialStatus
from apps.client_cabinet.infrastructure import models


def to_entry(row: models.DiaryEntry) -> DiaryEntry:
    share = None
    if row.shared_for is not None and row.shared_at is not None:
        share = Share(appointment_id=row.shared_for, shared_at=row.shared_at)
    return DiaryEntry(
        id=row.id,
        author_id=row.author_id,
        type=DiaryType(row.type),
        happened_at=row.happened_at,
        time_zone=row.time_zone,
        day=row.day,
        payload=row.payload,
        share=share,
        created_at=row.created_at,
        updated_at=row.updated_at,
        version=row.version,
    )


def apply_entry(entry: DiaryEntry, row: models.DiaryEntry) -> None:
    row.id = entry.id
    row.author_id = entry.author_id
    row.type = entry.type.value
    row.happened_at = entry.happened_at
    row.time_zone = entry.time_zone
    row.day = entry.day
    row.payload = dict(entry.payload)
    row.shared_for = entry.share.appointment_id if entry.share else None
    row.shared_at = entry.share.shared_at if entry.share else None
    row.created_at = entry.created_at
    row.updated_at = entry.updated_at
    row.version = entry.version


def to_material(row: models.Material) -> Material:
    return Material(
        id=row.id,
        client_id=row.client_id,
        appointment_id=row.appointment_id,
        title=row.title,
        text=row.text,
        status=MaterialStatus(row.status),
        written_by=row.written_by_id,
        created_at=row.created_at,
        updated_at=row.updated_at,
        approved_by=row.approved_by_id,
        approved_at=row.approved_at,
        withdrawn_at=row.withdrawn_at,
        first_read_at=row.first_read_at,
        version=row.version,
    )


def apply_material(material: Material, row: models.Material) -> None:
    row.id = material.id
    row.client_id = material.client_id
    row.appointment_id = material.appointment_id
    row.title = material.title
    row.text = material.text
    row.status = material.status.value
    row.written_by_id = material.written_by
    row.created_at = material.created_at
    row.updated_at = material.updated_at
    row.approved_by_id = material.approved_by
    row.approved_at = material.approved_at
    row.withdrawn_at = material.withdrawn_at
    row.first_read_at = material.first_read_at
    row.version = material.version


def to_favourite(row: models.Favourite) -> Favourite:
    return Favourite(
        id=row.id,
        client_id=row.client_id,
        kind=FavouriteKind(row.kind),
        reference=row.reference,
        added_at=row.added_at,
    )


def apply_favourite(favourite: Favourite, row: models.Favourite) -> None:
    row.id = favourite.id
    row.client_id = favourite.client_id
    row.kind = favourite.kind.value
    row.reference = favourite.reference
    row.added_at = favourite.added_at
