"""What the sandbox says stays within what the provider documents, as its SDK writes it down."""

from typing import Any

import pytest
from yookassa import Payment, Refund
from yookassa.domain.common import PaymentMethodType
from yookassa.domain.models.cancellation_details import (
    CancellationDetailsPartyCode,
    CancellationDetailsReasonCode,
    RefundCancellationDetailsReasonCode,
)
from yookassa.domain.models.receipt_data.receipt_item import PaymentMode, PaymentSubject
from yookassa.domain.models.settlement import SettlementType
from yookassa.domain.notification import WebhookNotificationEventType
from yookassa.domain.response import PaymentResponse, ReceiptResponse, RefundResponse

from sandbox.yookassa import fiscal
from sandbox.yookassa.methods import METHODS, REASONS, REFUND_DECLINES
from tests.sandbox.shop import receipt


def constants(documented: type) -> set[str]:
    found = {value for name, value in vars(documented).items() if name.isupper()}
    assert found
    return found


def documented_fields(response: type) -> set[str]:
    return {name for name in dir(response) if isinstance(getattr(response, name), property)}


PARTIES = constants(CancellationDetailsPartyCode)


@pytest.mark.parametrize(
    ("ours", "documented"),
    [
        (set(METHODS), constants(PaymentMethodType)),
        (set(REASONS), constants(CancellationDetailsReasonCode)),
        (set(REFUND_DECLINES), constants(RefundCancellationDetailsReasonCode)),
        ({party for party, _ in [*REASONS.values(), *REFUND_DECLINES.values()]}, PARTIES),
    ],
)
def test_every_word_it_uses_is_documented(ours, documented):
    assert ours <= documented


@pytest.mark.parametrize(
    ("taken", "documented"),
    [
        (fiscal.PAYMENT_MODES, constants(PaymentMode)),
        (fiscal.PAYMENT_SUBJECTS, constants(PaymentSubject)),
        (fiscal.SETTLEMENTS, constants(SettlementType)),
    ],
)
def test_every_documented_word_of_a_receipt_is_taken(taken, documented):
    assert documented <= taken


def test_every_field_of_an_answer_is_documented(shop, sandbox):
    for method in METHODS:
        sandbox.pay(shop.order(receipt=receipt("4500.00")).id, method=method)
    shop.order(capture=False)
    sandbox.pay()
    paid = shop.paid("4500.00", receipt=receipt("4500.00"))
    sandbox.cancel(shop.order().id)
    shop.order(merchant_customer_id="anna")
    shop.refund(paid.id, "4500.00", description="Отмена")
    sandbox.control("refunds", outcome="canceled")
    shop.refund(shop.paid("1.00").id, "1.00")
    shop.offset_receipt(paid.id, "4500.00", tax_system_code=1)
    sandbox.advance(seconds=1)

    def listed(path: str) -> list[dict[str, Any]]:
        return shop.call("GET", path, params={"limit": 100}).json()["items"]

    for path, response, least in (
        ("/payments", PaymentResponse, 10),
        ("/refunds", RefundResponse, 2),
        ("/receipts", ReceiptResponse, 8),
    ):
        found = listed(path)
        assert len(found) >= least
        for one in found:
            assert one.keys() <= documented_fields(response)
            response(one)  # the SDK can read it


def test_the_sdk_reads_back_what_it_wrote(shop):
    payment = shop.paid("4500.00", receipt=receipt("4500.00"), metadata={"reference": "42"})
    refund = shop.refund(payment.id, "4500.00")

    assert Payment.find_one(payment.id).metadata["reference"] == "42"
    assert Refund.find_one(refund.id).amount.value == payment.amount.value


def test_every_event_is_documented(shop, sandbox, receiver):
    sandbox.pay(shop.order(capture=False).id)
    sandbox.cancel()
    shop.refund(shop.paid().id, "4500.00")
    receiver.wait(4)

    assert set(receiver.events()) <= constants(WebhookNotificationEventType)
