"""What is written to a row is read back from it, whole; and a row's columns reach the domain."""

from dataclasses import fields
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.kernel.domain.money import Money
from apps.payments.domain.failure import FailureCategory
from apps.payments.domain.ledger import EntryKind, LedgerEntry
from apps.payments.domain.payment import Payment, PaymentKind, PaymentStatus
from apps.payments.domain.receipt import Receipt, ReceiptItem, ReceiptKind, ReceiptStatus, SettlementMode
from apps.payments.domain.refund import Refund, RefundReason, RefundStatus
from apps.payments.infrastructure import mappers, models
from tests.counts import property_settings

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
INSTANTS = st.timedeltas(timedelta(0), timedelta(days=7_000)).map(
    lambda age: datetime(2020, 1, 1, tzinfo=UTC) + age
)
KOPECKS = st.integers(1, 10**9)
MONEY = KOPECKS.map(Money)
IDS = st.uuids()
ITEMS = st.lists(
    st.builds(
        ReceiptItem,
        description=TEXTS,
        amount=MONEY,
        vat_code=st.integers(1, 12),
        payment_subject=TEXTS,
        mode=st.sampled_from(SettlementMode),
    ),
    min_size=1,
    max_size=3,
).map(tuple)
REFUNDS = st.builds(
    Refund,
    id=IDS,
    amount=MONEY,
    reason=st.sampled_from(RefundReason),
    status=st.sampled_from(RefundStatus),
    provider_id=st.none() | TEXTS,
    idempotence_key=TEXTS,
    failure_code=TEXTS,
    requested_by=st.none() | IDS,
    requested_at=INSTANTS,
    settled_at=st.none() | INSTANTS,
)
PAYMENTS = st.builds(
    Payment,
    id=IDS,
    appointment_id=IDS,
    client_id=IDS,
    kind=st.sampled_from(PaymentKind),
    amount=MONEY,
    status=st.sampled_from(PaymentStatus),
    failure=st.none() | st.sampled_from(FailureCategory),
    failure_code=TEXTS,
    provider_id=st.none() | TEXTS,
    idempotence_key=TEXTS,
    description=TEXTS,
    items=ITEMS,
    return_url=TEXTS,
    confirmation_url=TEXTS,
    method=st.text("abcdefghijklmnopqrstuvwxyz_", max_size=32),
    not_taken=TEXTS,
    created_at=INSTANTS,
    settled_at=st.none() | INSTANTS,
    refunds=st.lists(REFUNDS, max_size=2),
)
RECEIPTS = st.builds(
    Receipt,
    id=IDS,
    payment_id=IDS,
    kind=st.sampled_from(ReceiptKind),
    status=st.sampled_from(ReceiptStatus),
    amount=MONEY,
    items=ITEMS,
    provider_id=st.none() | TEXTS,
    idempotence_key=TEXTS,
    created_at=INSTANTS,
)
ENTRIES = st.builds(
    LedgerEntry,
    appointment_id=IDS,
    kind=st.sampled_from(EntryKind),
    source_id=IDS,
    amount=MONEY,
    at=INSTANTS,
)


def state(entity: object) -> dict[str, object]:
    return {each.name: getattr(entity, each.name) for each in fields(entity)}


@given(payment=PAYMENTS)
@property_settings()
def test_a_payment_comes_back_whole(payment: Payment) -> None:
    row = models.Payment()
    mappers.apply_payment(payment, row)
    again = mappers.to_payment(row, refunds=payment.refunds)
    assert state(again) == state(payment)


@given(refund=REFUNDS)
@property_settings()
def test_a_refund_comes_back_whole(refund: Refund) -> None:
    row = models.Refund()
    mappers.apply_refund(refund, row)
    assert state(mappers.to_refund(row, currency="RUB")) == state(refund)


@given(receipt=RECEIPTS)
@property_settings()
def test_a_receipt_comes_back_whole(receipt: Receipt) -> None:
    row = models.Receipt()
    mappers.apply_receipt(receipt, row)
    assert state(mappers.to_receipt(row, currency="RUB")) == state(receipt)


@given(entry=ENTRIES)
@property_settings()
def test_an_entry_of_the_ledger_comes_back_whole(entry: LedgerEntry) -> None:
    row = models.LedgerEntry()
    mappers.apply_entry(entry, row)
    assert mappers.to_entry(row) == entry


@pytest.mark.parametrize(
    ("model", "strategy", "apply"),
    [
        (models.Payment, PAYMENTS, mappers.apply_payment),
        (models.Refund, REFUNDS, mappers.apply_refund),
        (models.Receipt, RECEIPTS, mappers.apply_receipt),
        (models.LedgerEntry, ENTRIES, mappers.apply_entry),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_every_column_is_written_by_the_mapper(model: type, strategy: object, apply: object) -> None:
    elsewhere = {models.Refund: {"payment_id"}, models.LedgerEntry: {"id"}}.get(model, set())
    row = SimpleNamespace()
    apply(_one(strategy), row)
    assert {each.attname for each in model._meta.concrete_fields} - elsewhere == set(vars(row))


def _one(strategy: object) -> object:
    found: list[object] = []

    @given(strategy)
    @property_settings(bounded=1, full=1)
    def draw(value: object) -> None:
        found.append(value)

    draw()
    return found[0]


def test_a_long_reason_of_the_provider_is_cut_not_refused() -> None:
    row, refund_row = models.Payment(), models.Refund()
    payment, refund = _one(PAYMENTS), _one(REFUNDS)
    payment.failure_code = refund.failure_code = "x" * 100
    payment.method = "y" * 100
    mappers.apply_payment(payment, row)
    mappers.apply_refund(refund, refund_row)
    assert (len(row.failure_code), len(row.method), len(refund_row.failure_code)) == (64, 32, 64)
