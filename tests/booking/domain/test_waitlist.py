"""Requests of people who found no suitable time."""

from datetime import UTC, datetime
from itertools import product
from typing import Any

import pytest

from apps.booking.domain.events import SlotFreed, WaitlistJoined
from apps.booking.domain.waitlist import (
    ALLOWED,
    OPEN,
    PreferredContact,
    PreferredWindow,
    WaitlistRequest,
    WaitlistStatus,
    WaitlistTransitionNotAllowed,
)
from tests.booking.domain_objects import CLIENT_ID, HOUR, NOW, SERVICE_ID, SPECIALIST_ID, counted_ids

W = PreferredWindow


def joined(**values: Any) -> WaitlistRequest:
    defaults: dict[str, Any] = {
        "id": counted_ids(5)(),
        "new_id": counted_ids(),
        "service_id": SERVICE_ID,
        "client_id": CLIENT_ID,
        "guest_token_hash": "",
        "name": "Ирина",
        "preferred_contact": PreferredContact.PHONE,
        "contact": "+79990000000",
        "window": W.ANY,
        "time_zone": "Europe/Moscow",
        "consent_version": "1.0",
        "now": NOW,
    }
    return WaitlistRequest.join(**{**defaults, **values})


def freed(start: datetime) -> SlotFreed:
    return SlotFreed(
        event_id=counted_ids(6)(),
        occurred_at=NOW,
        specialist_id=SPECIALIST_ID,
        service_id=SERVICE_ID,
        start=start,
        end=start + HOUR,
    )


def test_a_request_starts_new_and_tells_it_without_name_or_contact() -> None:
    request = joined()
    assert request.status is WaitlistStatus.NEW
    assert request.opening_start is None
    [event] = request.pending_events
    assert isinstance(event, WaitlistJoined)
    assert (event.waitlist_request_id, event.service_id, event.window) == (request.id, SERVICE_ID, "any")
    assert "Ирина" not in repr(event)
    assert "+7999" not in repr(event)


@pytest.mark.parametrize(
    ("start", "window"),
    [
        (datetime(2026, 12, 4, 6, 0, tzinfo=UTC), W.WEEKDAY_MORNING),
        (datetime(2026, 12, 4, 13, 59, tzinfo=UTC), W.WEEKDAY_MORNING),
        (datetime(2026, 12, 4, 14, 0, tzinfo=UTC), W.WEEKDAY_EVENING),
        (datetime(2026, 12, 4, 20, 59, tzinfo=UTC), W.WEEKDAY_EVENING),
        (datetime(2026, 12, 4, 21, 0, tzinfo=UTC), W.WEEKEND),
        (datetime(2026, 12, 5, 15, 0, tzinfo=UTC), W.WEEKEND),
        (datetime(2026, 12, 6, 20, 59, tzinfo=UTC), W.WEEKEND),
        (datetime(2026, 12, 6, 21, 0, tzinfo=UTC), W.WEEKDAY_MORNING),
    ],
    ids=[
        "Friday 09:00",
        "Friday 16:59",
        "Friday 17:00",
        "Friday 23:59",
        "Saturday 00:00",
        "Saturday 18:00",
        "Sunday 23:59",
        "Monday 00:00",
    ],
)
def test_every_instant_lies_in_exactly_one_window_of_moscow_and_in_any(start: datetime, window: W) -> None:
    assert {each for each in W if each.matches(start, "Europe/Moscow")} == {window, W.ANY}


def test_windows_go_by_the_clock_of_the_one_who_waits() -> None:
    start = datetime(2026, 12, 4, 12, 0, tzinfo=UTC)
    assert W.WEEKDAY_MORNING.matches(start, "Europe/Moscow")
    assert W.WEEKDAY_EVENING.matches(start, "Asia/Yekaterinburg")
    assert W.WEEKEND.matches(datetime(2026, 12, 4, 14, 0, tzinfo=UTC), "Asia/Kamchatka")


@pytest.mark.parametrize(("old", "new"), list(product(WaitlistStatus, WaitlistStatus)), ids=str)
def test_a_request_moves_only_along_the_table(old: WaitlistStatus, new: WaitlistStatus) -> None:
    request = joined()
    request.status = old
    if new in ALLOWED[old]:
        request.move_to(new)
        assert request.status is new
    else:
        with pytest.raises(WaitlistTransitionNotAllowed):
            request.move_to(new)
        assert request.status is old


def test_the_table_knows_every_status_and_what_is_open() -> None:
    assert set(ALLOWED) == set(WaitlistStatus)
    assert {WaitlistStatus.NEW, WaitlistStatus.OFFERED, WaitlistStatus.CONTACTED} == OPEN


def test_a_fitting_freed_time_is_noted_and_hearing_it_again_changes_nothing() -> None:
    request = joined(window=W.WEEKDAY_EVENING)
    event = freed(datetime(2026, 12, 4, 15, 0, tzinfo=UTC))
    for _ in range(2):
        assert request.notice_opening(event)
        assert request.opening_start == event.start
        assert request.status is WaitlistStatus.NEW


def test_a_time_outside_the_window_is_passed_over() -> None:
    request = joined(window=W.WEEKEND)
    assert not request.notice_opening(freed(datetime(2026, 12, 4, 15, 0, tzinfo=UTC)))
    assert request.opening_start is None


@pytest.mark.parametrize("status", sorted(set(WaitlistStatus) - OPEN), ids=str)
def test_a_closed_request_waits_no_more(status: WaitlistStatus) -> None:
    request = joined()
    request.status = status
    assert not request.notice_opening(freed(datetime(2026, 12, 4, 15, 0, tzinfo=UTC)))
    assert request.opening_start is None
