"""Money that came outside the system: how much, and what it does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.booking.domain.appointment import Appointment
from apps.booking.domain.events import AppointmentConfirmed, OutsidePaymentRecorded
from apps.booking.domain.lifecycle import AppointmentStatus
from apps.booking.domain.outside_payment import PaymentAmountOutOfRange, PaymentMethod
from apps.kernel.domain.money import InvalidMoney, Money
from tests.booking.domain_objects import (
    FREE,
    NOW,
    PRICE,
    START,
    WITH_DEPOSIT,
    confirmed,
    counted_ids,
    held,
    terms,
)
from tests.counts import property_settings

DEPOSIT = Money(100_000)


def pay(appointment: Appointment, amount: Money) -> None:
    appointment.record_outside_payment(
        amount=amount, method=PaymentMethod.TRANSFER, new_id=counted_ids(), now=NOW
    )


def test_the_whole_price_confirms_a_hold() -> None:
    appointment = held()
    pay(appointment, PRICE)
    assert appointment.status is AppointmentStatus.CONFIRMED
    assert appointment.hold_expires_at is None
    assert appointment.paid == PRICE
    recorded, confirmation = appointment.pending_events
    assert isinstance(recorded, OutsidePaymentRecorded)
    assert (recorded.amount_minor, recorded.currency, recorded.method) == (450_000, "RUB", "transfer")
    assert isinstance(confirmation, AppointmentConfirmed)


def test_the_deposit_is_enough_and_the_rest_may_come_later() -> None:
    appointment = held(of=WITH_DEPOSIT)
    pay(appointment, DEPOSIT)
    assert appointment.status is AppointmentStatus.CONFIRMED
    assert appointment.amount_due == Money(350_000)
    appointment.pull_events()
    pay(appointment, Money(350_000))
    assert appointment.paid == PRICE
    assert [event.name() for event in appointment.pending_events] == ["OutsidePaymentRecorded"]


@pytest.mark.parametrize(
    ("appointment", "amount"),
    [
        (held(), PRICE - Money(1)),
        (held(), PRICE + Money(1)),
        (held(), Money(0)),
        (held(), Money(-1)),
        (held(of=WITH_DEPOSIT), DEPOSIT - Money(1)),
        (held(of=WITH_DEPOSIT), PRICE + Money(1)),
        (confirmed(of=WITH_DEPOSIT, paid=DEPOSIT), Money(350_001)),
        (confirmed(of=WITH_DEPOSIT, paid=DEPOSIT), Money(0)),
        (confirmed(), Money(1)),
        (confirmed(of=FREE), Money(1)),
    ],
    ids=[
        "less than the price",
        "more than the price",
        "nothing",
        "less than nothing",
        "less than the deposit",
        "deposit and more than the price",
        "more than the rest",
        "nothing for the rest",
        "paid whole",
        "free",
    ],
)
def test_an_amount_out_of_bounds_is_refused_and_nothing_changes(
    appointment: Appointment, amount: Money
) -> None:
    status, paid = appointment.status, appointment.paid
    with pytest.raises(PaymentAmountOutOfRange) as refusal:
        pay(appointment, amount)
    assert refusal.value.field == "amount"
    assert (appointment.status, appointment.paid) == (status, paid)
    assert not appointment.pending_events


def test_the_refusal_names_the_bounds_in_roubles() -> None:
    with pytest.raises(PaymentAmountOutOfRange) as refusal:
        pay(held(of=WITH_DEPOSIT), Money(1))
    assert refusal.value.params == {"least": "1000.00", "most": "4500.00"}
    assert str(refusal.value) == "Enter an amount from 1000.00 to 4500.00 roubles."


def test_another_currency_is_refused() -> None:
    appointment = held()
    with pytest.raises(InvalidMoney):
        pay(appointment, Money(450_000, "EUR"))
    assert appointment.paid == Money(0)


@property_settings()
@given(
    price=st.integers(1, 10**7),
    deposit_share=st.floats(0, 1),
    amounts=st.lists(st.integers(-5, 10**7), max_size=6),
)
def test_whatever_is_offered_what_is_paid_never_exceeds_the_price(
    price: int, deposit_share: float, amounts: list[int]
) -> None:
    deposit = round(price * deposit_share)
    appointment = held(of=terms(price=Money(price), deposit=Money(deposit) if deposit else None))
    accepted = 0
    for amount in [deposit or price, *amounts]:
        try:
            pay(appointment, Money(amount))
            accepted += amount
        except PaymentAmountOutOfRange:
            continue
    assert appointment.paid == Money(accepted)
    assert appointment.paid + appointment.amount_due == Money(price)
    assert appointment.status is AppointmentStatus.CONFIRMED
    assert appointment.period.start == START
