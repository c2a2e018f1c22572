"""Money in integer minor units (kopecks): never a float, never a silent rounding."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import total_ordering
from typing import Self

from apps.kernel.domain.errors import DomainError, gettext_noop

RUB = "RUB"
_MINOR_UNITS = 100
_MINOR = Decimal("0.01")
_MOST = Decimal(10) ** 13


class InvalidMoney(DomainError):
    """The amount is not a whole number of kopecks, or two currencies meet."""

    code = "invalid_money"
    message = gettext_noop("Enter an amount in roubles with at most two decimal places.")


@total_ordering
@dataclass(frozen=True, slots=True)
class Money:
    """An amount of ``currency`` (ISO 4217) in minor units; may be negative as a difference.

    Adding, subtracting and comparing raise InvalidMoney where the currencies differ; amounts of different
    currencies are never equal.
    """

    minor: int
    currency: str = RUB

    @classmethod
    def zero(cls, currency: str = RUB) -> Self:
        return cls(0, currency)

    @classmethod
    def from_decimal(cls, amount: Decimal | str | int, currency: str = RUB) -> Self:
        """Read ``"4500.00"``. Raises InvalidMoney on anything finer than a kopeck, on more than ten trillion,
        NaN or nonsense."""
        try:
            value = Decimal(amount)
        except (InvalidOperation, ValueError) as error:
            raise InvalidMoney from error
        if not value.is_finite() or value.copy_abs() > _MOST:
            raise InvalidMoney
        whole = value.quantize(_MINOR)
        if whole != value:
            raise InvalidMoney
        return cls(int(whole * _MINOR_UNITS), currency)

    @property
    def amount(self) -> Decimal:
        """The amount in major units with two decimal places: ``Decimal("4500.00")``."""
        return (Decimal(self.minor) / _MINOR_UNITS).quantize(_MINOR)

    def __add__(self, other: "Money") -> "Money":
        return Money(self.minor + self._same(other).minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.minor - self._same(other).minor, self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.minor < self._same(other).minor

    def __bool__(self) -> bool:
        return self.minor != 0

    def half(self) -> "Money":
        """Half of the amount, rounded up to the kopeck: in a refund the client gains the odd one."""
        return Money(-(-self.minor // 2), self.currency)

    def _same(self, other: "Money") -> "Money":
        if other.currency != self.currency:
            raise InvalidMoney
        return other
