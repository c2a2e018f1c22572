"""Half-open periods of UTC instants: ``[start, end)``."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self

from apps.kernel.domain.errors import DomainError, gettext_noop


class InvalidPeriod(DomainError):
    """The end does not come after the start, or an instant carries no time zone."""

    code = "invalid_period"
    message = gettext_noop("The end must come after the start.")


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A half-open period; both ends are aware datetimes, kept in UTC.

    Raises InvalidPeriod for naive instants and for empty or reversed periods.
    """

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None or self.end <= self.start:
            raise InvalidPeriod
        object.__setattr__(self, "start", self.start.astimezone(UTC))
        object.__setattr__(self, "end", self.end.astimezone(UTC))

    @classmethod
    def lasting(cls, start: datetime, length: timedelta) -> Self:
        """The period of ``length`` elapsed time from ``start``."""
        if start.tzinfo is None:
            raise InvalidPeriod
        start = start.astimezone(UTC)
        return cls(start, start + length)

    @property
    def length(self) -> timedelta:
        return self.end - self.start

    def overlaps(self, other: "Period") -> bool:
        return self.start < other.end and other.start < self.end

    def contains(self, instant: datetime) -> bool:
        return self.start <= instant < self.end

    def padded(self, *, before: timedelta, after: timedelta) -> "Period":
        """The period with buffers added on both sides."""
        return Period(self.start - before, self.end + after)
