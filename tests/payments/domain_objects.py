"""Things of payments for tests: plain objects of the domain, with everything given a sensible value."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from apps.kernel.domain.money import Money
from apps.payments.domain.failure import FailureCategory
from apps.payments.domain.payment import Payment, PaymentKind, PaymentStatus
from apps.payments.domain.receipt import ReceiptItem, SettlementMode
from apps.payments.domain.refund import Refund, RefundReason, RefundStatus

APPOINTMENT_ID = UUID("00000000-0000-4000-8000-0000000000a1")
CLIENT_ID = UUID("00000000-0000-4000-8000-0000000000a2")
OWNER_ID = UUID("00000000-0000-4000-8000-0000000000a3")
NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
PRICE, DEPOSIT, REST, KOPECK = Money(450_000), Money(100_000), Money(350_000), Money(1)


def counted_ids(prefix: int = 1) -> Callable[[], UUID]:
    """Ids in order; another ``prefix`` gives other ones."""
    numbers = count(1)
    return lambda: UUID(int=(prefix << 64) + next(numbers))


def item(amount: Money = PRICE, **values: Any) -> ReceiptItem:
    return ReceiptItem(
        **{
            "description": "Консультация",
            "amount": amount,
            "vat_code": 1,
            "payment_subject": "service",
            "mode": SettlementMode.FULL_PREPAYMENT,
            **values,
        }
    )


def intended(*amounts: Money, kind: PaymentKind = PaymentKind.FULL) -> Payment:
    """A wish to pay with a line for each amount; the whole price by default."""
    return Payment.intend(
        id=UUID(int=1),
        appointment_id=APPOINTMENT_ID,
        client_id=CLIENT_ID,
        kind=kind,
        items=tuple(item(amount) for amount in amounts or (PRICE,)),
        description="Консультация",
        return_url="https://site.example/return",
        idempotence_key="key",
        now=NOW,
    )


def payment_in(status: PaymentStatus, *amounts: Money) -> Payment:
    """A payment that has come to ``status`` by the domain's own ways, nothing pending."""
    payment = intended(*amounts)
    if status is not PaymentStatus.INTENT:
        payment.known_as("provider-1", confirmation_url="https://pay.example/1", method="")
        payment.await_payer()
    match status:
        case PaymentStatus.WAITING_FOR_CAPTURE:
            payment.authorise()
        case PaymentStatus.SUCCEEDED:
            payment.succeed(now=NOW)
        case PaymentStatus.CANCELED:
            payment.fail(
                FailureCategory.TIMEOUT, code="expired_on_confirmation", new_id=counted_ids(2), now=NOW
            )
        case PaymentStatus.FAILED:
            payment.fail(FailureCategory.PROVIDER_ERROR, code="card_expired", new_id=counted_ids(2), now=NOW)
    payment.pull_events()
    return payment


def refund_in(status: RefundStatus, amount: Money = PRICE) -> tuple[Payment, Refund]:
    """A refund in ``status`` of a payment that has succeeded, nothing pending."""
    payment = payment_in(PaymentStatus.SUCCEEDED)
    refund = request(payment, amount)
    if status is not RefundStatus.REQUESTED:
        settle(payment, refund, status)
    payment.pull_events()
    return payment, refund


def request(payment: Payment, amount: Money, **values: Any) -> Refund:
    return payment.request_refund(
        **{
            "amount": amount,
            "reason": RefundReason.GOODWILL,
            "requested_by": OWNER_ID,
            "new_id": counted_ids(7 + len(payment.refunds)),
            "now": NOW,
            **values,
        }
    )


def settle(payment: Payment, refund: Refund, status: RefundStatus, **values: Any) -> bool:
    return payment.settle_refund(
        refund.id,
        **{
            "provider_id": f"refund-{refund.id}",
            "status": status,
            "code": "",
            "new_id": counted_ids(5),
            "now": NOW + HOUR,
            **values,
        },
    )
