"""A diary entry: its author's alone, unless they share it with the specialist of one appointment."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Self
from uuid import UUID
from zoneinfo import ZoneInfo

from apps.client_cabinet.domain.content_rules import Json
from apps.client_cabinet.domain.diary_content import DiaryType, content_of
from apps.kernel.domain.aggregate import Aggregate
from apps.kernel.domain.errors import DomainError, NotFound, StaleVersion, gettext_noop

CLOCKS_DIFFER = timedelta(minutes=10)
"""How far the clock of somebody's telephone may be ahead of ours."""


class DiaryEntryNotFound(NotFound):
    code = "diary_entry_not_found"
    message = gettext_noop("There is no such diary entry.")


class EntryInFuture(DomainError):
    code = "entry_in_future"
    message = gettext_noop("A diary tells of what has been: choose a moment that has passed.")


class AppointmentNotShareable(DomainError):
    code = "appointment_not_shareable"
    message = gettext_noop("An entry can be shared for a session that is booked or has taken place.")


@dataclass(frozen=True, kw_only=True)
class Share:
    """For which appointment the entry is open to the specialist, and since when."""

    appointment_id: UUID
    shared_at: datetime


@dataclass(kw_only=True, eq=False)
class DiaryEntry(Aggregate):
    """``day`` is the date of ``happened_at`` by the clock of ``time_zone``, the author's own; ``payload`` is
    P2. ``version`` grows with every correction; sharing corrects nothing."""

    id: UUID
    author_id: UUID
    type: DiaryType
    happened_at: datetime
    time_zone: str
    day: date
    payload: Mapping[str, Json]
    share: Share | None
    created_at: datetime
    updated_at: datetime
    version: int

    @classmethod
    def write(
        cls,
        *,
        id: UUID,
        author_id: UUID,
        type: DiaryType,
        happened_at: datetime,
        time_zone: str,
        payload: object,
        now: datetime,
    ) -> Self:
        """A new entry. Raises EntryInFuture, WrongDiaryContent."""
        return cls(
            id=id,
            author_id=author_id,
            type=type,
            happened_at=_past(happened_at, now),
            time_zone=time_zone,
            day=_day(happened_at, time_zone),
            payload=content_of(type, payload),
            share=None,
            created_at=now,
            updated_at=now,
            version=1,
        )

    def correct(
        self, *, happened_at: datetime, time_zone: str, payload: object, expected_version: int, now: datetime
    ) -> None:
        """Put other contents in place; what stood there before is gone.
        Raises StaleVersion, EntryInFuture, WrongDiaryContent."""
        if expected_version != self.version:
            raise StaleVersion
        content = content_of(self.type, payload)
        self.happened_at = _past(happened_at, now)
        self.time_zone, self.day = time_zone, _day(happened_at, time_zone)
        self.payload, self.updated_at = content, now
        self.version += 1

    def share_for(self, appointment_id: UUID, *, now: datetime) -> bool:
        """Open the entry, as it is and as it will be, to the specialist of one appointment; another one
        before is closed. Return whether that changes anything."""
        if self.share is not None and self.share.appointment_id == appointment_id:
            return False
        self.share = Share(appointment_id=appointment_id, shared_at=now)
        return True

    def unshare(self) -> UUID | None:
        """Close it again, at once. Return the appointment that it was open for."""
        share, self.share = self.share, None
        return None if share is None else share.appointment_id


def _past(happened_at: datetime, now: datetime) -> datetime:
    if happened_at > now + CLOCKS_DIFFER:
        raise EntryInFuture(field="happened_at")
    return happened_at


def _day(happened_at: datetime, time_zone: str) -> date:
    return happened_at.astimezone(ZoneInfo(time_zone)).date()
