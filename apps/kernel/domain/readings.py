"""Readings of private texts by people of the practice: why somebody reads what a client confided."""

from collections.abc import Mapping
from enum import StrEnum
from uuid import UUID

READING = "private_text_read"
"""The action of the audit log; its entity is the kind of text (``intake_form``, ``session_notes`` …)."""


class ReadingReason(StrEnum):
    """The short list that a reader chooses from before anything is shown."""

    PREPARATION = "preparation"
    CLIENT_REQUEST = "client_request"
    SUPERVISION = "supervision"
    CRISIS = "crisis"
    QUALITY = "quality"
    AUTHORITY = "authority"


def reading(*, reason: ReadingReason, client_id: UUID) -> Mapping[str, tuple[object, object]]:
    """The ``changes`` of the audit record of a reading: why, and whose text it is."""
    return {"reading_reason": (None, reason.value), "client_id": (None, str(client_id))}
