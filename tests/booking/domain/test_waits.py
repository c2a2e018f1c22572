"""Holds and requests: how long they last, and what their end means."""

from datetime import datetime, timedelta

import pytest

from apps.booking.domain.appointment import Appointment
from apps.booking.domain.cancellation import CanceledBy
from apps.booking.domain.events import (
    AppointmentDeclined,
    AppointmentExpired,
    AppointmentHeld,
    HoldExtended,
    SlotFreed,
)
from apps.booking.domain.lifecycle import (
    AlreadyStarted,
    AppointmentStatus,
    HoldAlreadyExtended,
    HoldExpired,
    TransitionNotAllowed,
)
from apps.booking.domain.outcome import ReasonCategory
from apps.booking.domain.outside_payment import PaymentMethod
from tests.booking.domain_objects import (
    CLIENT_ID,
    HOUR,
    MINUTE,
    NOW,
    PRICE,
    START,
    booked,
    counted_ids,
    event_names,
    held,
    in_state,
    quiet,
    requested,
)

S = AppointmentStatus
TICK = timedelta(microseconds=1)
HOLD_ENDS = NOW + 20 * MINUTE
ANSWER_DUE = NOW + 24 * HOUR


def extend(appointment: Appointment, now: datetime) -> None:
    appointment.extend_hold(new_id=counted_ids(), now=now)


def expire(appointment: Appointment, now: datetime) -> None:
    appointment.expire(new_id=counted_ids(), now=now)


def accept(appointment: Appointment, now: datetime) -> None:
    appointment.accept(new_id=counted_ids(), now=now)


def pay(appointment: Appointment, now: datetime) -> None:
    appointment.record_outside_payment(amount=PRICE, method=PaymentMethod.CASH, new_id=counted_ids(), now=now)


def cancel(appointment: Appointment, now: datetime) -> None:
    appointment.cancel(
        by=CanceledBy.CLIENT,
        reason=ReasonCategory.NONE,
        actor_id=CLIENT_ID,
        new_id=counted_ids(),
        now=now,
    )


def test_a_hold_is_extended_once_by_the_same_length() -> None:
    appointment = held()
    extend(appointment, HOLD_ENDS - TICK)
    assert appointment.hold_expires_at == HOLD_ENDS + 20 * MINUTE
    [event] = appointment.pending_events
    assert isinstance(event, HoldExtended)
    assert event.hold_expires_at == HOLD_ENDS + 20 * MINUTE


def test_a_second_extension_is_refused() -> None:
    appointment = held()
    extend(appointment, NOW)
    with pytest.raises(HoldAlreadyExtended):
        extend(appointment, NOW + MINUTE)
    assert appointment.hold_expires_at == HOLD_ENDS + 20 * MINUTE


def test_an_accepted_request_waits_and_extends_by_the_longer_hold() -> None:
    appointment = requested()
    accept(appointment, NOW + HOUR)
    assert appointment.status is S.PENDING_PAYMENT
    assert appointment.answer_due_at is None
    assert appointment.hold_expires_at == NOW + 25 * HOUR
    [event] = appointment.pending_events
    assert isinstance(event, AppointmentHeld)
    extend(appointment, NOW + 2 * HOUR)
    assert appointment.hold_expires_at == NOW + 49 * HOUR


@pytest.mark.parametrize("act", [extend, pay, cancel], ids=["extend", "pay", "cancel"])
def test_at_the_very_instant_of_its_end_a_hold_is_over_for_everybody(act: object) -> None:
    appointment = held()
    with pytest.raises(HoldExpired):
        act(appointment, HOLD_ENDS)
    assert appointment.status is S.PENDING_PAYMENT


@pytest.mark.parametrize("act", [extend, pay, cancel], ids=["extend", "pay", "cancel"])
def test_a_moment_before_its_end_a_hold_is_still_good(act: object) -> None:
    appointment = held()
    act(appointment, HOLD_ENDS - TICK)
    assert appointment.pending_events


def test_a_hold_expires_at_its_end_and_frees_its_time() -> None:
    appointment = held()
    expire(appointment, HOLD_ENDS)
    assert appointment.status is S.EXPIRED
    expired, freed = appointment.pending_events
    assert isinstance(expired, AppointmentExpired)
    assert isinstance(freed, SlotFreed)
    assert (freed.start, freed.end) == (START, START + 50 * MINUTE)


def test_a_hold_does_not_expire_before_its_end() -> None:
    appointment = held()
    with pytest.raises(TransitionNotAllowed):
        expire(appointment, HOLD_ENDS - TICK)
    assert appointment.status is S.PENDING_PAYMENT


def test_an_extended_hold_does_not_expire_at_its_first_end() -> None:
    appointment = held()
    extend(appointment, NOW)
    with pytest.raises(TransitionNotAllowed):
        expire(appointment, HOLD_ENDS)
    expire(appointment, HOLD_ENDS + 20 * MINUTE)
    assert appointment.status is S.EXPIRED


def test_a_request_can_be_accepted_until_its_answer_is_due() -> None:
    accept(requested(), ANSWER_DUE - TICK)
    with pytest.raises(HoldExpired):
        accept(requested(), ANSWER_DUE)


def test_a_request_whose_session_has_begun_cannot_be_accepted() -> None:
    appointment = quiet(booked(requires_confirmation=True, start=NOW + HOUR))
    with pytest.raises(AlreadyStarted):
        accept(appointment, NOW + HOUR)
    assert appointment.status is S.REQUESTED


@pytest.mark.parametrize("by", ["specialist", "system"])
def test_a_declined_request_says_who_declined_it_and_frees_its_time(by: str) -> None:
    appointment = requested()
    appointment.decline(by=by, new_id=counted_ids(), now=NOW)
    assert appointment.status is S.DECLINED
    assert appointment.answer_due_at is None
    declined, freed = appointment.pending_events
    assert isinstance(declined, AppointmentDeclined)
    assert declined.by == by
    assert isinstance(freed, SlotFreed)


def test_a_client_who_cancels_a_request_withdraws_it() -> None:
    appointment = requested()
    cancel(appointment, NOW)
    assert appointment.status is S.DECLINED
    declined, _ = appointment.pending_events
    assert isinstance(declined, AppointmentDeclined)
    assert declined.by == "client"
    assert appointment.outcomes == []


def test_an_overdue_request_can_no_longer_be_withdrawn_but_the_system_declines_it() -> None:
    appointment = requested()
    with pytest.raises(HoldExpired):
        cancel(appointment, ANSWER_DUE)
    appointment.decline(by="system", new_id=counted_ids(), now=ANSWER_DUE)
    assert event_names(appointment) == ["AppointmentDeclined", "SlotFreed"]


@pytest.mark.parametrize(
    ("status", "deadline"), [(S.PENDING_PAYMENT, HOLD_ENDS), (S.REQUESTED, ANSWER_DUE)], ids=str
)
def test_a_wait_is_overdue_from_its_deadline_on(status: AppointmentStatus, deadline: datetime) -> None:
    assert not in_state(status).is_overdue(deadline - TICK)
    assert in_state(status).is_overdue(deadline)


@pytest.mark.parametrize("status", sorted(set(S) - {S.PENDING_PAYMENT, S.REQUESTED}), ids=str)
def test_what_waits_for_nothing_is_never_overdue(status: AppointmentStatus) -> None:
    assert not in_state(status).is_overdue(NOW + timedelta(days=365))
