"""What a client keeps at hand: pointers, nothing of what they point to."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from apps.kernel.domain.errors import DomainError, gettext_noop

MOST_FAVOURITES = 300
REFERENCE_PATTERN = "[A-Za-z0-9_-]{1,80}"


class FavouriteKind(StrEnum):
    CONTENT = "content"
    INTERACTIVE = "interactive"
    SERVICE = "service"
    MATERIAL = "material"


class TooManyFavourites(DomainError):
    code = "too_many_favourites"
    message = gettext_noop("You can keep %(limit)d favourites. Remove one to make room.")


@dataclass(frozen=True, kw_only=True)
class Favourite:
    """``reference`` is a slug or an id, as the thing's own address has it."""

    id: UUID
    client_id: UUID
    kind: FavouriteKind
    reference: str
    added_at: datetime
