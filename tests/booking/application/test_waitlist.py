"""Joining and leaving the waitlist, and working through it."""

from datetime import datetime
from typing import Any

import pytest

from apps.booking.application.ports import ConsentRequired, GivenConsents
from apps.booking.application.views import WaitlistView
from apps.booking.application.waitlist import hash_guest_token
from apps.booking.domain.events import SlotFreed
from apps.booking.domain.service import ServiceNotFound, ServiceStatus
from apps.booking.domain.waitlist import (
    PreferredContact,
    PreferredWindow,
    WaitlistRequestNotFound,
    WaitlistStatus,
    WaitlistTransitionNotAllowed,
)
from tests.booking.application.practice import CONSENT_GIVEN, NOTHING_GIVEN, OWNER, Practice
from tests.booking.domain_objects import (
    CLIENT_ID,
    HOUR,
    MINUTE,
    NOW,
    SERVICE_ID,
    SPECIALIST_ID,
    START,
    STRANGER_ID,
    counted_ids,
)


def join(practice: Practice, **values: Any) -> WaitlistView:
    return practice.join_waitlist(
        **{
            "client_id": CLIENT_ID,
            "guest_token": "",
            "service_slug": "first-session",
            "name": "Ирина",
            "preferred_contact": PreferredContact.EMAIL,
            "contact": "irina@example.org",
            "window": PreferredWindow.ANY,
            "time_zone": "Europe/Moscow",
            "given": NOTHING_GIVEN,
            **values,
        }
    )


def join_as_guest(practice: Practice, **values: Any) -> WaitlistView:
    return join(practice, **{"client_id": None, "given": CONSENT_GIVEN, **values})


def freed(start: datetime = START) -> SlotFreed:
    return SlotFreed(
        event_id=counted_ids(8)(),
        occurred_at=NOW,
        specialist_id=SPECIALIST_ID,
        service_id=SERVICE_ID,
        start=start,
        end=start + 50 * MINUTE,
    )


class TestJoining:
    def test_a_client_waits_under_their_own_name_and_consent(self, practice: Practice) -> None:
        view = join(practice)
        kept = practice.waitlist.get(view.id)
        assert (kept.client_id, kept.guest_token_hash, kept.consent_version) == (CLIENT_ID, "", "1.0")
        assert (kept.name, kept.contact) == ("Ирина", "irina@example.org")
        assert (view.status, view.guest_token) == ("new", "")
        assert practice.bus.names() == ["WaitlistJoined"]

    def test_a_guest_is_told_their_token_once_and_only_its_hash_is_kept(self, practice: Practice) -> None:
        view = join_as_guest(practice)
        kept = practice.waitlist.get(view.id)
        assert view.guest_token == "guest-token"
        assert kept.guest_token_hash == hash_guest_token("guest-token")
        assert "guest-token" not in repr(kept)
        assert kept.client_id is None

    def test_a_guest_may_come_back_with_their_token(self, practice: Practice) -> None:
        first = join_as_guest(practice)
        second = join_as_guest(practice, guest_token="an older token")
        assert second.guest_token == "an older token"
        assert (
            practice.waitlist.get(first.id).guest_token_hash
            != practice.waitlist.get(second.id).guest_token_hash
        )

    def test_a_client_may_consent_with_the_request(self, practice: Practice) -> None:
        practice.consents.rows.clear()
        join(practice, given=CONSENT_GIVEN)
        assert (CLIENT_ID, "personal_data") in practice.consents.rows

    def test_without_consent_nobody_is_put_on_the_list(self, practice: Practice) -> None:
        practice.consents.rows.clear()
        outdated = GivenConsents(documents=[("personal_data", "0.9")], evidence={})
        for call in (
            lambda: join(practice),
            lambda: join_as_guest(practice, given=NOTHING_GIVEN),
            lambda: join_as_guest(practice, given=outdated),
        ):
            with pytest.raises(ConsentRequired) as refusal:
                call()
            assert refusal.value.document == practice.consents.DOCUMENT
        assert practice.waitlist.rows == {}
        assert practice.bus.names() == []

    def test_of_an_unpublished_service_there_is_no_list(self, practice: Practice) -> None:
        practice.offer(status=ServiceStatus.ARCHIVED)
        with pytest.raises(ServiceNotFound):
            join(practice)


