"""Receipts by 54-FZ: their lines, their VAT, and sums that are right to the kopeck."""

from itertools import product
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.booking.domain.fiscal import PaymentSubject, VatCode
from apps.kernel.domain.money import Money
from apps.payments.domain.receipt import (
    Receipt,
    ReceiptKind,
    ReceiptStatus,
    SettlementMode,
    advance_item,
    offset_item,
    refund_items,
)
from tests.counts import property_settings
from tests.payments.domain_objects import DEPOSIT, KOPECK, NOW, PRICE, item

KOPECKS = st.integers(1, 10**9).map(Money)


def advance(amount: Money, vat_code: int = 1) -> object:
    return advance_item(
        description="Консультация", amount=amount, price=PRICE, vat_code=vat_code, payment_subject="service"
    )


@pytest.mark.parametrize(
    ("code", "of_an_advance"),
    [
        (VatCode.NONE, 1),
        (VatCode.ZERO, 2),
        (VatCode.TEN, 5),
        (VatCode.TWENTY, 6),
        (VatCode.FIVE, 9),
        (VatCode.SEVEN, 10),
        (VatCode.TWENTY_TWO, 12),
    ],
)
def test_vat_of_an_advance_is_reckoned_out_of_the_sum(code: VatCode, of_an_advance: int) -> None:
    assert advance(PRICE, code).vat_code == of_an_advance


def test_every_rate_of_a_service_has_been_thought_of() -> None:
    assert {advance(PRICE, code).vat_code for code in VatCode} == {1, 2, 5, 6, 9, 10, 12}


@pytest.mark.parametrize("code", VatCode, ids=str)
def test_the_service_itself_carries_its_own_rate(code: VatCode) -> None:
    line = offset_item(description="Консультация", amount=PRICE, vat_code=code, payment_subject="service")
    assert (line.vat_code, line.mode, line.amount) == (code, SettlementMode.FULL_PAYMENT, PRICE)


@pytest.mark.parametrize(
    ("amount", "mode"),
    [
        (PRICE, SettlementMode.FULL_PREPAYMENT),
        (PRICE - KOPECK, SettlementMode.PARTIAL_PREPAYMENT),
        (DEPOSIT, SettlementMode.PARTIAL_PREPAYMENT),
    ],
)
def test_the_whole_price_is_a_full_prepayment_and_a_part_a_partial_one(
    amount: Money, mode: SettlementMode
) -> None:
    assert advance(amount).mode is mode


@pytest.mark.parametrize("subject", PaymentSubject, ids=str)
def test_the_subject_of_payment_stands_on_both_receipts(subject: PaymentSubject) -> None:
    terms = {"description": "Консультация", "amount": PRICE, "vat_code": 1, "payment_subject": subject}
    assert advance_item(**terms, price=PRICE).payment_subject == subject
    assert offset_item(**terms).payment_subject == subject


@given(amounts=st.lists(KOPECKS, min_size=1, max_size=6), share=st.integers(0, 1_000))
@property_settings()
def test_the_lines_of_a_refund_sum_up_to_it_and_exceed_none_of_the_payments(
    amounts: list[Money], share: int
) -> None:
    items = tuple(item(amount, description=str(number)) for number, amount in enumerate(amounts))
    paid = sum(amount.minor for amount in amounts)
    refund = Money(paid * share // 1_000)
    lines = refund_items(items, refund)
    assert sum(line.amount.minor for line in lines) == refund.minor
    before = {each.description: each for each in items}
    for line in lines:
        assert 0 < line.amount.minor <= before[line.description].amount.minor
    assert [line.description for line in lines] == sorted(
        (line.description for line in lines), key=lambda name: list(before).index(name)
    )


@pytest.mark.parametrize(("old", "new"), list(product(ReceiptStatus, ReceiptStatus)), ids=str)
def test_a_receipt_ends_once(old: ReceiptStatus, new: ReceiptStatus) -> None:
    receipt = Receipt(
        id=UUID(int=1),
        payment_id=UUID(int=2),
        kind=ReceiptKind.ADVANCE,
        status=old,
        amount=PRICE,
        items=(item(),),
        provider_id=None,
        idempotence_key="key",
        created_at=NOW,
    )
    changes = old is ReceiptStatus.PENDING and new is not ReceiptStatus.PENDING
    assert receipt.settle(new) is changes
    assert receipt.status is (new if changes else old)
