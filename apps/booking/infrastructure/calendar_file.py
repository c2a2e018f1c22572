"""An appointment as an iCalendar file (RFC 5545)."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, vCalAddress, vText

PRODUCT = "-//Emotional balance//Booking//RU"
MARGIN = timedelta(days=400)
"""How much of the zone's rules stands around the session: a year covers both of its yearly jumps."""


@dataclass(frozen=True, kw_only=True)
class CalendarEntry:
    """What a calendar needs to know; nothing of P2, and nobody but the specialist is named.

    ``revision`` grows with every change, so that calendars replace what they hold.
    """

    appointment_id: UUID
    service_name: str
    specialist_name: str
    start: datetime
    end: datetime
    time_zone: str
    address: str
    meeting_link: str
    created_at: datetime
    changed_at: datetime
    revision: int


class CalendarMethod(StrEnum):
    """What a calendar is to do with the event (RFC 5546): keep it, take or update an invitation, drop it."""

    PUBLISH = "PUBLISH"
    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


def calendar_file(
    entry: CalendarEntry,
    *,
    method: CalendarMethod = CalendarMethod.PUBLISH,
    organizer: str = "",
    attendee: str = "",
) -> bytes:
    """One event in the client's time zone, which is described in full (VTIMEZONE).

    The same entry always gives the same bytes; a moved or canceled appointment keeps its UID. Invitations
    name ``organizer`` and ``attendee`` by their e-mail addresses.
    """
    zone = ZoneInfo(entry.time_zone)
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method.value)
    calendar.add_component(
        Timezone.from_tzinfo(zone, entry.time_zone, _day(entry.start - MARGIN), _day(entry.start + MARGIN))
    )
    event = _event(entry, zone)
    if method is CalendarMethod.CANCEL:
        event["status"] = vText("CANCELLED")
    if organizer and attendee:
        event["organizer"] = vCalAddress(f"mailto:{organizer}")
        event["attendee"] = vCalAddress(f"mailto:{attendee}")
    calendar.add_component(event)
    return calendar.to_ical()


def _event(entry: CalendarEntry, zone: ZoneInfo) -> Event:
    event = Event()
    event.add("uid", str(entry.appointment_id))
    event.add("dtstamp", entry.changed_at.astimezone(UTC))
    event.add("created", entry.created_at.astimezone(UTC))
    event.add("last-modified", entry.changed_at.astimezone(UTC))
    event.add("sequence", entry.revision)
    event.add("summary", f"{entry.service_name} — {entry.specialist_name}")
    event.add("dtstart", entry.start.astimezone(zone))
    event.add("dtend", entry.end.astimezone(zone))
    event.add("status", "CONFIRMED")
    event.add("transp", "OPAQUE")
    event.add("class", "PRIVATE")
    if entry.address:
        event["location"] = vText(entry.address)
    if entry.meeting_link:
        event.add("url", entry.meeting_link)
        event["location"] = vText(entry.meeting_link)
    return event


def _day(instant: datetime) -> date:
    return instant.astimezone(UTC).date()
