"""Tables of the client's cabinet."""

from apps.client_cabinet.infrastructure.models.diary import DiaryEntry, SharedEntry
from apps.client_cabinet.infrastructure.models.favourite import Favourite
from apps.client_cabinet.infrastructure.models.material import Material

__all__ = ["DiaryEntry", "Favourite", "Material", "SharedEntry"]
