"""What a search for slots works with: a service's terms, and what already takes the specialist's time."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID


class SlotGrid(StrEnum):
    """Where the steps between bookable starts are counted from; a step is elapsed time.

    INTERVAL: the start of each interval of hours as entered, whatever time off or appointments lie in it.
    FULL_HOUR: the full hour, by the specialist's clock, at or before that start. AFTER_PREVIOUS: the first
    free moment of the working time of the day, and of what is left of it after each appointment.
    """

    INTERVAL = "interval"
    FULL_HOUR = "full_hour"
    AFTER_PREVIOUS = "after_previous"


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotTerms:
    """What a service asks of a slot; lengths in whole seconds, ``horizon_days`` in the specialist's days.

    Raises ValueError for lengths that make no sense: the service checks its own rules before.
    """

    service_id: UUID
    duration: timedelta
    buffer_before: timedelta
    buffer_after: timedelta
    min_notice: timedelta
    horizon_days: int
    step: timedelta
    grid: SlotGrid
    daily_limit: int | None

    def __post_init__(self) -> None:
        if min(self.duration, self.step) < timedelta(seconds=1):
            raise ValueError("duration and step must be at least one second")
        shortest = min(self.buffer_before, self.buffer_after, self.min_notice)
        if shortest < timedelta(0) or self.horizon_days < 0:
            raise ValueError("buffers, notice and horizon must not be negative")
        if self.daily_limit is not None and self.daily_limit < 1:
            raise ValueError("a daily limit must be at least one")


class Occupied(NamedTuple):
    """An active appointment (a request, an unexpired hold, a confirmed one), in aware instants.

    ``start`` is that of the session itself; the blocked period is the session with its own buffers. A tuple,
    because a search reads hundreds of them.
    """

    service_id: UUID
    start: datetime
    blocked_start: datetime
    blocked_end: datetime
