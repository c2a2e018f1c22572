"""A freed time goes round the waitlist: who is offered it, what comes of it, and what is refused."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from apps.booking.application.ports import ConsentRequired, GivenConsents
from apps.booking.domain.appointment import Appointment, AppointmentNotFound
from apps.booking.domain.cancellation import CanceledBy
from apps.booking.domain.contact import ContactRequired
from apps.booking.domain.lifecycle import AlreadyCanceled, AppointmentStatus, PaymentDue, TransitionNotAllowed
from apps.booking.domain.outcome import ReasonCategory
from apps.booking.domain.outside_payment import PaymentMethod
from apps.booking.domain.service import ServiceFormat, ServiceStatus
from apps.booking.domain.slots import SlotTaken, SlotUnavailable
from apps.booking.domain.waitlist import (
    PreferredContact,
    PreferredWindow,
    WaitlistStatus,
    WaitlistTransitionNotAllowed,
)
from apps.booking.domain.waitlist_offer import (
    NoOpenOffer,
    OfferStatus,
    OfferStillOpen,
    SlotAlreadyOffered,
    WaitlistOffer,
)
from tests.booking.application.practice import CLIENT, NOTHING_GIVEN, OWNER, STRANGER, Practice
from tests.booking.application.test_waitlist import freed, join, join_as_guest
from tests.booking.domain_objects import (
    CLIENT_ID,
    FREE,
    HOUR,
    LATER,
    MINUTE,
    NOW,
    PRICE,
    SERVICE_ID,
    START,
    STRANGER_ID,
    booked,
)


def round_of(practice: Practice, start: datetime = START) -> WaitlistOffer | None:
    made = practice.offer_freed_slot(service_id=SERVICE_ID, start=start)
    return None if made is None else practice.offers.get(made)


def by_hand(practice: Practice, request_id: UUID, **values: Any) -> WaitlistOffer:
    return practice.offer_by_hand(
        **{
            "actor": OWNER,
            "request_id": request_id,
            "start": START,
            "meeting_format": None,
            "keep_for": None,
            "email": None,
            "phone": None,
            "given": NOTHING_GIVEN,
            **values,
        }
    )


def wait_in_line(practice: Practice, count: int) -> list[UUID]:
    """Guests one minute after the other, the first first."""
    ids = []
    for number in range(count):
        ids.append(join_as_guest(practice, contact=f"guest{number}@example.org").id)
        practice.clock.pass_(MINUTE)
    return ids


def kept_for(practice: Practice, offer: WaitlistOffer | None) -> Appointment:
    assert offer is not None
    return practice.kept(offer.appointment_id)


def status_of(practice: Practice, request_id: UUID) -> str:
    return practice.waitlist.get(request_id).status.value


class TestARound:
    def test_keeps_the_time_for_the_first_who_waits_for_it(self, practice: Practice) -> None:
        first, second = wait_in_line(practice, 2)
        offer = round_of(practice)
        kept = kept_for(practice, offer)
        assert offer.waitlist_request_id == first
        assert offer.offered_by is None
        assert kept.status is AppointmentStatus.PENDING_PAYMENT
        assert kept.hold_expires_at == offer.expires_at == practice.clock.now() + 2 * HOUR
        assert (kept.period.start, kept.origin.entry_point) == (START, "waitlist")
        assert [status_of(practice, each) for each in (first, second)] == ["offered", "new"]
        assert practice.bus.names()[-2:] == ["AppointmentHeld", "WaitlistOffered"]
        assert practice.appointments.timeline[-1] == ("AppointmentHeld", "system")

    def test_never_keeps_it_past_the_start(self, practice: Practice) -> None:
        wait_in_line(practice, 1)
        practice.offer(min_notice=timedelta(0))
        practice.clock.instant = START - 30 * MINUTE
        assert round_of(practice).expires_at == START

    def test_keeps_it_as_long_as_the_specialist_says(self, practice: Practice) -> None:
        wait_in_line(practice, 1)
        practice.offering = replace(
            practice.offering, specialist=replace(practice.offering.specialist, offer=5 * HOUR)
        )
        practice.offerings.offerings = [practice.offering]
        assert round_of(practice).expires_at == practice.clock.now() + 5 * HOUR

    def test_told_twice_makes_one_offer(self, practice: Practice) -> None:
        wait_in_line(practice, 2)
        assert round_of(practice)
        assert round_of(practice) is None
        assert len(practice.offers.all()) == 1

    def test_passes_over_those_for_whom_the_time_is_wrong(self, practice: Practice) -> None:
        join_as_guest(practice, window=PreferredWindow.WEEKEND)
        evening = join_as_guest(practice, window=PreferredWindow.WEEKDAY_EVENING)
        fits = join_as_guest(practice, window=PreferredWindow.WEEKDAY_MORNING)
        assert round_of(practice).waitlist_request_id == fits.id
        assert status_of(practice, evening.id) == "new"

    def test_offers_several_times_to_one_after_the_other(self, practice: Practice) -> None:
        first, second = wait_in_line(practice, 2)
        assert round_of(practice).waitlist_request_id == first
        assert round_of(practice, LATER).waitlist_request_id == second
        assert round_of(practice, LATER + HOUR) is None

    def test_makes_a_guest_an_account_and_keeps_the_consent_they_gave(self, practice: Practice) -> None:
        [request_id] = wait_in_line(practice, 1)
        kept = kept_for(practice, round_of(practice))
        assert practice.clients.rows == {"guest0@example.org": kept.client_id}
        assert (kept.client_id, "personal_data") in practice.consents.rows
        assert practice.consents.given == [
            (kept.client_id, "web", {"waitlist_request": str(request_id)}, NOW)
        ]
        assert practice.waitlist.get(request_id).client_id == kept.client_id

    @pytest.mark.parametrize("contact", [PreferredContact.PHONE, PreferredContact.TELEGRAM])
    def test_passes_over_guests_whom_no_letter_reaches_and_they_stay_marked(
        self, practice: Practice, contact: PreferredContact
    ) -> None:
        called = join_as_guest(practice, preferred_contact=contact, contact="+79161234567")
        practice.notice_opening(event=freed())
        assert round_of(practice) is None
        waiting = practice.waitlist.get(called.id)
        assert (waiting.status, waiting.opening_start) == (WaitlistStatus.NEW, START)
        assert practice.clients.rows == {}

    def test_passes_over_whoever_consented_to_a_text_that_is_no_longer_in_force(
        self, practice: Practice
    ) -> None:
        old, new = wait_in_line(practice, 2)
        practice.waitlist.rows[old].consent_version = "0.9"
        assert round_of(practice).waitlist_request_id == new
        assert list(practice.clients.rows) == ["guest1@example.org"]

    def test_passes_over_a_client_who_has_withdrawn_their_consent(self, practice: Practice) -> None:
        join(practice)
        practice.consents.rows.clear()
        assert round_of(practice) is None
        assert practice.offers.all() == []

    def test_passes_over_a_client_without_an_address_for_letters(self, practice: Practice) -> None:
        join(practice)
        practice.contacts.known[CLIENT_ID] = {"phone": "+79161234567"}
        assert round_of(practice) is None

    def test_reaches_a_client_with_an_account_whatever_contact_they_prefer(self, practice: Practice) -> None:
        join(practice, preferred_contact=PreferredContact.PHONE)
        assert kept_for(practice, round_of(practice)).client_id == CLIENT_ID

    def test_offers_no_time_that_clients_could_not_book(self, practice: Practice) -> None:
        wait_in_line(practice, 1)
        for start in (START - 3 * HOUR, START + 7 * MINUTE, NOW + HOUR, START + 90 * 24 * HOUR):
            assert round_of(practice, start) is None
        practice.offer(status=ServiceStatus.ARCHIVED)
        assert round_of(practice) is None
        assert practice.appointments.all() == []

    def test_stops_where_somebody_was_faster(self, practice: Practice) -> None:
        wait_in_line(practice, 1)
        practice.book()
        assert round_of(practice) is None
        practice.appointments.rows["appointments"].clear()
        practice.appointments.someone_was_faster = booked(appointment_id=STRANGER_ID)
        assert round_of(practice) is None
        assert practice.offers.all() == []
        assert practice.clients.rows == {}
        assert practice.bus.names().count("WaitlistOffered") == 0

    @pytest.mark.parametrize(
        ("service_format", "held"),
        [
            (ServiceFormat.HYBRID, "online"),
            (ServiceFormat.ONLINE, "online"),
            (ServiceFormat.OFFLINE, "offline"),
        ],
    )
    def test_holds_the_session_as_the_service_is_held(
        self, practice: Practice, service_format: ServiceFormat, held: str
    ) -> None:
        practice.offer(format=service_format)
        wait_in_line(practice, 1)
        assert kept_for(practice, round_of(practice)).meeting_format == held


class TestWhatComesOfIt:
    def test_a_paid_offer_is_accepted_and_the_request_booked(self, practice: Practice) -> None:
        [request_id] = wait_in_line(practice, 1)
        offer = round_of(practice)
        practice.record_outside_payment(
            appointment_id=offer.appointment_id, actor=OWNER, amount=PRICE, method=PaymentMethod.CASH
        )
        for _ in range(2):
            practice.settle_offer(appointment_id=offer.appointment_id, confirmed=True)
        assert practice.offers.get(offer.id).status is OfferStatus.ACCEPTED
        assert status_of(practice, request_id) == "booked"

    def test_an_expired_offer_goes_to_the_next_and_then_to_nobody(self, practice: Practice) -> None:
        first, second = wait_in_line(practice, 2)
        for request_id in (first, second):
            offer = round_of(practice)
            assert offer.waitlist_request_id == request_id
            practice.clock.pass_(2 * HOUR)
            assert practice.release_overdue() == 1
            practice.settle_offer(appointment_id=offer.appointment_id)
            assert practice.offers.get(offer.id).status is OfferStatus.EXPIRED
            assert status_of(practice, request_id) == "new"
        assert round_of(practice) is None
        assert practice.book().status is AppointmentStatus.PENDING_PAYMENT

    def test_the_next_is_offered_before_the_end_of_the_last_was_heard(self, practice: Practice) -> None:
        first, second = wait_in_line(practice, 2)
        last = round_of(practice)
        practice.clock.pass_(2 * HOUR)
        assert round_of(practice).waitlist_request_id == second
        assert practice.offers.get(last.id).status is OfferStatus.EXPIRED
        assert status_of(practice, first) == "new"
        practice.settle_offer(appointment_id=last.appointment_id)
        assert [status_of(practice, each) for each in (first, second)] == ["new", "offered"]

    def test_another_booking_that_takes_an_overdue_offer_ends_it(self, practice: Practice) -> None:
        [request_id] = wait_in_line(practice, 1)
        offer = round_of(practice)
        practice.clock.pass_(2 * HOUR)
        practice.book()
        practice.settle_offer(appointment_id=offer.appointment_id)
        assert status_of(practice, request_id) == "new"
        assert round_of(practice) is None

    def test_who_declines_one_time_is_offered_the_other_that_was_freed_meanwhile(
        self, practice: Practice
    ) -> None:
        request_id = join(practice).id
        offer = round_of(practice)
        practice.notice_opening(event=freed(LATER))
        assert round_of(practice, LATER) is None
        practice.decline_offer(appointment_id=offer.appointment_id, actor=CLIENT)
        practice.settle_offer(appointment_id=offer.appointment_id)
        practice.notice_opening(event=freed())
        second = practice.offers.open_of(request_id)
        assert second is not None
        assert second.start == LATER

    def test_money_that_comes_late_still_books_the_request(self, practice: Practice) -> None:
        [request_id] = wait_in_line(practice, 1)
        offer = round_of(practice)
        practice.offers.rows[offer.id].status = OfferStatus.EXPIRED
        practice.waitlist.rows[request_id].status = WaitlistStatus.NEW
        other = by_hand(practice, request_id, start=LATER)
        practice.settle_offer(appointment_id=offer.appointment_id, confirmed=True)
        assert practice.offers.get(offer.id).status is OfferStatus.ACCEPTED
        assert status_of(practice, request_id) == "booked"
        assert kept_for(practice, other).status is AppointmentStatus.CANCELED

    def test_an_ordinary_appointment_settles_nothing(self, practice: Practice) -> None:
        practice.settle_offer(appointment_id=practice.book_and_pay().id, confirmed=True)
        assert practice.offers.all() == []


class TestLeaving:
    def test_lets_a_kept_time_go(self, practice: Practice) -> None:
        view = join(practice)
        offer = round_of(practice)
        practice.leave_waitlist(request_id=view.id, client_id=CLIENT_ID, guest_token="")
        assert kept_for(practice, offer).status is AppointmentStatus.CANCELED
        assert practice.offers.get(offer.id).status is OfferStatus.DECLINED
        assert practice.bus.names()[-2:] == ["AppointmentCanceled", "SlotFreed"]
        practice.settle_offer(appointment_id=offer.appointment_id)
        assert status_of(practice, view.id) == "closed"

    def test_leaves_an_appointment_alone_that_is_paid_for(self, practice: Practice) -> None:
        view = join(practice)
        offer = round_of(practice)
        practice.record_outside_payment(
            appointment_id=offer.appointment_id, actor=OWNER, amount=PRICE, method=PaymentMethod.CASH
        )
        practice.leave_waitlist(request_id=view.id, client_id=CLIENT_ID, guest_token="")
        assert kept_for(practice, offer).status is AppointmentStatus.CONFIRMED
        practice.settle_offer(appointment_id=offer.appointment_id, confirmed=True)
        assert practice.offers.get(offer.id).status is OfferStatus.ACCEPTED
        assert status_of(practice, view.id) == "closed"

    @pytest.mark.parametrize("status", [WaitlistStatus.CLOSED, WaitlistStatus.BOOKED])
    def test_at_the_practices_word_lets_it_go_too(self, practice: Practice, status: WaitlistStatus) -> None:
        [request_id] = wait_in_line(practice, 1)
        offer = round_of(practice)
        practice.move_waitlist_request(actor=OWNER, request_id=request_id, status=status)
        assert kept_for(practice, offer).status is AppointmentStatus.CANCELED

    def test_being_contacted_does_not(self, practice: Practice) -> None:
        [request_id] = wait_in_line(practice, 1)
        offer = round_of(practice)
        practice.move_waitlist_request(actor=OWNER, request_id=request_id, status=WaitlistStatus.CONTACTED)
        assert kept_for(practice, offer).status is AppointmentStatus.PENDING_PAYMENT


class TestAnswering:
    def test_a_free_time_is_confirmed_by_its_client(self, practice: Practice) -> None:
        practice.offer(terms=FREE)
        join(practice)
        offer = round_of(practice)
        view = practice.accept_offer(appointment_id=offer.appointment_id, actor=CLIENT)
        assert view.status is AppointmentStatus.CONFIRMED
        assert practice.bus.names()[-1] == "AppointmentConfirmed"

    def test_a_paid_one_needs_its_payment(self, practice: Practice) -> None:
        join(practice)
        offer = round_of(practice)
        with pytest.raises(PaymentDue):
            practice.accept_offer(appointment_id=offer.appointment_id, actor=CLIENT)
        assert kept_for(practice, offer).status is AppointmentStatus.PENDING_PAYMENT

    def test_without_a_consent_that_stands_nothing_is_confirmed(self, practice: Practice) -> None:
        practice.offer(terms=FREE)
        join(practice)
        offer = round_of(practice)
        practice.consents.rows.clear()
        with pytest.raises(ConsentRequired):
            practice.accept_offer(appointment_id=offer.appointment_id, actor=CLIENT)
        assert kept_for(practice, offer).status is AppointmentStatus.PENDING_PAYMENT

    def test_declining_frees_the_time(self, practice: Practice) -> None:
        view = join(practice)
        offer = round_of(practice)
        practice.decline_offer(appointment_id=offer.appointment_id, actor=CLIENT)
        practice.settle_offer(appointment_id=offer.appointment_id)
        assert practice.offers.get(offer.id).status is OfferStatus.DECLINED
        assert status_of(practice, view.id) == "new"
        with pytest.raises(AlreadyCanceled):
            practice.decline_offer(appointment_id=offer.appointment_id, actor=CLIENT)

    def test_a_link_to_decline_never_cancels_what_is_confirmed(self, practice: Practice) -> None:
        view = practice.book_and_pay()
        with pytest.raises(TransitionNotAllowed):
            practice.decline_offer(appointment_id=view.id, actor=CLIENT)
        assert practice.kept(view.id).status is AppointmentStatus.CONFIRMED

    def test_nobody_answers_for_another(self, practice: Practice) -> None:
        join(practice)
        offer = round_of(practice)
        for answer in (practice.accept_offer, practice.decline_offer):
            with pytest.raises(AppointmentNotFound):
                answer(appointment_id=offer.appointment_id, actor=STRANGER)


class TestByHand:
    def test_a_time_is_kept_for_whomever_the_specialist_chooses(self, practice: Practice) -> None:
        _, second = wait_in_line(practice, 2)
        offer = by_hand(practice, second, keep_for=6 * HOUR)
        assert (offer.waitlist_request_id, offer.offered_by) == (second, OWNER.user_id)
        assert offer.expires_at == practice.clock.now() + 6 * HOUR
        assert practice.audit.rows[-1][:4] == ("owner", "waitlist_offer_made", "waitlistrequest", str(second))

    def test_a_guest_known_by_phone_gets_an_account_by_it(self, practice: Practice) -> None:
        view = join_as_guest(practice, preferred_contact=PreferredContact.PHONE, contact="+79161234567")
        by_hand(practice, view.id)
        assert list(practice.clients.rows) == ["+79161234567"]

    def test_a_guest_known_by_telegram_needs_another_contact(self, practice: Practice) -> None:
        view = join_as_guest(practice, preferred_contact=PreferredContact.TELEGRAM, contact="@vera_example")
        with pytest.raises(ContactRequired):
            by_hand(practice, view.id)
        by_hand(practice, view.id, email="vera@example.org")
        assert list(practice.clients.rows) == ["vera@example.org"]

    def test_an_outdated_consent_is_asked_for_anew(self, practice: Practice) -> None:
        [request_id] = wait_in_line(practice, 1)
        practice.waitlist.rows[request_id].consent_version = "0.9"
        with pytest.raises(ConsentRequired):
            by_hand(practice, request_id)
        assert practice.clients.rows == {}
        paper = GivenConsents(
            documents=[("personal_data", "1.0")], channel="staff", evidence={"ground": "бланк"}
        )
        by_hand(practice, request_id, given=paper)
        assert [channel for _, channel, _, _ in practice.consents.given] == ["staff"]

    def test_what_must_not_be_is_refused_and_changes_nothing(self, practice: Practice) -> None:
        first, second = wait_in_line(practice, 2)
        made = by_hand(practice, first)
        with pytest.raises(OfferStillOpen):
            by_hand(practice, first, start=LATER)
        with pytest.raises(SlotTaken):
            by_hand(practice, second)
        with pytest.raises(SlotUnavailable):
            by_hand(practice, second, start=START + 7 * MINUTE)
        practice.withdraw_offer(actor=OWNER, request_id=first)
        with pytest.raises(SlotAlreadyOffered):
            by_hand(practice, first)
        practice.move_waitlist_request(actor=OWNER, request_id=first, status=WaitlistStatus.CLOSED)
        with pytest.raises(WaitlistTransitionNotAllowed):
            by_hand(practice, first, start=LATER)
        assert [each.id for each in practice.offers.all()] == [made.id]
        assert len(practice.appointments.all()) == 1

    def test_an_offer_is_taken_back_and_the_person_waits_on(self, practice: Practice) -> None:
        first, second = wait_in_line(practice, 2)
        offer = round_of(practice)
        practice.withdraw_offer(actor=OWNER, request_id=first)
        assert kept_for(practice, offer).status is AppointmentStatus.CANCELED
        assert status_of(practice, first) == "new"
        assert practice.audit.rows[-1][1] == "waitlist_offer_withdrawn"
        assert round_of(practice).waitlist_request_id == second
        with pytest.raises(NoOpenOffer):
            practice.withdraw_offer(actor=OWNER, request_id=first)


def test_a_canceled_offer_is_declined_by_whatever_way_it_was_canceled(practice: Practice) -> None:
    view = join(practice)
    offer = round_of(practice)
    practice.cancel_appointment(
        appointment_id=offer.appointment_id,
        actor=CLIENT,
        by=CanceledBy.CLIENT,
        reason=ReasonCategory.SCHEDULE,
    )
    practice.settle_offer(appointment_id=offer.appointment_id)
    assert practice.offers.get(offer.id).status is OfferStatus.DECLINED
    assert status_of(practice, view.id) == "new"
