"""A client, or the specialist for a client, books a time."""

from datetime import date, timedelta

import pytest

from apps.booking.application.ports import ConsentRequired, GivenConsents
from apps.booking.domain.lifecycle import AppointmentStatus
from apps.booking.domain.service import (
    MeetingFormat,
    ServiceFormat,
    ServiceNotFound,
    ServiceStatus,
    WrongMeetingFormat,
)
from apps.booking.domain.slots import SlotTaken, SlotUnavailable
from apps.kernel.domain.money import Money
from apps.kernel.domain.period import Period
from tests.booking.application.practice import CLIENT, CONSENT_GIVEN, OWNER, STRANGER, Practice
from tests.booking.domain_objects import (
    CLIENT_ID,
    FREE,
    HOUR,
    LATER,
    MINUTE,
    NOW,
    PRICE,
    SPECIALIST_ID,
    START,
    STRANGER_ID,
    booked,
    terms,
)
from tests.booking.fakes import UnknownDocument

S = AppointmentStatus


class TestAClientBooks:
    def test_the_time_is_kept_for_payment_and_the_client_sees_what_to_pay_until_when(
        self, practice: Practice
    ) -> None:
        view = practice.book()
        assert (view.status, view.amount_due, view.hold_expires_at) == (
            S.PENDING_PAYMENT,
            PRICE,
            NOW + 20 * MINUTE,
        )
        assert (view.start, view.end, view.time_zone) == (START, START + 50 * MINUTE, "Asia/Yekaterinburg")
        assert view.service == practice.offering.service.terms
        assert practice.kept(view.id).client_id == CLIENT_ID

    def test_what_happened_is_told_and_written_with_the_one_who_did_it(self, practice: Practice) -> None:
        practice.book()
        assert practice.bus.names() == ["AppointmentHeld"]
        assert practice.appointments.timeline == [("AppointmentHeld", "client")]
        assert practice.unit_of_work.committed == 1

    def test_the_link_is_shown_only_once_it_is_confirmed(self, practice: Practice) -> None:
        assert practice.book().meeting_link == ""
        practice.offer(terms=FREE)
        assert practice.book(start=LATER).meeting_link == "https://meet.example.org/anna"

    def test_writers_of_the_same_time_queue_before_anybody_looks(self, practice: Practice) -> None:
        practice.book()
        blocked = Period(START, START + 60 * MINUTE)
        assert practice.appointments.queued == [(SPECIALIST_ID, blocked, None)]

    def test_where_a_day_is_limited_writers_of_the_day_queue_too(self, practice: Practice) -> None:
        practice.limit_days_to(3)
        practice.book()
        [(_, _, day)] = practice.appointments.queued
        assert day == date(2026, 12, 4)

    def test_overrides_are_asked_for_around_the_day(self, practice: Practice) -> None:
        practice.book()
        assert practice.offerings.asked == [(date(2026, 12, 2), date(2026, 12, 6))]


class TestRefusals:
    @pytest.fixture(autouse=True)
    def _nothing_changes(self, practice: Practice) -> object:
        yield
        assert practice.appointments.all() == []
        assert practice.bus.names() == []

    def test_an_unknown_service(self, practice: Practice) -> None:
        with pytest.raises(ServiceNotFound):
            practice.book(slug="nothing-like-it")

    @pytest.mark.parametrize("status", [ServiceStatus.DRAFT, ServiceStatus.ARCHIVED])
    def test_an_unpublished_service(self, practice: Practice, status: ServiceStatus) -> None:
        practice.offer(status=status)
        with pytest.raises(ServiceNotFound):
            practice.book()

    def test_a_format_that_the_service_is_not_held_in(self, practice: Practice) -> None:
        practice.offer(format=ServiceFormat.ONLINE)
        with pytest.raises(WrongMeetingFormat):
            practice.book(meeting_format=MeetingFormat.OFFLINE)

    @pytest.mark.parametrize(
        ("start", "reason"),
        [
            (NOW - HOUR, "past"),
            (NOW + 2 * HOUR, "too_soon"),
            (START + timedelta(days=90), "too_far"),
            (START.replace(hour=2), "outside_hours"),
            (START + 7 * MINUTE, "off_grid"),
        ],
        ids=["past", "too soon", "too far", "at night", "off the grid"],
    )
    def test_a_time_that_is_not_on_offer(self, practice: Practice, start: object, reason: str) -> None:
        with pytest.raises(SlotUnavailable) as refusal:
            practice.book(start=start)
        assert refusal.value.params == {"reason": reason}

    def test_somebody_who_was_faster_by_a_moment(self, practice: Practice) -> None:
        """The occupancy was read before the other one committed: the storage refuses."""
        practice.appointments.someone_was_faster = booked(client_id=STRANGER_ID)
        with pytest.raises(SlotTaken):
            practice.book()

    def test_no_consent_to_personal_data_and_the_document_comes_with_the_refusal(
        self, practice: Practice
    ) -> None:
        practice.consents.rows.clear()
        with pytest.raises(ConsentRequired) as refusal:
            practice.book()
        assert refusal.value.document == practice.consents.DOCUMENT

    def test_a_consent_to_something_else_is_not_enough(self, practice: Practice) -> None:
        practice.consents.rows.clear()
        given = GivenConsents(documents=[("communications", "1.0")], evidence={})
        with pytest.raises(ConsentRequired):
            practice.book(given=given)
        assert practice.consents.rows == set()

    def test_a_consent_to_an_unknown_document(self, practice: Practice) -> None:
        with pytest.raises(UnknownDocument):
            practice.book(given=GivenConsents(documents=[("personal_data", "0.9")], evidence={}))

    def test_a_consent_is_not_kept_when_the_time_is_refused(self, practice: Practice) -> None:
        practice.consents.rows.clear()
        with pytest.raises(SlotUnavailable):
            practice.book(start=START + 7 * MINUTE, given=CONSENT_GIVEN)
        assert practice.consents.rows == set()


