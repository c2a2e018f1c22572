"""The ledger: what came, what went back and what is kept, to the kopeck."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.kernel.domain.money import InvalidMoney, Money
from apps.payments.domain.ledger import Balance, EntryKind, LedgerEntry, balance
from tests.counts import property_settings
from tests.payments.domain_objects import APPOINTMENT_ID, NOW

K = EntryKind


def entry(kind: EntryKind, minor: int, currency: str = "RUB") -> LedgerEntry:
    return LedgerEntry(
        appointment_id=APPOINTMENT_ID,
        kind=kind,
        source_id=UUID(int=minor),
        amount=Money(minor, currency),
        at=NOW,
    )


def test_an_empty_ledger_keeps_nothing() -> None:
    nothing = Money(0)
    assert balance([], currency="RUB") == Balance(
        paid=nothing, refunded=nothing, kept=nothing, kept_outside=nothing
    )


def test_a_deposit_the_rest_in_cash_and_a_part_given_back() -> None:
    entries = [
        entry(K.PAYMENT, 100_000),
        entry(K.OUTSIDE_PAYMENT, 350_000),
        entry(K.REFUND, 40_000),
        entry(K.OUTSIDE_REFUND, 50_000),
    ]
    assert balance(entries, currency="RUB") == Balance(
        paid=Money(450_000), refunded=Money(90_000), kept=Money(360_000), kept_outside=Money(300_000)
    )


def test_two_currencies_never_meet() -> None:
    with pytest.raises(InvalidMoney):
        balance([entry(K.PAYMENT, 1, "EUR")], currency="RUB")


@given(movements=st.lists(st.tuples(st.sampled_from(K), st.integers(1, 10**9)), max_size=20), data=st.data())
@property_settings()
def test_it_is_balanced_whatever_moved_and_in_whatever_order(
    movements: list[tuple[EntryKind, int]], data: st.DataObject
) -> None:
    entries = [entry(kind, minor) for kind, minor in movements]
    found = balance(entries, currency="RUB")
    total = {kind: sum(minor for each, minor in movements if each is kind) for kind in K}
    assert found.paid.minor == total[K.PAYMENT] + total[K.OUTSIDE_PAYMENT]
    assert found.refunded.minor == total[K.REFUND] + total[K.OUTSIDE_REFUND]
    assert found.kept == found.paid - found.refunded
    assert found.kept_outside.minor == total[K.OUTSIDE_PAYMENT] - total[K.OUTSIDE_REFUND]
    assert balance(data.draw(st.permutations(entries)), currency="RUB") == found
