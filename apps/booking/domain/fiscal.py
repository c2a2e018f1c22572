"""How a service stands on a receipt (54-FZ): its VAT and what kind of thing is paid for."""

from enum import IntEnum, StrEnum


class VatCode(IntEnum):
    """The rates that a service may be sold at, by the provider's numbers."""

    NONE = 1
    ZERO = 2
    TEN = 3
    TWENTY = 4
    FIVE = 7
    SEVEN = 8
    TWENTY_TWO = 11


class PaymentSubject(StrEnum):
    """What is paid for (tag 1212 of the fiscal format), by the provider's names."""

    SERVICE = "service"
    JOB = "job"
    COMPOSITE = "composite"
    ANOTHER = "another"
