"""How a session ended, as the specialist records it."""

from datetime import timedelta

import pytest

from apps.booking.domain.appointment import Appointment
from apps.booking.domain.events import AppointmentCompleted, ClientDidNotShow
from apps.booking.domain.lifecycle import AppointmentStatus, TransitionNotAllowed
from apps.booking.domain.outcome import (
    Outcome,
    OutcomeBeforeStart,
    OutcomeNotRecordable,
    ReasonCategory,
)
from apps.kernel.domain.money import Money
from tests.booking.domain_objects import HOUR, OWNER_ID, PRICE, START, confirmed, counted_ids, event_names

TICK = timedelta(microseconds=1)


def record(appointment: Appointment, outcome: Outcome, now: object = START + HOUR) -> None:
    appointment.record_outcome(
        outcome=outcome,
        reason=ReasonCategory.TECHNICAL,
        notes="Связь прервалась",
        actor_id=OWNER_ID,
        new_id=counted_ids(),
        now=now,
    )


@pytest.mark.parametrize(
    ("outcome", "status", "event"),
    [
        (Outcome.ATTENDED, AppointmentStatus.COMPLETED, AppointmentCompleted),
        (Outcome.NO_SHOW, AppointmentStatus.NO_SHOW, ClientDidNotShow),
    ],
    ids=["attended", "no-show"],
)
def test_a_session_that_was_to_be_is_closed(outcome: Outcome, status: AppointmentStatus, event: type) -> None:
    appointment = confirmed()
    record(appointment, outcome)
    assert appointment.status is status
    [told] = appointment.pending_events
    assert isinstance(told, event)
    [kept] = appointment.outcomes
    assert (kept.outcome, kept.reason, kept.notes) == (outcome, ReasonCategory.TECHNICAL, "Связь прервалась")
    assert (kept.session_start, kept.recorded_at, kept.recorded_by) == (START, START + HOUR, OWNER_ID)
    assert appointment.refund == Money(0)


@pytest.mark.parametrize("outcome", sorted(set(Outcome) - {Outcome.RESCHEDULED}), ids=str)
def test_not_a_moment_before_the_start(outcome: Outcome) -> None:
    appointment = confirmed()
    with pytest.raises(OutcomeBeforeStart):
        record(appointment, outcome, START - TICK)
    assert appointment.status is AppointmentStatus.CONFIRMED
    assert appointment.outcomes == []
    record(appointment, outcome, START)
    assert appointment.status is not AppointmentStatus.CONFIRMED


def test_a_move_is_not_recorded_as_an_outcome() -> None:
    appointment = confirmed()
    with pytest.raises(OutcomeNotRecordable) as refusal:
        record(appointment, Outcome.RESCHEDULED)
    assert refusal.value.field == "outcome"
    assert appointment.outcomes == []


def test_a_client_who_canceled_too_late_is_recorded_afterwards_and_gets_nothing_back() -> None:
    appointment = confirmed()
    record(appointment, Outcome.CANCELED_BY_CLIENT)
    assert appointment.status is AppointmentStatus.CANCELED
    assert appointment.refund == Money(0)
    assert appointment.outcomes[0].notes == "Связь прервалась"
    assert event_names(appointment) == ["AppointmentCanceled", "SlotFreed"]


def test_a_session_that_the_specialist_missed_gives_everything_back() -> None:
    appointment = confirmed()
    record(appointment, Outcome.CANCELED_BY_PROVIDER)
    assert appointment.status is AppointmentStatus.CANCELED
    assert appointment.refund == PRICE


def test_what_is_closed_stays_closed() -> None:
    appointment = confirmed()
    record(appointment, Outcome.ATTENDED)
    with pytest.raises(TransitionNotAllowed):
        record(appointment, Outcome.NO_SHOW)
    assert len(appointment.outcomes) == 1


def test_what_is_told_to_others_holds_no_words_about_the_session() -> None:
    appointment = confirmed()
    record(appointment, Outcome.NO_SHOW)
    assert "Связь" not in repr(appointment.pending_events)
