"""Tables of the client's cabinet."""

from apps.client_cabinet.infrastructure.models.data_export import (
    ONE_RUNNING,
    PIECE_SIZE,
    DataExport,
    DataExportPiece,
)
from apps.client_cabinet.infrastructure.models.diary import DiaryEntry, SharedEntry
from apps.client_cabinet.infrastructure.models.erasure import DestructionAct, ErasureRequest, Tombstone
from apps.client_cabinet.infrastructure.models.favourite import Favourite
from apps.client_cabinet.infrastructure.models.material import Material
from apps.client_cabinet.infrastructure.models.subject_request import SubjectRequest

__all__ = [
    "ONE_RUNNING",
    "PIECE_SIZE",
    "DataExport",
    "DataExportPiece",
    "DestructionAct",
    "DiaryEntry",
    "ErasureRequest",
    "Favourite",
    "Material",
    "SharedEntry",
    "SubjectRequest",
    "Tombstone",
]
