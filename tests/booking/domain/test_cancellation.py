"""What a canceled appointment gives back, and that no kopeck is ever lost."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.booking.domain.cancellation import CanceledBy, RefundRule, cancellation
from apps.booking.domain.events import AppointmentCanceled, SlotFreed
from apps.booking.domain.lifecycle import AlreadyStarted, AppointmentStatus
from apps.booking.domain.outcome import Outcome, ReasonCategory
from apps.kernel.domain.money import Money
from tests.booking.domain_objects import (
    CLIENT_ID,
    FREE,
    HOUR,
    MINUTE,
    NOW,
    OWNER_ID,
    PRICE,
    START,
    confirmed,
    counted_ids,
    held,
    terms,
)
from tests.counts import property_settings

TICK = timedelta(microseconds=1)
FREE_UNTIL = START - 24 * HOUR
HALF_UNTIL = START - 12 * HOUR
ODD = terms(price=Money(450_001))


@pytest.mark.parametrize(
    ("now", "rule", "refund"),
    [
        (FREE_UNTIL - TICK, RefundRule.FULL, 450_001),
        (FREE_UNTIL, RefundRule.HALF, 225_001),
        (HALF_UNTIL - TICK, RefundRule.HALF, 225_001),
        (HALF_UNTIL, RefundRule.NONE, 0),
        (START - TICK, RefundRule.NONE, 0),
    ],
    ids=["before the free limit", "at it", "before the half limit", "at it ", "just before the start"],
)
def test_a_client_gets_back_whole_then_half_then_nothing(
    now: datetime, rule: RefundRule, refund: int
) -> None:
    consequence = confirmed(of=ODD).preview_cancellation(by=CanceledBy.CLIENT, now=now)
    assert consequence.rule is rule
    assert consequence.refund == Money(refund)
    assert consequence.kept == Money(450_001 - refund)
    assert consequence.free_until == FREE_UNTIL


@pytest.mark.parametrize("now", [NOW, FREE_UNTIL, HALF_UNTIL, START, START + 48 * HOUR])
def test_the_specialist_always_gives_back_everything(now: datetime) -> None:
    consequence = confirmed().preview_cancellation(by=CanceledBy.SPECIALIST, now=now)
    assert consequence.rule is RefundRule.FULL
    assert consequence.refund == PRICE
    assert consequence.kept == Money(0)


def test_once_the_session_has_begun_the_client_can_no_longer_cancel() -> None:
    appointment = confirmed()
    with pytest.raises(AlreadyStarted):
        appointment.preview_cancellation(by=CanceledBy.CLIENT, now=START)
    assert appointment.status is AppointmentStatus.CONFIRMED


def test_the_preview_changes_nothing() -> None:
    appointment = confirmed()
    appointment.preview_cancellation(by=CanceledBy.CLIENT, now=NOW)
    assert appointment.status is AppointmentStatus.CONFIRMED
    assert appointment.refund == Money(0)
    assert not appointment.pending_events


@pytest.mark.parametrize("by", CanceledBy, ids=str)
@pytest.mark.parametrize("now", [NOW, FREE_UNTIL, HALF_UNTIL], ids=["full", "half", "none"])
def test_canceling_does_what_the_preview_said(by: CanceledBy, now: datetime) -> None:
    appointment = confirmed()
    shown = appointment.preview_cancellation(by=by, now=now)
    done = appointment.cancel(
        by=by, reason=ReasonCategory.HEALTH, actor_id=CLIENT_ID, new_id=counted_ids(), now=now
    )
    assert done == shown
    assert appointment.refund == shown.refund
    canceled, freed = appointment.pending_events
    assert isinstance(canceled, AppointmentCanceled)
    assert (canceled.by, canceled.rule, canceled.refund_minor, canceled.currency) == (
        by.value,
        shown.rule.value,
        shown.refund.minor,
        "RUB",
    )
    assert isinstance(freed, SlotFreed)
    assert (freed.start, freed.end) == (START, START + 50 * MINUTE)


@pytest.mark.parametrize(
    ("by", "outcome"),
    [
        (CanceledBy.CLIENT, Outcome.CANCELED_BY_CLIENT),
        (CanceledBy.SPECIALIST, Outcome.CANCELED_BY_PROVIDER),
    ],
    ids=str,
)
def test_a_cancellation_is_kept_as_the_outcome_with_its_reason_and_who_did_it(
    by: CanceledBy, outcome: Outcome
) -> None:
    appointment = confirmed()
    appointment.cancel(
        by=by, reason=ReasonCategory.EMERGENCY, actor_id=OWNER_ID, new_id=counted_ids(), now=NOW
    )
    [record] = appointment.outcomes
    assert (record.outcome, record.reason, record.recorded_by) == (
        outcome,
        ReasonCategory.EMERGENCY,
        OWNER_ID,
    )
    assert (record.session_start, record.recorded_at) == (START, NOW)


def test_canceling_a_hold_ends_it_and_refunds_nothing_because_nothing_was_paid() -> None:
    appointment = held()
    consequence = appointment.cancel(
        by=CanceledBy.CLIENT,
        reason=ReasonCategory.NONE,
        actor_id=CLIENT_ID,
        new_id=counted_ids(),
        now=NOW + MINUTE,
    )
    assert appointment.status is AppointmentStatus.CANCELED
    assert appointment.hold_expires_at is None
    assert consequence.refund == Money(0)


def test_canceling_a_free_session_moves_no_money() -> None:
    consequence = confirmed(of=FREE).preview_cancellation(by=CanceledBy.SPECIALIST, now=NOW)
    assert (consequence.refund, consequence.kept) == (Money(0), Money(0))


def test_a_service_without_a_half_refund_goes_from_whole_to_nothing() -> None:
    of = terms(cancel_free_hours=24, cancel_partial_hours=24)
    whole = confirmed(of=of).preview_cancellation(by=CanceledBy.CLIENT, now=FREE_UNTIL - TICK)
    nothing = confirmed(of=of).preview_cancellation(by=CanceledBy.CLIENT, now=FREE_UNTIL)
    assert (whole.rule, nothing.rule) == (RefundRule.FULL, RefundRule.NONE)


@property_settings()
@given(
    by=st.sampled_from(CanceledBy),
    paid=st.integers(0, 10**12),
    partial=st.integers(0, 400),
    free_more=st.integers(0, 400),
    ahead=st.integers(-(10**6), 3 * 10**6),
)
def test_what_is_refunded_and_what_is_kept_are_always_what_was_paid(
    by: CanceledBy, paid: int, partial: int, free_more: int, ahead: int
) -> None:
    start = START
    consequence = cancellation(
        by=by,
        paid=Money(paid),
        start=start,
        free_hours=partial + free_more,
        partial_hours=partial,
        now=start - timedelta(seconds=ahead),
    )
    assert consequence.refund + consequence.kept == Money(paid)
    assert 0 <= consequence.refund.minor <= paid
    assert consequence.kept.minor >= 0
    if by is CanceledBy.SPECIALIST:
        assert consequence.refund == Money(paid)
    if consequence.rule is RefundRule.HALF:
        # The odd kopeck is the client's.
        assert consequence.refund.minor - consequence.kept.minor == paid % 2
    if consequence.rule is RefundRule.NONE:
        assert consequence.refund == Money(0)


@property_settings()
@given(
    paid=st.integers(0, 10**9),
    partial=st.integers(0, 100),
    free_more=st.integers(0, 100),
    first=st.integers(0, 10**6),
    wait=st.integers(0, 10**6),
)
def test_waiting_never_raises_the_refund(
    paid: int, partial: int, free_more: int, first: int, wait: int
) -> None:
    def refund(now: datetime) -> Money:
        return cancellation(
            by=CanceledBy.CLIENT,
            paid=Money(paid),
            start=START,
            free_hours=partial + free_more,
            partial_hours=partial,
            now=now,
        ).refund

    now = START - timedelta(seconds=first)
    assert refund(now + timedelta(seconds=wait)) <= refund(now)
