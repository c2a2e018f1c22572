"""What happened: past tense, ids and P0 data only."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class DomainEvent:
    """Something that happened to an aggregate. Fields are ids and P0 data: events are stored and logged."""

    event_id: UUID
    occurred_at: datetime

    @classmethod
    def name(cls) -> str:
        return cls.__name__
