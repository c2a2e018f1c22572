"""Money that comes through the provider: what an appointment takes, and what it leaves to be given back."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.booking.domain.appointment import Appointment
from apps.booking.domain.events import AppointmentConfirmed, PaymentReceived
from apps.booking.domain.lifecycle import AppointmentStatus, PaymentNotTaken
from apps.kernel.domain.money import Money
from tests.booking.domain_objects import (
    MINUTE,
    NOW,
    PRICE,
    START,
    WITH_DEPOSIT,
    confirmed,
    counted_ids,
    event_names,
    held,
    in_state,
)
from tests.counts import property_settings

S = AppointmentStatus
PAYMENT_ID = UUID(int=77)
DEPOSIT, REST = Money(100_000), Money(350_000)
OVER = NOW + 20 * MINUTE
KOPECK = Money(1)


def receive(
    appointment: Appointment, amount: Money = PRICE, *, free: bool = True, now: datetime = NOW
) -> bool:
    return appointment.receive_payment(
        payment_id=PAYMENT_ID, amount=amount, slot_is_free=free, new_id=counted_ids(), now=now
    )


def refusal(
    appointment: Appointment, amount: Money = PRICE, *, free: bool = True, now: datetime = NOW
) -> object:
    """Why the money is not taken; both ways of asking say the same, and nothing changes."""
    before = (appointment.status, appointment.paid, appointment.hold_expires_at)
    with pytest.raises(PaymentNotTaken) as asked:
        appointment.ensure_takes_payment(amount=amount, slot_is_free=free, now=now)
    with pytest.raises(PaymentNotTaken) as refused:
        receive(appointment, amount, free=free, now=now)
    assert asked.value.params == refused.value.params
    assert (appointment.status, appointment.paid, appointment.hold_expires_at) == before
    assert not appointment.pending_events
    return refused.value.params["reason"]


def test_money_in_time_confirms_a_hold() -> None:
    appointment = held()
    assert receive(appointment) is False
    assert (appointment.status, appointment.paid) == (S.CONFIRMED, PRICE)
    assert appointment.hold_expires_at is None
    received, confirmation = appointment.pending_events
    assert isinstance(received, PaymentReceived)
    assert (received.payment_id, received.amount_minor, received.late) == (PAYMENT_ID, 450_000, False)
    assert isinstance(confirmation, AppointmentConfirmed)


@pytest.mark.parametrize("free", [True, False])
def test_a_hold_that_is_over_but_still_stands_takes_its_money_late(free: bool) -> None:
    """Nobody can have taken its time without releasing it first."""
    appointment = held()
    assert receive(appointment, free=free, now=OVER) is True
    assert appointment.status is S.CONFIRMED


def test_an_expired_hold_comes_back_while_its_time_is_free() -> None:
    appointment = in_state(S.EXPIRED)
    assert receive(appointment, now=OVER) is True
    assert (appointment.status, appointment.paid) == (S.CONFIRMED, PRICE)
    assert event_names(appointment) == ["PaymentReceived", "AppointmentConfirmed"]


def test_an_expired_hold_does_not_come_back_once_its_time_is_taken() -> None:
    assert refusal(in_state(S.EXPIRED), free=False) == "slot_taken"


@pytest.mark.parametrize("status", [S.PENDING_PAYMENT, S.EXPIRED], ids=str)
def test_nothing_is_confirmed_after_its_start(status: AppointmentStatus) -> None:
    assert refusal(in_state(status), now=START) == "too_late"
    assert receive(in_state(status), now=START - timedelta(microseconds=1)) is True


@pytest.mark.parametrize("status", [S.REQUESTED, S.DECLINED, S.CANCELED], ids=str)
def test_what_waits_for_no_money_takes_none(status: AppointmentStatus) -> None:
    assert refusal(in_state(status)) == "closed"


@pytest.mark.parametrize(
    "status", [S.PENDING_PAYMENT, S.EXPIRED, S.CONFIRMED, S.COMPLETED, S.NO_SHOW], ids=str
)
def test_a_kopeck_above_the_price_is_too_much(status: AppointmentStatus) -> None:
    assert refusal(in_state(status), PRICE + KOPECK) == "too_much"


@pytest.mark.parametrize("status", [S.CONFIRMED, S.COMPLETED, S.NO_SHOW], ids=str)
def test_what_is_paid_whole_takes_nothing_more(status: AppointmentStatus) -> None:
    assert refusal(in_state(status), KOPECK) == "too_much"


@pytest.mark.parametrize("status", [S.PENDING_PAYMENT, S.EXPIRED], ids=str)
def test_a_kopeck_less_than_what_confirms_is_too_little(status: AppointmentStatus) -> None:
    assert refusal(in_state(status), PRICE - KOPECK) == "too_little"
    assert refusal(in_state(status, of=WITH_DEPOSIT), DEPOSIT - KOPECK) == "too_little"


@pytest.mark.parametrize("status", [S.PENDING_PAYMENT, S.EXPIRED], ids=str)
def test_the_deposit_is_enough_and_the_rest_may_come_later(status: AppointmentStatus) -> None:
    appointment = in_state(status, of=WITH_DEPOSIT)
    receive(appointment, DEPOSIT, now=OVER)
    assert (appointment.status, appointment.amount_due) == (S.CONFIRMED, REST)
    appointment.pull_events()
    assert receive(appointment, REST, now=START + MINUTE) is False
    assert (appointment.paid, appointment.amount_due) == (PRICE, Money(0))
    assert event_names(appointment) == ["PaymentReceived"]


@given(
    amounts=st.lists(st.integers(-5, 500_000).map(Money), max_size=6),
    status=st.sampled_from(S),
    free=st.booleans(),
)
@property_settings()
def test_whatever_comes_never_more_than_the_price_is_taken_and_nothing_unpaid_is_confirmed(
    amounts: list[Money], status: AppointmentStatus, free: bool
) -> None:
    appointment = in_state(status, of=WITH_DEPOSIT)
    taken = appointment.paid
    for amount in amounts:
        try:
            receive(appointment, amount, free=free, now=OVER)
        except PaymentNotTaken:
            continue
        assert amount > Money(0)
        taken += amount
    assert appointment.paid == taken <= PRICE
    assert appointment.status is not S.CONFIRMED or appointment.paid >= DEPOSIT


@pytest.mark.parametrize("amount", [Money(0), Money(-1)], ids=str)
def test_nothing_is_no_payment(amount: Money) -> None:
    assert refusal(confirmed(of=WITH_DEPOSIT, paid=DEPOSIT), amount) == "too_little"


def test_a_confirmed_one_is_never_late() -> None:
    appointment = confirmed(of=WITH_DEPOSIT, paid=DEPOSIT)
    assert receive(appointment, REST, now=START + timedelta(days=3)) is False
