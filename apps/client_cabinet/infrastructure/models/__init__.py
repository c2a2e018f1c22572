"""Tables of the client's cabinet."""

from apps.client_cabinet.infrastructure.models.data_export import (
    ONE_RUNNING,
    PIECE_SIZE,
    DataExport,
    DataExportPiece,
)
from apps.client_cabinet.infrastructure.models.diary import DiaryEntry, SharedEntry
from apps.client_cabinet.infrastructure.models.favourite import Favourite
from apps.client_cabinet.infrastructure.models.material import Material

__all__ = [
    "ONE_RUNNING",
    "PIECE_SIZE",
    "DataExport",
    "DataExportPiece",
    "DiaryEntry",
    "Favourite",
    "Material",
    "SharedEntry",
]
