"""Requests of people who found no suitable time."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Self
from uuid import UUID
from zoneinfo import ZoneInfo

from apps.booking.domain.events import SlotFreed, WaitlistJoined
from apps.kernel.domain.aggregate import Aggregate
from apps.kernel.domain.errors import DomainError, NotFound, gettext_noop
from apps.kernel.domain.ids import NewId

EVENING_STARTS_AT = 17
SATURDAY = 5


class PreferredContact(StrEnum):
    EMAIL = "email"
    PHONE = "phone"
    TELEGRAM = "telegram"


class PreferredWindow(StrEnum):
    WEEKDAY_MORNING = "weekday_morning"
    WEEKDAY_EVENING = "weekday_evening"
    WEEKEND = "weekend"
    ANY = "any"

    def matches(self, start: datetime, time_zone: str) -> bool:
        """Whether an instant falls into the window by the clock of ``time_zone``; evening starts at 17:00."""
        local = start.astimezone(ZoneInfo(time_zone))
        if self is PreferredWindow.ANY:
            return True
        if local.weekday() >= SATURDAY:
            return self is PreferredWindow.WEEKEND
        evening = local.hour >= EVENING_STARTS_AT
        return self is (PreferredWindow.WEEKDAY_EVENING if evening else PreferredWindow.WEEKDAY_MORNING)


class WaitlistStatus(StrEnum):
    NEW = "new"
    OFFERED = "offered"
    CONTACTED = "contacted"
    BOOKED = "booked"
    CLOSED = "closed"


ALLOWED: dict[WaitlistStatus, frozenset[WaitlistStatus]] = {
    WaitlistStatus.NEW: frozenset(
        {WaitlistStatus.OFFERED, WaitlistStatus.CONTACTED, WaitlistStatus.BOOKED, WaitlistStatus.CLOSED}
    ),
    WaitlistStatus.OFFERED: frozenset(
        {WaitlistStatus.NEW, WaitlistStatus.CONTACTED, WaitlistStatus.BOOKED, WaitlistStatus.CLOSED}
    ),
    WaitlistStatus.CONTACTED: frozenset(
        {WaitlistStatus.OFFERED, WaitlistStatus.BOOKED, WaitlistStatus.CLOSED}
    ),
    WaitlistStatus.BOOKED: frozenset(),
    WaitlistStatus.CLOSED: frozenset(),
}
OPEN = frozenset(status for status, followers in ALLOWED.items() if followers)


class WaitlistRequestNotFound(NotFound):
    code = "waitlist_request_not_found"
    message = gettext_noop("There is no such request.")


class WaitlistTransitionNotAllowed(DomainError):
    code = "waitlist_transition_not_allowed"
    message = gettext_noop("The request is already closed.")


@dataclass(kw_only=True, eq=False)
class WaitlistRequest(Aggregate):
    """``name`` and ``contact`` are P1. ``client_id`` is None for guests, who prove themselves by a token."""

    id: UUID
    service_id: UUID
    client_id: UUID | None
    guest_token_hash: str
    name: str
    preferred_contact: PreferredContact
    contact: str
    window: PreferredWindow
    time_zone: str
    status: WaitlistStatus
    consent_version: str
    created_at: datetime
    opening_start: datetime | None

    @classmethod
    def join(
        cls,
        *,
        id: UUID,
        new_id: NewId,
        service_id: UUID,
        client_id: UUID | None,
        guest_token_hash: str,
        name: str,
        preferred_contact: PreferredContact,
        contact: str,
        window: PreferredWindow,
        time_zone: str,
        consent_version: str,
        now: datetime,
    ) -> Self:
        request = cls(
            id=id,
            service_id=service_id,
            client_id=client_id,
            guest_token_hash=guest_token_hash,
            name=name,
            preferred_contact=preferred_contact,
            contact=contact,
            window=window,
            time_zone=time_zone,
            status=WaitlistStatus.NEW,
            consent_version=consent_version,
            created_at=now,
            opening_start=None,
        )
        request.record(
            WaitlistJoined(
                event_id=new_id(),
                occurred_at=now,
                waitlist_request_id=id,
                service_id=service_id,
                window=window.value,
            )
        )
        return request

    def move_to(self, status: WaitlistStatus) -> None:
        """Raises WaitlistTransitionNotAllowed."""
        if status not in ALLOWED[self.status]:
            raise WaitlistTransitionNotAllowed
        self.status = status

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    def waits_for(self, start: datetime) -> bool:
        """Whether this request is open and ``start`` would suit it."""
        return self.is_open and self.window.matches(start, self.time_zone)

    def notice_opening(self, event: SlotFreed) -> bool:
        """Note the freed time if this request waits for such one; hearing the event again changes nothing."""
        if not self.waits_for(event.start):
            return False
        self.opening_start = event.start
        return True

    def be_offered(self, *, client_id: UUID) -> None:
        """A time is kept for them under their account. Raises WaitlistTransitionNotAllowed."""
        if self.status is not WaitlistStatus.OFFERED:
            self.move_to(WaitlistStatus.OFFERED)
        self.client_id = client_id

    def miss_offer(self) -> None:
        """The offer came to nothing: they wait again, unless the request has moved on meanwhile."""
        if self.status is WaitlistStatus.OFFERED:
            self.move_to(WaitlistStatus.NEW)

    def get_place(self) -> None:
        """They have got the offered time; a closed request stays closed."""
        if self.is_open:
            self.move_to(WaitlistStatus.BOOKED)
