"""The free times of a service, as a viewer's calendar shows them."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from apps.booking.domain.repositories import OfferingRepository
from apps.booking.domain.service import MeetingFormat
from apps.booking.domain.slots import find_starts
from apps.kernel.domain.clock import Clock
from apps.kernel.domain.errors import DomainError, gettext_noop
from apps.kernel.domain.period import Period

MAX_DAYS = 62
A_DAY = timedelta(days=1)


class SpanTooLong(DomainError):
    code = "span_too_long"
    message = gettext_noop("Ask for at most %(days)d days at a time.")


class SpanReversed(DomainError):
    code = "span_reversed"
    message = gettext_noop("The last day must not come before the first.")


@dataclass(frozen=True, kw_only=True)
class FoundSlots:
    """``starts`` are POSIX seconds, sorted; every slot lasts ``duration``. ``time_zone`` is the viewer's."""

    starts: list[int]
    duration: timedelta
    time_zone: str


@dataclass(frozen=True)
class FindSlots:
    offerings: OfferingRepository
    clock: Clock

    def __call__(
        self,
        *,
        service_slug: str,
        first: date,
        last: date,
        time_zone: str | None,
        meeting_format: MeetingFormat | None,
        published_only: bool = True,
    ) -> FoundSlots:
        """Slots that start on the viewer's days from ``first`` to ``last``, both included; days of the
        specialist's zone where no ``time_zone`` is given.
        Raises ServiceNotFound, WrongMeetingFormat, SpanTooLong, SpanReversed."""
        if last < first:
            raise SpanReversed(field="to")
        if (last - first).days >= MAX_DAYS:
            raise SpanTooLong(field="to", days=MAX_DAYS)
        now = self.clock.now()
        calendar = self.offerings.calendar(
            service_slug,
            first=first - 2 * A_DAY,
            last=last + 2 * A_DAY,
            taken_in=_days_around(first, last),
            now=now,
        )
        offering = calendar.offering
        if published_only:
            offering.service.ensure_published()
        if meeting_format is not None:
            offering.service.ensure_held_as(meeting_format)
        terms, schedule = offering.service.slot_terms(), offering.schedule
        viewer = ZoneInfo(time_zone or schedule.time_zone)
        window = Period(
            datetime(first.year, first.month, first.day, tzinfo=viewer).astimezone(UTC),
            datetime.combine(last + A_DAY, datetime.min.time(), tzinfo=viewer).astimezone(UTC),
        )
        starts = find_starts(
            schedule=schedule, terms=terms, occupied=calendar.occupied, busy=(), now=now, window=window
        )
        return FoundSlots(starts=starts, duration=terms.duration, time_zone=viewer.key)


def _days_around(first: date, last: date) -> Period:
    """What can matter for a slot on the days, whatever the zones: they are up to 14 hours from UTC, limits
    count whole days of the specialist, and a session with its buffers lasts up to 20 hours."""
    midnight = datetime.min.time()
    return Period(
        datetime.combine(first - 2 * A_DAY, midnight, UTC), datetime.combine(last + 4 * A_DAY, midnight, UTC)
    )
