"""A payment for an appointment through the provider: its states, and what may be given back of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from apps.kernel.domain.aggregate import Aggregate
from apps.kernel.domain.errors import DomainError, NotFound, gettext_noop
from apps.kernel.domain.ids import NewId
from apps.kernel.domain.money import Money
from apps.payments.domain import events
from apps.payments.domain.failure import FailureCategory
from apps.payments.domain.receipt import ReceiptItem
from apps.payments.domain.refund import (
    Refund,
    RefundAboveRest,
    RefundAmountInvalid,
    RefundNotFound,
    RefundNotPossible,
    RefundReason,
    RefundStatus,
)


class PaymentKind(StrEnum):
    FULL = "full"
    DEPOSIT = "deposit"


class PaymentStatus(StrEnum):
    """``intent``: stored, the provider may not know yet. ``canceled``: somebody gave it up or time ran out.
    ``failed``: it was refused."""

    INTENT = "intent"
    PENDING = "pending"
    WAITING_FOR_CAPTURE = "waiting_for_capture"
    SUCCEEDED = "succeeded"
    CANCELED = "canceled"
    FAILED = "failed"


_S = PaymentStatus
_ENDS = frozenset({_S.SUCCEEDED, _S.CANCELED, _S.FAILED})
ALLOWED: dict[PaymentStatus, frozenset[PaymentStatus]] = {
    # An answer may be lost: the next reading can find the payment further on than the one before.
    _S.INTENT: _ENDS | {_S.PENDING, _S.WAITING_FOR_CAPTURE},
    _S.PENDING: _ENDS | {_S.WAITING_FOR_CAPTURE},
    _S.WAITING_FOR_CAPTURE: _ENDS,
    _S.SUCCEEDED: frozenset(),
    _S.CANCELED: frozenset(),
    _S.FAILED: frozenset(),
}
OPEN = frozenset(status for status, followers in ALLOWED.items() if followers)


class PaymentNotFound(NotFound):
    code = "payment_not_found"
    message = gettext_noop("There is no such payment.")


class AppointmentNotPayable(DomainError):
    """``status`` of the appointment is in ``params``."""

    code = "appointment_not_payable"
    message = gettext_noop("This appointment cannot be paid for in its present state.")


class AlreadyPaid(DomainError):
    code = "already_paid"
    message = gettext_noop("This has been paid for already.")


class DepositNotOffered(DomainError):
    code = "deposit_not_offered"
    message = gettext_noop("This service is paid for in full: it has no deposit.")


class ReturnUrlNotAllowed(DomainError):
    code = "return_url_not_allowed"
    message = gettext_noop("The payment page cannot lead back to this address.")


class PaymentRefused(DomainError):
    """The provider refused to take the payment; ``reason`` is its code."""

    code = "payment_refused"
    message = gettext_noop("The payment service did not accept the payment. Please try another way.")


class PaymentServiceUnavailable(DomainError):
    """Whether the provider has it is not known; asking again goes on with the same payment."""

    code = "payment_service_unavailable"
    message = gettext_noop("The payment service does not answer. Please try again in a minute.")


@dataclass(kw_only=True, eq=False)
class Payment(Aggregate):
    """``idempotence_key`` is stored before the first call and sent again with every repeat.

    ``items`` are the lines of the advance receipt. ``failure_code`` is the provider's own reason (P0),
    ``not_taken`` why the appointment did not take money that arrived ("" where it did). ``method`` is the
    provider's kind of payment method.
    """

    id: UUID
    appointment_id: UUID
    client_id: UUID
    kind: PaymentKind
    amount: Money
    status: PaymentStatus
    failure: FailureCategory | None
    failure_code: str
    provider_id: str | None
    idempotence_key: str
    description: str
    items: tuple[ReceiptItem, ...]
    return_url: str
    confirmation_url: str
    method: str
    not_taken: str
    created_at: datetime
    settled_at: datetime | None
    refunds: list[Refund]

    @classmethod
    def intend(
        cls,
        *,
        id: UUID,
        appointment_id: UUID,
        client_id: UUID,
        kind: PaymentKind,
        items: tuple[ReceiptItem, ...],
        description: str,
        return_url: str,
        idempotence_key: str,
        now: datetime,
    ) -> Self:
        """The wish to pay what ``items`` sum up to."""
        amount = sum((item.amount for item in items[1:]), items[0].amount)
        return cls(
            id=id,
            appointment_id=appointment_id,
            client_id=client_id,
            kind=kind,
            amount=amount,
            status=_S.INTENT,
            failure=None,
            failure_code="",
            provider_id=None,
            idempotence_key=idempotence_key,
            description=description,
            items=items,
            return_url=return_url,
            confirmation_url="",
            method="",
            not_taken="",
            created_at=now,
            settled_at=None,
            refunds=[],
        )

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def refunded(self) -> Money:
        """What has been given back."""
        return self._sum(each for each in self.refunds if each.status is RefundStatus.SUCCEEDED)

    @property
    def refundable(self) -> Money:
        """What may still be given back: refunds on the way count as given."""
        if self.status is not _S.SUCCEEDED:
            return Money.zero(self.amount.currency)
        return self.amount - self._sum(each for each in self.refunds if each.counts)

    def known_as(self, provider_id: str, *, confirmation_url: str, method: str) -> None:
        """The provider has the payment; its id never changes afterwards."""
        self.provider_id = self.provider_id or provider_id
        self.confirmation_url = confirmation_url or self.confirmation_url
        self.method = method or self.method

    def await_payer(self) -> bool:
        """False where it is further on already."""
        return self._move(_S.PENDING)

    def authorise(self) -> bool:
        """The money is reserved and waits for capture. False where it is further on already."""
        return self._move(_S.WAITING_FOR_CAPTURE)

    def succeed(self, *, now: datetime) -> bool:
        """The money has arrived. False where the payment had ended before: news come late and twice."""
        if not self._move(_S.SUCCEEDED):
            return False
        self.settled_at = now
        return True

    def told_success(self, *, not_taken: str, new_id: NewId, now: datetime) -> None:
        """Say so to the neighbours, after the appointment took the money or (``not_taken``) did not."""
        self.not_taken = not_taken
        self._happened(events.PaymentSucceeded, new_id, now, self.amount, taken=not not_taken)

    def fail(self, category: FailureCategory, *, code: str, new_id: NewId, now: datetime) -> bool:
        """Nothing will be paid. False where the payment had ended before."""
        gave_up = category in {FailureCategory.CANCELED, FailureCategory.TIMEOUT}
        if not self._move(_S.CANCELED if gave_up else _S.FAILED):
            return False
        self.failure, self.failure_code, self.settled_at = category, code, now
        self._happened(events.PaymentFailed, new_id, now, self.amount, category=category.value)
        return True

    def request_refund(
        self,
        *,
        amount: Money,
        reason: RefundReason,
        requested_by: UUID | None,
        new_id: NewId,
        now: datetime,
    ) -> Refund:
        """Decide to give back. Raises RefundNotPossible, RefundAmountInvalid, RefundAboveRest."""
        if self.status is not _S.SUCCEEDED:
            raise RefundNotPossible
        if amount.minor <= 0:
            raise RefundAmountInvalid(field="amount")
        if amount > self.refundable:
            raise RefundAboveRest(field="amount", rest=str(self.refundable.amount))
        refund = Refund(
            id=new_id(),
            amount=amount,
            reason=reason,
            status=RefundStatus.REQUESTED,
            provider_id=None,
            idempotence_key=str(new_id()),
            failure_code="",
            requested_by=requested_by,
            requested_at=now,
            settled_at=None,
        )
        self.refunds.append(refund)
        self._happened(events.RefundRequested, new_id, now, amount, refund_id=refund.id)
        return refund

    def refund_of(self, refund_id: UUID) -> Refund:
        """Raises RefundNotFound."""
        for refund in self.refunds:
            if refund.id == refund_id:
                return refund
        raise RefundNotFound

    def settle_refund(
        self,
        refund_id: UUID,
        *,
        provider_id: str | None,
        status: RefundStatus,
        code: str,
        new_id: NewId,
        now: datetime,
    ) -> bool:
        """What the provider says of a refund. False where nothing changes. Raises RefundNotFound."""
        refund = self.refund_of(refund_id)
        refund.provider_id = refund.provider_id or provider_id
        if not refund.move(status, now=now):
            return False
        refund.failure_code = code
        told = {
            RefundStatus.SUCCEEDED: events.RefundSucceeded,
            RefundStatus.FAILED: events.RefundFailed,
        }.get(status)
        if told is not None:
            self._happened(told, new_id, now, refund.amount, refund_id=refund.id)
        return True

    def _move(self, target: PaymentStatus) -> bool:
        if target not in ALLOWED[self.status]:
            return False
        self.status = target
        return True

    def _sum(self, refunds: Any) -> Money:
        total = Money.zero(self.amount.currency)
        for refund in refunds:
            total += refund.amount
        return total

    def _happened(
        self,
        event: type[events.PaymentEvent],
        new_id: NewId,
        now: datetime,
        amount: Money,
        **data: Any,
    ) -> None:
        self.record(
            event(
                event_id=new_id(),
                occurred_at=now,
                payment_id=self.id,
                appointment_id=self.appointment_id,
                client_id=self.client_id,
                amount_minor=amount.minor,
                currency=amount.currency,
                **data,
            )
        )
