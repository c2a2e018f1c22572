"""What happens in the cabinet: past tense, ids and P0 data only."""

from dataclasses import dataclass
from uuid import UUID

from apps.kernel.domain.events import DomainEvent


@dataclass(frozen=True, kw_only=True)
class ExportReady(DomainEvent):
    """The archive or the diary that a client asked for can be fetched."""

    export_id: UUID
    client_id: UUID


@dataclass(frozen=True, kw_only=True)
class MaterialShared(DomainEvent):
    """The specialist approved a material after a session; its client may read it in the cabinet."""

    material_id: UUID
    client_id: UUID


@dataclass(frozen=True, kw_only=True)
class PersonalDataErased(DomainEvent):
    """What ``scope`` says (entry, diaries, account) of a person is gone, and proved by an act."""

    person_id: UUID
    scope: str
