"""Money: whole kopecks, one currency at a time."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.kernel.domain.money import InvalidMoney, Money
from tests.counts import property_settings

MINOR = st.integers(-(10**15), 10**15)


@pytest.mark.parametrize(
    ("text", "minor"), [("4500.00", 450_000), ("0.01", 1), ("1e2", 10_000), ("-3.5", -350), (7, 700)]
)
def test_it_reads_amounts_in_roubles(text: str | int, minor: int) -> None:
    assert Money.from_decimal(text) == Money(minor)


@pytest.mark.parametrize(
    "text",
    [
        "0.001",
        "1.005",
        "4500.000000000000000000000000000001",
        "1e-999999999",
        "1e999999",
        "1e999999999",
        "12345678901234567890123456789.01",
        "NaN",
        "sNaN",
        "Infinity",
        "-Infinity",
        "",
        "сто",
        "1,50",
    ],
)
def test_it_refuses_what_is_no_whole_number_of_kopecks(text: str) -> None:
    with pytest.raises(InvalidMoney):
        Money.from_decimal(text)


@property_settings()
@given(MINOR)
def test_an_amount_survives_being_written_and_read(minor: int) -> None:
    money = Money(minor)
    assert Money.from_decimal(str(money.amount)) == money
    assert money.amount.as_tuple().exponent == -2


@property_settings()
@given(MINOR, MINOR)
def test_sums_and_differences_lose_nothing(first: int, second: int) -> None:
    assert Money(first) + Money(second) - Money(second) == Money(first)
    assert (Money(first) - Money(second)).minor == first - second


@property_settings()
@given(st.integers(0, 10**13))
def test_a_half_gives_the_odd_kopeck_to_the_client(minor: int) -> None:
    half = Money(minor).half()
    rest = Money(minor) - half
    assert half.minor - rest.minor == minor % 2
    assert half + rest == Money(minor)


def test_amounts_are_ordered() -> None:
    assert Money(1) < Money(2) <= Money(2)
    assert Money(3) > Money(2) >= Money(2)
    assert sorted([Money(3), Money(1)]) == [Money(1), Money(3)]


def test_only_nothing_is_false() -> None:
    assert not Money.zero()
    assert Money(1)
    assert Money(-1)


@pytest.mark.parametrize(
    "mix",
    [
        lambda: Money(1) + Money(1, "EUR"),
        lambda: Money(1) - Money(1, "EUR"),
        lambda: Money(1) < Money(2, "EUR"),
        lambda: Money(2) >= Money(1, "EUR"),
    ],
    ids=["sum", "difference", "less", "at least"],
)
def test_currencies_never_mix(mix: object) -> None:
    with pytest.raises(InvalidMoney):
        mix()


def test_equal_amounts_of_two_currencies_are_not_equal() -> None:
    assert Money(100) != Money(100, "EUR")
    assert Money(100).amount == Decimal("1.00")