def test_a_taken_time_with_its_buffer_is_refused_and_the_next_one_is_not(practice: Practice) -> None:
    practice.book()
    for start in (START, START + 30 * MINUTE):
        with pytest.raises(SlotTaken):
            practice.book(start=start, actor=STRANGER)
    assert practice.book(start=START + HOUR).status is S.PENDING_PAYMENT


def test_a_full_day_is_refused_whatever_the_hour(practice: Practice) -> None:
    practice.limit_days_to(1)
    practice.book()
    with pytest.raises(SlotUnavailable) as refusal:
        practice.book(start=LATER)
    assert refusal.value.reason == "daily_limit"
    practice.book(start=LATER + timedelta(days=1))


def test_a_consent_given_with_the_booking_is_kept(practice: Practice) -> None:
    practice.consents.rows.clear()
    practice.book(given=CONSENT_GIVEN)
    assert (CLIENT_ID, "personal_data") in practice.consents.rows


class TestAnExpiredHoldInTheWay:
    def test_frees_its_time_though_no_worker_has_run(self, practice: Practice) -> None:
        old = practice.book()
        practice.clock.pass_(20 * MINUTE)
        new = practice.book()
        assert practice.kept(old.id).status is S.EXPIRED
        assert new.status is S.PENDING_PAYMENT
        assert practice.bus.names() == [
            "AppointmentHeld",
            "AppointmentExpired",
            "SlotFreed",
            "AppointmentHeld",
        ]
        assert ("AppointmentExpired", "system") in practice.appointments.timeline

    def test_an_unanswered_request_does_the_same(self, practice: Practice) -> None:
        practice.offer(requires_confirmation=True)
        old = practice.book()
        practice.clock.pass_(24 * HOUR)
        practice.book()
        assert practice.kept(old.id).status is S.DECLINED

    def test_one_at_another_time_is_left_to_the_worker(self, practice: Practice) -> None:
        elsewhere = practice.book(start=LATER)
        practice.clock.pass_(20 * MINUTE)
        practice.book()
        assert practice.kept(elsewhere.id).status is S.PENDING_PAYMENT

    def test_a_hold_that_still_lasts_keeps_its_time(self, practice: Practice) -> None:
        practice.book()
        practice.clock.pass_(20 * MINUTE - timedelta(microseconds=1))
        with pytest.raises(SlotTaken):
            practice.book()

    def test_it_does_not_count_towards_the_limit_of_the_day(self, practice: Practice) -> None:
        practice.limit_days_to(1)
        practice.book(start=LATER)
        practice.clock.pass_(20 * MINUTE)
        assert practice.book().status is S.PENDING_PAYMENT


class TestTheSpecialistBooks:
    def book(self, practice: Practice, **values: object) -> object:
        return practice.book_for_client(
            **{
                "actor": OWNER,
                "client_id": None,
                "name": "Мария",
                "email": "maria@example.org",
                "phone": None,
                "service_slug": "first-session",
                "start": START,
                "meeting_format": MeetingFormat.OFFLINE,
                "time_zone": "Europe/Moscow",
                "given": CONSENT_GIVEN,
                **values,
            }
        )

    def test_for_a_new_client_who_is_registered_with_it(self, practice: Practice) -> None:
        view = self.book(practice)
        client_id = practice.clients.rows["maria@example.org"]
        assert practice.kept(view.id).client_id == client_id
        assert view.entry_point == "admin"
        assert practice.appointments.timeline == [("AppointmentHeld", "owner")]

    def test_for_a_known_client_without_registering_anybody(self, practice: Practice) -> None:
        view = self.book(practice, client_id=CLIENT_ID, given=GivenConsents(documents=[], evidence={}))
        assert practice.kept(view.id).client_id == CLIENT_ID
        assert practice.clients.rows == {}

    def test_under_the_same_rules_and_then_nobody_is_registered(self, practice: Practice) -> None:
        with pytest.raises(SlotUnavailable):
            self.book(practice, start=START + 7 * MINUTE)
        with pytest.raises(ConsentRequired):
            self.book(practice, given=GivenConsents(documents=[], evidence={}))
        assert practice.clients.rows == {}
        assert practice.appointments.all() == []


def test_a_booking_keeps_its_terms_when_the_service_gets_dearer(practice: Practice) -> None:
    view = practice.book()
    practice.offer(terms=terms(price=Money(900_000)))
    assert practice.kept(view.id).terms.price == PRICE
    assert practice.extend_hold(appointment_id=view.id, actor=CLIENT).amount_due == PRICE
