"""What payments hand out about a person: payments with their refunds and receipts."""

from datetime import UTC, datetime
from uuid import uuid4

from apps.payments import models
from tests.booking.factories import make_appointment, make_client, next_monday
from tests.client_cabinet.exports import records_of
from tests.payments.rows import make_payment

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def test_a_payment_with_what_was_given_back_and_its_receipts(db):
    client = make_client()
    payment = make_payment(make_appointment(client=client))
    make_payment(make_appointment(start=next_monday(16)))
    models.Refund.objects.create(
        payment=payment,
        amount_minor=100_000,
        reason="goodwill",
        status="succeeded",
        idempotence_key=str(uuid4()),
        requested_at=NOW,
        settled_at=NOW,
    )
    models.Receipt.objects.create(
        payment=payment,
        kind="advance",
        status="succeeded",
        amount_minor=450_000,
        items=[],
        idempotence_key=str(uuid4()),
        created_at=NOW,
    )
    [record] = records_of("payments", client)
    assert record["id"] == str(payment.pk)
    assert record["amount"] == {"amount": "4500.00", "currency": "RUB"}
    [refund] = record["refunds"]
    assert (refund["amount"]["amount"], refund["refund_status"]) == ("1000.00", "succeeded")
    [receipt] = record["receipts"]
    assert (receipt["receipt_kind"], receipt["receipt_status"]) == ("advance", "succeeded")
    assert "idempotence_key" not in str(record)
    assert records_of("payments", make_client()) == []
