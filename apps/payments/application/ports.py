"""What payments need from outside: the provider of payments, the appointment that is paid for, the payer."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from apps.kernel.domain.actor import Actor
from apps.kernel.domain.money import Money
from apps.kernel.domain.period import Period
from apps.payments.domain.receipt import ReceiptItem


class ProviderStatus(StrEnum):
    """The states that the provider knows, of payments, refunds and receipts alike."""

    PENDING = "pending"
    WAITING_FOR_CAPTURE = "waiting_for_capture"
    SUCCEEDED = "succeeded"
    CANCELED = "canceled"


@dataclass(frozen=True, kw_only=True)
class Customer:
    """Where the receipt goes: at least one of the two; P1, never logged."""

    email: str | None
    phone: str | None


@dataclass(frozen=True, kw_only=True)
class PaymentOrder:
    """A payment to be created. ``idempotence_key`` was stored before; ``description`` holds P0 data only.

    ``reference`` (our id) travels as metadata and comes back with every reading."""

    reference: UUID
    amount: Money
    description: str
    return_url: str
    capture: bool
    items: tuple[ReceiptItem, ...]
    customer: Customer
    idempotence_key: str


@dataclass(frozen=True, kw_only=True)
class ProviderPayment:
    """A payment as the provider tells it. ``shop_id`` is whose it is; ``reference`` is None where the
    metadata name no payment of ours. ``reason`` is the provider's reason of a cancellation, ``method`` its
    kind of payment method (``bank_card``, ``sbp`` …), ``receipt`` the state of the advance receipt."""

    id: str
    status: ProviderStatus
    amount: Money
    refunded: Money
    shop_id: str
    reference: UUID | None
    confirmation_url: str
    method: str
    reason: str
    receipt: ProviderStatus | None
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class RefundOrder:
    payment_id: str
    amount: Money
    description: str
    items: tuple[ReceiptItem, ...]
    customer: Customer
    idempotence_key: str


@dataclass(frozen=True, kw_only=True)
class ProviderRefund:
    id: str
    payment_id: str
    status: ProviderStatus
    amount: Money
    reason: str
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class ReceiptOrder:
    """The offset receipt: ``items`` are the service in full, settled by what was paid before."""

    payment_id: str
    items: tuple[ReceiptItem, ...]
    settled: Money
    customer: Customer
    idempotence_key: str


@dataclass(frozen=True, kw_only=True)
class ProviderReceipt:
    id: str
    status: ProviderStatus


class ProviderFailure(Exception):
    """A call to the provider did not succeed. ``code`` is its own code or the kind of fault, P0."""

    def __init__(self, code: str = "") -> None:
        super().__init__(code)
        self.code = code


class Refused(ProviderFailure):
    """The provider understood and said no: repeating the call changes nothing."""


class TryAgain(ProviderFailure):
    """The provider certainly did nothing (too many calls, not reachable): the same call may be repeated."""


class OutcomeUnknown(ProviderFailure):
    """The provider may have acted (answer lost, still working): repeat with the same key, or read."""


class PaymentProvider(Protocol):
    """Every method raises Refused, TryAgain or OutcomeUnknown, and nothing else."""

    def create_payment(self, order: PaymentOrder) -> ProviderPayment: ...

    def payment(self, provider_id: str) -> ProviderPayment:
        """Raises Refused with code ``not_found`` for an id that the shop does not have."""
        ...

    def capture(
        self,
        provider_id: str,
        *,
        amount: Money,
        idempotence_key: str,
    ) -> ProviderPayment: ...

    def cancel(self, provider_id: str, *, idempotence_key: str) -> ProviderPayment:
        """Give up a payment that waits for capture."""
        ...

    def create_refund(self, order: RefundOrder) -> ProviderRefund: ...

    def refund(self, provider_id: str) -> ProviderRefund: ...

    def refunds_of(self, payment_id: str) -> list[ProviderRefund]: ...

    def create_receipt(self, order: ReceiptOrder) -> ProviderReceipt: ...

    def receipt(self, provider_id: str) -> ProviderReceipt: ...

    def payments_created(self, period: Period) -> Iterator[ProviderPayment]:
        """All payments of the shop created in the period, page after page."""
        ...

    def refunds_created(self, period: Period) -> Iterator[ProviderRefund]: ...


@dataclass(frozen=True, kw_only=True)
class PayableAppointment:
    """What payments need to know of an appointment. ``status`` is booking's effective one."""

    id: UUID
    client_id: UUID
    service_name: str
    status: str
    start: datetime
    time_zone: str
    price: Money
    deposit: Money | None
    paid: Money
    refund: Money
    amount_due: Money
    hold_expires_at: datetime | None
    vat_code: int
    payment_subject: str


@dataclass(frozen=True, kw_only=True)
class Taken:
    """How an appointment met money: ``reason`` says why it did not take it ("" where it did); ``late``: the
    hold had ended, but its time was still free."""

    reason: str
    late: bool


class Appointments(Protocol):
    def get(self, appointment_id: UUID, *, at: datetime, client_id: UUID | None = None) -> PayableAppointment:
        """The appointment, of this client where one is named. Raises booking's AppointmentNotFound."""
        ...

    def receive(self, *, appointment_id: UUID, payment_id: UUID, amount: Money, at: datetime) -> Taken:
        """Credit the money in the caller's transaction."""
        ...

    def would_take(self, *, appointment_id: UUID, amount: Money, at: datetime) -> Taken:
        """What :meth:`receive` would answer now; changes nothing."""
        ...


class Payers(Protocol):
    def customer(self, client_id: UUID) -> Customer:
        """Where the receipts of a client go."""
        ...


class AuditLog(Protocol):
    def record(
        self,
        *,
        actor: Actor,
        action: str,
        entity: str,
        entity_id: str,
        at: datetime,
        changes: Mapping[str, tuple[object, object]] | None = None,
    ) -> None: ...
