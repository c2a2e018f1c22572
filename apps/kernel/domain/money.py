"""Money in integer minor units (kopecks): never a float, never a silent rounding."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Self

from apps.kernel.domain.errors import DomainError, gettext_noop

RUB = "RUB"
_MINOR_UNITS = 100


class InvalidMoney(DomainError):
    """The amount is not a whole number of kopecks, or two currencies meet."""

    code = "invalid_money"
    message = gettext_noop("Enter an amount in roubles with at most two decimal places.")


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount of ``currency`` (ISO 4217) in minor units; may be negative as a difference."""

    minor: int
    currency: str = RUB

    @classmethod
    def zero(cls, currency: str = RUB) -> Self:
        return cls(0, currency)

    @classmethod
    def from_decimal(cls, amount: Decimal | str | int, currency: str = RUB) -> Self:
        """Read ``"4500.00"``. Raises InvalidMoney on anything finer than a kopeck, NaN or nonsense."""
        try:
            minor = Decimal(amount) * _MINOR_UNITS
            if minor != minor.to_integral_value():
                raise InvalidMoney
        except (InvalidOperation, ValueError) as error:
            raise InvalidMoney from error
        return cls(int(minor), currency)

    @property
    def amount(self) -> Decimal:
        """The amount in major units with two decimal places: ``Decimal("4500.00")``."""
        return (Decimal(self.minor) / _MINOR_UNITS).quantize(Decimal("0.01"))

    def __add__(self, other: "Money") -> "Money":
        return Money(self.minor + self._same(other).minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.minor - self._same(other).minor, self.currency)

    def __bool__(self) -> bool:
        return self.minor != 0

    def half(self) -> "Money":
        """Half of the amount, rounded up to the kopeck: in a refund the client gains the odd one."""
        return Money(-(-self.minor // 2), self.currency)

    def _same(self, other: "Money") -> "Money":
        if other.currency != self.currency:
            raise InvalidMoney
        return other
