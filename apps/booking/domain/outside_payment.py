"""Money received outside the system, as the specialist records it."""

from enum import StrEnum

from apps.kernel.domain.errors import DomainError, gettext_noop


class PaymentMethod(StrEnum):
    """How money came that was received outside the system."""

    CASH = "cash"
    TRANSFER = "transfer"
    CARD = "card"
    OTHER = "other"


class PaymentAmountOutOfRange(DomainError):
    code = "payment_amount_out_of_range"
    message = gettext_noop("Enter an amount from %(least)s to %(most)s roubles.")