class TestLeaving:
    def leave(self, practice: Practice, view: WaitlistView, **values: Any) -> None:
        practice.leave_waitlist(**{"request_id": view.id, "client_id": None, "guest_token": "", **values})

    def test_a_client_leaves_their_own(self, practice: Practice) -> None:
        view = join(practice)
        self.leave(practice, view, client_id=CLIENT_ID)
        assert practice.waitlist.get(view.id).status is WaitlistStatus.CLOSED

    def test_a_guest_leaves_with_their_token(self, practice: Practice) -> None:
        view = join_as_guest(practice)
        self.leave(practice, view, guest_token="guest-token")
        assert practice.waitlist.get(view.id).status is WaitlistStatus.CLOSED

    @pytest.mark.parametrize(
        "who",
        [
            {},
            {"client_id": STRANGER_ID},
            {"guest_token": "guess"},
            {"guest_token": hash_guest_token("guest-token")},
        ],
        ids=["nobody", "another client", "a wrong token", "the hash of the token"],
    )
    def test_for_anybody_else_it_does_not_exist(self, practice: Practice, who: dict[str, Any]) -> None:
        for view in (join(practice), join_as_guest(practice)):
            with pytest.raises(WaitlistRequestNotFound):
                self.leave(practice, view, **who)
            assert practice.waitlist.get(view.id).status is WaitlistStatus.NEW

    def test_a_clients_request_is_not_reached_by_an_empty_token(self, practice: Practice) -> None:
        view = join(practice)
        with pytest.raises(WaitlistRequestNotFound):
            self.leave(practice, view, guest_token="")

    def test_twice_is_told(self, practice: Practice) -> None:
        view = join(practice)
        self.leave(practice, view, client_id=CLIENT_ID)
        with pytest.raises(WaitlistTransitionNotAllowed):
            self.leave(practice, view, client_id=CLIENT_ID)

    def test_one_that_does_not_exist_does_not_exist(self, practice: Practice) -> None:
        with pytest.raises(WaitlistRequestNotFound):
            practice.leave_waitlist(request_id=STRANGER_ID, client_id=CLIENT_ID, guest_token="")


class TestWorkingThroughIt:
    def test_the_specialist_notes_how_far_a_request_has_come(self, practice: Practice) -> None:
        view = join(practice)
        practice.move_waitlist_request(actor=OWNER, request_id=view.id, status=WaitlistStatus.CONTACTED)
        practice.move_waitlist_request(actor=OWNER, request_id=view.id, status=WaitlistStatus.BOOKED)
        assert practice.waitlist.get(view.id).status is WaitlistStatus.BOOKED
        with pytest.raises(WaitlistTransitionNotAllowed):
            practice.move_waitlist_request(actor=OWNER, request_id=view.id, status=WaitlistStatus.NEW)

    def test_a_freed_time_marks_those_who_wait_for_such_a_time(self, practice: Practice) -> None:
        fits = join(practice, window=PreferredWindow.WEEKDAY_MORNING)
        any_time = join_as_guest(practice)
        weekend = join(practice, window=PreferredWindow.WEEKEND)
        closed = join(practice)
        practice.leave_waitlist(request_id=closed.id, client_id=CLIENT_ID, guest_token="")
        for _ in range(2):
            assert practice.notice_opening(event=freed()) == 2
        openings = {
            view.id: practice.waitlist.get(view.id).opening_start for view in (fits, any_time, weekend)
        }
        assert openings == {fits.id: START, any_time.id: START, weekend.id: None}
        assert practice.waitlist.get(closed.id).opening_start is None

    def test_a_later_opening_replaces_the_earlier_one(self, practice: Practice) -> None:
        view = join(practice)
        practice.notice_opening(event=freed())
        practice.notice_opening(event=freed(START + HOUR))
        assert practice.waitlist.get(view.id).opening_start == START + HOUR
