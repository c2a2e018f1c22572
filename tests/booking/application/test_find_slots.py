"""The free times of a service, as a viewer's calendar shows them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from apps.booking.application.find_slots import MAX_DAYS, SpanReversed, SpanTooLong
from apps.booking.domain.service import (
    MeetingFormat,
    ServiceFormat,
    ServiceNotFound,
    ServiceStatus,
    WrongMeetingFormat,
)
from tests.booking.application.practice import Practice
from tests.booking.domain_objects import MINUTE, START

FRIDAY = date(2026, 12, 4)


def found(practice: Practice, **values: object) -> list[datetime]:
    slots = practice.find_slots(
        **{
            "service_slug": "first-session",
            "first": FRIDAY,
            "last": FRIDAY,
            "time_zone": "Europe/Moscow",
            "meeting_format": None,
            **values,
        }
    )
    return [datetime.fromtimestamp(start, UTC) for start in slots.starts]


def test_a_free_day_offers_every_step_into_which_a_session_fits(practice: Practice) -> None:
    starts = found(practice)
    assert starts[0] == datetime(2026, 12, 4, 7, 0, tzinfo=UTC)
    assert starts[-1] == datetime(2026, 12, 4, 16, 0, tzinfo=UTC)
    assert len(starts) == 19


def test_what_can_be_booked_is_exactly_what_is_offered(practice: Practice) -> None:
    for start in found(practice)[::2]:
        practice.book(start=start)
    assert found(practice) == []


def test_booked_time_with_buffers_is_not_offered_and_an_expired_hold_is(practice: Practice) -> None:
    practice.book()
    gone = {START - 30 * MINUTE, START, START + 30 * MINUTE}
    assert not gone & set(found(practice))
    practice.clock.pass_(20 * MINUTE)
    assert gone <= set(found(practice))


def test_days_are_those_of_the_viewer(practice: Practice) -> None:
    # On Kamchatka Friday ends at 15:00 in Moscow and begins there on Thursday at 15:00.
    starts = found(practice, time_zone="Asia/Kamchatka")
    assert starts[0] == datetime(2026, 12, 3, 12, 0, tzinfo=UTC)
    assert starts[-1] == datetime(2026, 12, 4, 11, 30, tzinfo=UTC)


def test_how_long_a_slot_lasts_comes_with_it(practice: Practice) -> None:
    slots = practice.find_slots(
        service_slug="first-session",
        first=FRIDAY,
        last=FRIDAY,
        time_zone="Europe/Moscow",
        meeting_format=MeetingFormat.ONLINE,
    )
    assert slots.duration == 50 * MINUTE


def test_a_span_may_be_as_long_as_the_limit_and_no_longer(practice: Practice) -> None:
    assert found(practice, last=FRIDAY + timedelta(days=MAX_DAYS - 1))
    with pytest.raises(SpanTooLong) as refusal:
        found(practice, last=FRIDAY + timedelta(days=MAX_DAYS))
    assert refusal.value.params == {"days": 62}


def test_a_reversed_span_is_refused(practice: Practice) -> None:
    with pytest.raises(SpanReversed):
        found(practice, last=FRIDAY - timedelta(days=1))


def test_an_unpublished_service_is_shown_to_staff_alone(practice: Practice) -> None:
    practice.offer(status=ServiceStatus.DRAFT)
    with pytest.raises(ServiceNotFound):
        found(practice)
    assert found(practice, published_only=False)


def test_a_format_that_the_service_is_not_held_in_is_refused(practice: Practice) -> None:
    practice.offer(format=ServiceFormat.ONLINE)
    with pytest.raises(WrongMeetingFormat):
        found(practice, meeting_format=MeetingFormat.OFFLINE)
    assert found(practice, meeting_format=MeetingFormat.ONLINE)
