"""An offer of the waitlist: how it is made, what its appointment says about it, how it ends."""

from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from apps.booking.domain.appointment import Appointment, Origin
from apps.booking.domain.events import WaitlistOffered
from apps.booking.domain.lifecycle import (
    AppointmentStatus,
    HoldAlreadyExtended,
    HoldExpired,
    PaymentDue,
    TransitionNotAllowed,
)
from apps.booking.domain.service import MeetingFormat, ServiceTerms
from apps.booking.domain.waitlist import (
    PreferredContact,
    PreferredWindow,
    WaitlistRequest,
    WaitlistStatus,
    WaitlistTransitionNotAllowed,
)
from apps.booking.domain.waitlist_offer import ALLOWED, OfferStatus, WaitlistOffer, conclude, meaning_of
from tests.booking.domain_objects import (
    CLIENT_ID,
    FREE,
    HOUR,
    NOW,
    OWNER_ID,
    SERVICE_ID,
    SPECIALIST_ID,
    START,
    STRANGER_ID,
    counted_ids,
    quiet,
    service,
    specialist,
)

UNTIL = NOW + 2 * HOUR


def offered(*, of: ServiceTerms | None = None, requires_confirmation: bool = False) -> Appointment:
    new_id = counted_ids()
    return Appointment.book(
        id=new_id(),
        new_id=new_id,
        client_id=CLIENT_ID,
        service=service(of=of, requires_confirmation=requires_confirmation),
        specialist=specialist(),
        start=START,
        meeting_format=MeetingFormat.ONLINE,
        time_zone="Europe/Moscow",
        origin=Origin(entry_point="waitlist"),
        now=NOW,
        offered_until=UNTIL,
    )


def offer(status: OfferStatus = OfferStatus.OFFERED) -> WaitlistOffer:
    made = WaitlistOffer.make(
        id=counted_ids(5)(),
        new_id=counted_ids(6),
        waitlist_request_id=STRANGER_ID,
        appointment=offered(),
        offered_by=OWNER_ID,
        expires_at=UNTIL,
        now=NOW,
    )
    made.status = status
    return made


def request(status: WaitlistStatus = WaitlistStatus.NEW, **values: Any) -> WaitlistRequest:
    new_id = counted_ids(7)
    waiting = WaitlistRequest.join(
        **{
            "id": new_id(),
            "new_id": new_id,
            "service_id": SERVICE_ID,
            "client_id": None,
            "guest_token_hash": "hash",
            "name": "Вера",
            "preferred_contact": PreferredContact.EMAIL,
            "contact": "vera@example.org",
            "window": PreferredWindow.ANY,
            "time_zone": "Europe/Moscow",
            "consent_version": "1.0",
            "now": NOW,
            **values,
        }
    )
    waiting.status = status
    return waiting


class TestTheHold:
    @pytest.mark.parametrize("of", [None, FREE], ids=["paid", "free"])
    @pytest.mark.parametrize("asks", [False, True])
    def test_is_a_hold_whatever_the_service_asks_otherwise(self, of: ServiceTerms | None, asks: bool) -> None:
        kept = offered(of=of, requires_confirmation=asks)
        assert kept.status is AppointmentStatus.PENDING_PAYMENT
        assert kept.hold_expires_at == UNTIL
        assert [event.name() for event in kept.pull_events()] == ["AppointmentHeld"]

    def test_is_not_extended(self) -> None:
        with pytest.raises(HoldAlreadyExtended):
            offered().extend_hold(new_id=counted_ids(), now=NOW)

    def test_of_a_free_session_is_confirmed_by_a_word(self) -> None:
        kept = quiet(offered(of=FREE))
        kept.accept_offer(new_id=counted_ids(), now=UNTIL - timedelta(microseconds=1))
        assert (kept.status, kept.hold_expires_at) == (AppointmentStatus.CONFIRMED, None)
        assert [event.name() for event in kept.pull_events()] == ["AppointmentConfirmed"]

    def test_of_a_paid_session_is_not(self) -> None:
        kept = offered()
        with pytest.raises(PaymentDue):
            kept.accept_offer(new_id=counted_ids(), now=NOW)
        assert kept.status is AppointmentStatus.PENDING_PAYMENT

    def test_is_over_at_its_deadline(self) -> None:
        with pytest.raises(HoldExpired):
            offered(of=FREE).accept_offer(new_id=counted_ids(), now=UNTIL)

    def test_is_taken_once(self) -> None:
        kept = offered(of=FREE)
        kept.accept_offer(new_id=counted_ids(), now=NOW)
        with pytest.raises(TransitionNotAllowed):
            kept.accept_offer(new_id=counted_ids(), now=NOW)


