"""Moving an appointment: until when, how often, and what is left behind."""

from datetime import timedelta

import pytest

from apps.booking.domain.appointment import Appointment
from apps.booking.domain.cancellation import CanceledBy
from apps.booking.domain.events import AppointmentRescheduled, SlotFreed
from apps.booking.domain.lifecycle import AlreadyStarted, AppointmentStatus
from apps.booking.domain.outcome import Outcome, ReasonCategory
from apps.booking.domain.rescheduling import RescheduleLimitReached, SameTime, TooLateToReschedule
from apps.kernel.domain.period import Period
from tests.booking.domain_objects import (
    CLIENT_ID,
    HOUR,
    LATER,
    MINUTE,
    NOW,
    OWNER_ID,
    START,
    confirmed,
    counted_ids,
    event_names,
    terms,
)

TICK = timedelta(microseconds=1)
LAST_MOMENT = START - 12 * HOUR


def move(appointment: Appointment, start: object = LATER, *, by: CanceledBy, now: object = NOW) -> None:
    actor = CLIENT_ID if by is CanceledBy.CLIENT else OWNER_ID
    appointment.reschedule(start=start, by=by, actor_id=actor, new_id=counted_ids(), now=now)


def test_it_takes_the_new_time_keeps_its_length_and_stays_the_same_appointment() -> None:
    appointment = confirmed()
    id_before, paid = appointment.id, appointment.paid
    move(appointment, by=CanceledBy.CLIENT)
    assert appointment.period == Period(LATER, LATER + 50 * MINUTE)
    assert appointment.status is AppointmentStatus.CONFIRMED
    assert (appointment.id, appointment.paid) == (id_before, paid)


def test_the_old_time_is_freed_and_the_event_tells_both_times() -> None:
    appointment = confirmed()
    move(appointment, by=CanceledBy.CLIENT)
    freed, moved = appointment.pending_events
    assert isinstance(freed, SlotFreed)
    assert (freed.start, freed.end) == (START, START + 50 * MINUTE)
    assert isinstance(moved, AppointmentRescheduled)
    assert (moved.old_start, moved.start) == (START, LATER)


def test_the_move_is_kept_among_the_outcomes_of_the_old_session() -> None:
    appointment = confirmed()
    move(appointment, by=CanceledBy.CLIENT)
    [record] = appointment.outcomes
    assert (record.outcome, record.reason) == (Outcome.RESCHEDULED, ReasonCategory.NONE)
    assert (record.session_start, record.recorded_at, record.recorded_by) == (START, NOW, CLIENT_ID)


def test_a_client_may_move_until_the_last_moment_and_not_after() -> None:
    move(confirmed(), by=CanceledBy.CLIENT, now=LAST_MOMENT)
    late = confirmed()
    with pytest.raises(TooLateToReschedule) as refusal:
        move(late, by=CanceledBy.CLIENT, now=LAST_MOMENT + TICK)
    assert refusal.value.params == {"hours": 12}
    assert late.period.start == START
    assert not late.pending_events


def test_the_specialist_may_move_until_the_start_and_not_after() -> None:
    move(confirmed(), by=CanceledBy.SPECIALIST, now=START - TICK)
    for by in CanceledBy:
        begun = confirmed()
        with pytest.raises(AlreadyStarted):
            move(begun, by=by, now=START)
        assert begun.period.start == START


def test_the_client_may_move_as_often_as_the_terms_say() -> None:
    appointment = confirmed()
    move(appointment, LATER, by=CanceledBy.CLIENT)
    move(appointment, START, by=CanceledBy.CLIENT)
    assert appointment.reschedule_count == 2
    appointment.pull_events()
    with pytest.raises(RescheduleLimitReached):
        move(appointment, LATER, by=CanceledBy.CLIENT)
    assert appointment.period.start == START
    assert not appointment.pending_events


def test_moves_by_the_specialist_are_not_counted_and_never_run_out() -> None:
    appointment = confirmed(of=terms(max_reschedules=0))
    for start in (LATER, START, LATER):
        move(appointment, start, by=CanceledBy.SPECIALIST)
    assert appointment.reschedule_count == 0
    assert len(appointment.outcomes) == 3
    with pytest.raises(RescheduleLimitReached):
        move(appointment, START, by=CanceledBy.CLIENT)


@pytest.mark.parametrize("by", CanceledBy, ids=str)
def test_it_cannot_be_moved_onto_itself(by: CanceledBy) -> None:
    appointment = confirmed()
    with pytest.raises(SameTime) as refusal:
        move(appointment, START, by=by)
    assert refusal.value.field == "start"
    assert event_names(appointment) == []


def test_the_rules_are_those_of_the_snapshot() -> None:
    appointment = confirmed(of=terms(reschedule_min_hours=48))
    with pytest.raises(TooLateToReschedule) as refusal:
        move(appointment, by=CanceledBy.CLIENT, now=START - 47 * HOUR)
    assert refusal.value.params == {"hours": 48}
