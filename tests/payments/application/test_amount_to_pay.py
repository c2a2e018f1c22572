"""What a client is asked to pay: by the appointment's terms and state, never by what the caller says."""

from uuid import UUID

import pytest

from apps.kernel.domain.errors import DomainError
from apps.kernel.domain.money import Money
from apps.payments.application.ports import PayableAppointment
from apps.payments.application.start_payment import amount_to_pay, receipt_item
from apps.payments.domain.payment import PaymentKind
from apps.payments.domain.receipt import SettlementMode
from tests.payments.domain_objects import DEPOSIT, KOPECK, NOW, PRICE, REST

FULL, PART = PaymentKind.FULL, PaymentKind.DEPOSIT
NOTHING = Money(0)


def appointment(status: str, *, paid: Money = NOTHING, deposit: Money | None = DEPOSIT) -> PayableAppointment:
    return PayableAppointment(
        id=UUID(int=1),
        client_id=UUID(int=2),
        service_name="Консультация" * 20,
        status=status,
        start=NOW,
        time_zone="Europe/Moscow",
        price=PRICE,
        deposit=deposit,
        paid=paid,
        refund=NOTHING,
        amount_due=PRICE,
        hold_expires_at=NOW,
        vat_code=4,
        payment_subject="service",
    )


@pytest.mark.parametrize(
    ("status", "kind", "paid", "deposit", "answer"),
    [
        ("pending_payment", FULL, NOTHING, None, PRICE),
        ("pending_payment", FULL, NOTHING, DEPOSIT, PRICE),
        ("pending_payment", PART, NOTHING, DEPOSIT, DEPOSIT),
        ("pending_payment", PART, NOTHING, None, "deposit_not_offered"),
        ("confirmed", FULL, DEPOSIT, DEPOSIT, REST),
        ("confirmed", FULL, PRICE - KOPECK, DEPOSIT, KOPECK),
        ("confirmed", FULL, PRICE, DEPOSIT, "already_paid"),
        ("confirmed", PART, DEPOSIT, DEPOSIT, "already_paid"),
        ("confirmed", PART, DEPOSIT, None, "deposit_not_offered"),
        ("completed", FULL, DEPOSIT, DEPOSIT, REST),
        ("completed", FULL, PRICE, None, "already_paid"),
        ("completed", PART, DEPOSIT, DEPOSIT, "already_paid"),
        ("requested", FULL, NOTHING, None, "appointment_not_payable"),
        ("expired", FULL, NOTHING, None, "appointment_not_payable"),
        ("declined", FULL, NOTHING, None, "appointment_not_payable"),
        ("canceled", FULL, DEPOSIT, DEPOSIT, "appointment_not_payable"),
        ("no_show", FULL, DEPOSIT, DEPOSIT, "appointment_not_payable"),
    ],
)
def test_the_amount_follows_from_the_appointment(
    status: str, kind: PaymentKind, paid: Money, deposit: Money | None, answer: Money | str
) -> None:
    found = appointment(status, paid=paid, deposit=deposit)
    if isinstance(answer, Money):
        assert amount_to_pay(found, kind) == answer
    else:
        with pytest.raises(DomainError) as refusal:
            amount_to_pay(found, kind)
        assert refusal.value.code == answer


@pytest.mark.parametrize(
    ("status", "amount", "mode", "vat_code"),
    [
        ("pending_payment", PRICE, SettlementMode.FULL_PREPAYMENT, 6),
        ("pending_payment", DEPOSIT, SettlementMode.PARTIAL_PREPAYMENT, 6),
        ("confirmed", REST, SettlementMode.PARTIAL_PREPAYMENT, 6),
        ("completed", REST, SettlementMode.FULL_PAYMENT, 4),
    ],
)
def test_the_line_of_the_receipt_is_an_advance_until_the_session_took_place(
    status: str, amount: Money, mode: SettlementMode, vat_code: int
) -> None:
    line = receipt_item(appointment(status), amount)
    assert (line.amount, line.mode, line.vat_code) == (amount, mode, vat_code)
    assert len(line.description) == 128