class TestTheOffer:
    def test_tells_ids_and_its_deadline(self) -> None:
        made = offer()
        [event] = made.pull_events()
        assert isinstance(event, WaitlistOffered)
        assert (event.offer_id, event.appointment_id) == (made.id, made.appointment_id)
        assert (event.waitlist_request_id, event.client_id) == (STRANGER_ID, CLIENT_ID)
        assert (event.expires_at, event.occurred_at) == (UNTIL, NOW)
        assert (made.specialist_id, made.start, made.offered_by) == (SPECIALIST_ID, START, OWNER_ID)

    @pytest.mark.parametrize(("old", "new"), list(product(OfferStatus, OfferStatus)), ids=str)
    def test_ends_once_but_whoever_got_the_place_has_accepted(
        self, old: OfferStatus, new: OfferStatus
    ) -> None:
        made = offer(old)
        assert made.settle(new) is (new in ALLOWED[old])
        assert made.status is (new if new in ALLOWED[old] else old)

    def test_knows_what_each_state_of_its_appointment_means(self) -> None:
        meanings = {status.value: meaning_of(status).value for status in AppointmentStatus}
        assert meanings == {
            "requested": "offered",
            "pending_payment": "offered",
            "confirmed": "accepted",
            "completed": "accepted",
            "no_show": "accepted",
            "declined": "declined",
            "canceled": "declined",
            "expired": "expired",
        }


class TestTheRequest:
    @pytest.mark.parametrize("status", [WaitlistStatus.NEW, WaitlistStatus.CONTACTED, WaitlistStatus.OFFERED])
    def test_is_offered_a_time_under_an_account(self, status: WaitlistStatus) -> None:
        waiting = request(status)
        waiting.be_offered(client_id=CLIENT_ID)
        assert (waiting.status, waiting.client_id) == (WaitlistStatus.OFFERED, CLIENT_ID)

    @pytest.mark.parametrize("status", [WaitlistStatus.BOOKED, WaitlistStatus.CLOSED])
    def test_that_is_done_with_is_not(self, status: WaitlistStatus) -> None:
        waiting = request(status)
        with pytest.raises(WaitlistTransitionNotAllowed):
            waiting.be_offered(client_id=CLIENT_ID)
        assert waiting.client_id is None

    @pytest.mark.parametrize(
        ("before", "end", "after"),
        [
            ("offered", "accepted", "booked"),
            ("offered", "declined", "new"),
            ("offered", "expired", "new"),
            ("offered", "offered", "offered"),
            ("contacted", "accepted", "booked"),
            ("contacted", "expired", "contacted"),
            ("new", "accepted", "booked"),
            ("closed", "accepted", "closed"),
            ("closed", "expired", "closed"),
            ("booked", "declined", "booked"),
        ],
    )
    def test_takes_the_end_of_an_offer_over(self, before: str, end: str, after: str) -> None:
        waiting = request(WaitlistStatus(before))
        conclude(waiting, offer(OfferStatus(end)))
        assert waiting.status == after

    def test_waits_for_a_time_while_it_is_open_and_the_time_suits(self) -> None:
        assert request().waits_for(START)
        assert not request(WaitlistStatus.CLOSED).waits_for(START)
        assert not request(window=PreferredWindow.WEEKEND).waits_for(START)
