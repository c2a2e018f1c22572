"""How an appointment begins."""

from dataclasses import replace
from datetime import timedelta

import pytest

from apps.booking.domain.appointment import Appointment, Origin
from apps.booking.domain.events import AppointmentConfirmed, AppointmentHeld, AppointmentRequested
from apps.booking.domain.lifecycle import AppointmentStatus
from apps.booking.domain.service import MeetingFormat
from apps.kernel.domain.money import Money
from apps.kernel.domain.period import InvalidPeriod, Period
from tests.booking.domain_objects import (
    CLIENT_ID,
    FREE,
    HOUR,
    MINUTE,
    NOW,
    PRICE,
    SERVICE_ID,
    SPECIALIST_ID,
    START,
    WITH_DEPOSIT,
    booked,
    confirmed,
    counted_ids,
    event_names,
    service,
    specialist,
    terms,
)

S = AppointmentStatus


def test_a_paid_service_is_held_for_payment_for_twenty_minutes() -> None:
    appointment = booked()
    assert appointment.status is S.PENDING_PAYMENT
    assert appointment.hold_expires_at == NOW + 20 * MINUTE
    assert appointment.answer_due_at is None
    [event] = appointment.pending_events
    assert isinstance(event, AppointmentHeld)
    assert event.hold_expires_at == NOW + 20 * MINUTE


def test_a_free_service_is_confirmed_at_once() -> None:
    appointment = booked(of=FREE)
    assert appointment.status is S.CONFIRMED
    assert appointment.hold_expires_at is None
    assert appointment.answer_due_at is None
    [event] = appointment.pending_events
    assert isinstance(event, AppointmentConfirmed)


@pytest.mark.parametrize("of", [terms(), FREE], ids=["paid", "free"])
def test_a_service_that_asks_for_confirmation_waits_for_the_answer(of: object) -> None:
    appointment = booked(of=of, requires_confirmation=True)
    assert appointment.status is S.REQUESTED
    assert appointment.answer_due_at == NOW + 24 * HOUR
    assert appointment.hold_expires_at is None
    [event] = appointment.pending_events
    assert isinstance(event, AppointmentRequested)
    assert event.answer_due_at == NOW + 24 * HOUR


def test_the_event_names_the_appointment_its_people_and_its_time() -> None:
    appointment = booked()
    [event] = appointment.pending_events
    assert (event.appointment_id, event.client_id, event.specialist_id, event.service_id, event.start) == (
        appointment.id,
        CLIENT_ID,
        SPECIALIST_ID,
        SERVICE_ID,
        START,
    )
    assert event.occurred_at == NOW


def test_it_lasts_as_long_as_the_service_and_blocks_the_buffers_too() -> None:
    appointment = booked(of=terms(buffer_before=5 * MINUTE, buffer_after=15 * MINUTE))
    assert appointment.period == Period(START, START + 50 * MINUTE)
    assert appointment.blocked == Period(START - 5 * MINUTE, START + 65 * MINUTE)


def test_the_terms_are_a_snapshot_that_later_changes_of_the_service_do_not_reach() -> None:
    offered = service()
    appointment = Appointment.book(
        id=counted_ids()(),
        new_id=counted_ids(2),
        client_id=CLIENT_ID,
        service=offered,
        specialist=specialist(),
        start=START,
        meeting_format=MeetingFormat.ONLINE,
        time_zone="Europe/Moscow",
        origin=Origin(),
        now=NOW,
    )
    replace(offered, terms=terms(price=Money(900_000)))
    assert appointment.terms.price == PRICE
    assert appointment.amount_due == PRICE


def test_online_it_has_a_link_and_no_address() -> None:
    appointment = booked(meeting_format=MeetingFormat.ONLINE)
    assert appointment.meeting_link == "https://meet.example.org/anna"
    assert appointment.address == ""


def test_in_person_it_has_an_address_and_no_link() -> None:
    appointment = booked(meeting_format=MeetingFormat.OFFLINE)
    assert appointment.meeting_link == ""
    assert appointment.address == "Москва, Тихий переулок, 5"


def test_nothing_is_paid_refunded_or_moved_at_first() -> None:
    appointment = booked()
    assert (appointment.paid, appointment.refund) == (Money(0), Money(0))
    assert appointment.reschedule_count == 0
    assert appointment.outcomes == []
    assert appointment.version == 1
    assert not appointment.hold_extended


def test_where_it_came_from_is_kept() -> None:
    assert booked().origin == Origin(
        entry_point="site", topic="anxiety", deep_link_id="AbC123xYz0", utm={"source": "tg"}
    )


def test_a_naive_start_is_refused() -> None:
    with pytest.raises(InvalidPeriod):
        booked(start=START.replace(tzinfo=None))


@pytest.mark.parametrize(
    ("appointment", "due"),
    [
        (booked(), PRICE),
        (booked(requires_confirmation=True), PRICE),
        (booked(of=WITH_DEPOSIT), Money(100_000)),
        (booked(of=FREE), Money(0)),
        (confirmed(), Money(0)),
        (confirmed(of=WITH_DEPOSIT, paid=Money(100_000)), Money(350_000)),
    ],
    ids=["held", "requested", "deposit", "free", "paid whole", "deposit paid"],
)
def test_what_is_due_is_the_deposit_first_and_then_the_rest(appointment: Appointment, due: Money) -> None:
    assert appointment.amount_due == due


def test_pulled_events_are_not_published_twice() -> None:
    appointment = booked()
    assert event_names(appointment) == ["AppointmentHeld"]
    assert [event.name() for event in appointment.pull_events()] == ["AppointmentHeld"]
    assert appointment.pull_events() == []


def test_a_request_for_a_paid_service_keeps_the_longer_hold_for_later() -> None:
    assert booked(requires_confirmation=True).hold_length == timedelta(hours=24)
    assert booked().hold_length == timedelta(minutes=20)
