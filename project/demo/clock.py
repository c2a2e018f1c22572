"""A clock that the demo sets: its past is lived through, not written down."""

from dataclasses import dataclass
from datetime import datetime


@dataclass
class DemoClock:
    instant: datetime

    def now(self) -> datetime:
        return self.instant
