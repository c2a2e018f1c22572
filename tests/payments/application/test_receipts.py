"""The offset receipt: once, for what is still kept, after the session took place."""

from datetime import timedelta
from uuid import uuid4

import pytest

from apps.booking.infrastructure.models import Appointment
from apps.kernel.application.ports import TemporaryFailure
from apps.kernel.domain.actor import Actor
from apps.kernel.domain.money import Money
from apps.payments.application.ports import ProviderStatus, Refused
from apps.payments.domain.payment import PaymentKind
from apps.payments.domain.receipt import ReceiptNotFound, ReceiptStatus
from apps.payments.domain.refund import RefundReason
from apps.payments.infrastructure import models
from tests.booking.factories import make_appointment, make_staff
from tests.payments.rows import nothing_changes
from tests.payments.till import Till

S = ReceiptStatus


def complete(row: Appointment) -> None:
    if row.status != "confirmed":
        Appointment.objects.filter(id=row.id, status="pending_payment").update(status="confirmed")
    Appointment.objects.filter(id=row.id).update(status="completed")


def issue(till: Till, row: Appointment) -> list[ReceiptStatus]:
    return [till.send_receipt(receipt_id=each) for each in till.plan_offset_receipts(appointment_id=row.id)]


def offsets(till: Till) -> list[tuple[int, str, int]]:
    """What the provider registered: amount, mode, VAT."""
    return [
        (line.amount.minor, line.mode.value, line.vat_code)
        for order in till.provider.receipt_orders.values()
        for line in order.items
    ]


def test_settles_the_service_by_what_was_paid_before(till: Till, held: Appointment) -> None:
    payment = till.paid(held.id)
    complete(held)
    assert issue(till, held) == [S.SUCCEEDED]
    assert offsets(till) == [(450_000, "full_payment", 1)]
    [order] = till.provider.receipt_orders.values()
    assert (order.payment_id, order.settled) == (payment.provider_id, Money(450_000))
    assert order.customer.email == held.client.email


def test_is_not_issued_before_the_session_took_place(till: Till, held: Appointment) -> None:
    till.paid(held.id)
    assert till.plan_offset_receipts(appointment_id=held.id) == []
    assert models.Receipt.objects.filter(kind="offset").count() == 0


def test_is_issued_once_whatever_is_repeated(till: Till, held: Appointment) -> None:
    till.paid(held.id)
    complete(held)
    [planned] = till.plan_offset_receipts(appointment_id=held.id)
    with nothing_changes():
        assert till.plan_offset_receipts(appointment_id=held.id) == [planned]
    till.send_receipt(receipt_id=planned)
    with nothing_changes():
        assert till.plan_offset_receipts(appointment_id=held.id) == []
        assert till.send_receipt(receipt_id=planned) is S.SUCCEEDED
    assert len(offsets(till)) == 1


def test_each_payment_has_its_own(till: Till, held: Appointment) -> None:
    till.paid(held.id, PaymentKind.DEPOSIT)
    till.paid(held.id)
    complete(held)
    assert issue(till, held) == [S.SUCCEEDED] * 2
    assert sorted(offsets(till)) == [(100_000, "full_payment", 1), (350_000, "full_payment", 1)]


def test_counts_only_what_is_still_kept(till: Till, held: Appointment) -> None:
    payment = till.paid(held.id)
    owner = Actor(user_id=make_staff().id, role="owner")
    till.refund_payment(
        actor=owner, payment_id=payment.id, amount=Money(50_000), reason=RefundReason.GOODWILL
    )
    complete(held)
    issue(till, held)
    assert offsets(till) == [(400_000, "full_payment", 1)]


def test_there_is_none_for_what_went_back_whole(till: Till, held: Appointment) -> None:
    payment = till.paid(held.id)
    owner = Actor(user_id=make_staff().id, role="owner")
    till.refund_payment(
        actor=owner, payment_id=payment.id, amount=Money(450_000), reason=RefundReason.GOODWILL
    )
    complete(held)
    assert issue(till, held) == []


def test_there_is_none_for_money_that_was_not_taken_even_while_it_cannot_go_back(
    till: Till, held: Appointment
) -> None:
    deposit, whole = till.start(held.id, PaymentKind.DEPOSIT), till.start(held.id)
    for view in (deposit, whole):
        till.provider.pay(till.provider_id(view.id))
        till.settle_payment(payment_id=view.id)
    till.provider.fail_next(Refused("insufficient_funds"), method="create_refund")
    till.deliver()
    assert models.Refund.objects.get().status == "failed"
    complete(held)
    issue(till, held)
    assert offsets(till) == [(100_000, "full_payment", 1)]


def test_money_that_arrives_after_the_session_is_settled_then(till: Till, held: Appointment) -> None:
    till.paid(held.id, PaymentKind.DEPOSIT)
    late = till.start(held.id)
    complete(held)
    issue(till, held)
    till.provider.pay(till.provider_id(late.id))
    till.settle_payment(payment_id=late.id)
    assert issue(till, held) == [S.SUCCEEDED]
    assert sorted(offsets(till)) == [(100_000, "full_payment", 1), (350_000, "full_payment", 1)]


def test_what_was_started_after_the_session_was_settled_at_once(till: Till, held: Appointment) -> None:
    row = make_appointment(service=held.service, status="completed", paid_minor=100_000)
    till.paid(row.id)
    assert issue(till, row) == []


class TestSending:
    @pytest.fixture
    def receipt_id(self, till: Till, held: Appointment) -> object:
        till.paid(held.id)
        complete(held)
        [planned] = till.plan_offset_receipts(appointment_id=held.id)
        return planned

    @pytest.mark.parametrize("accepted", [True, False])
    def test_a_lost_answer_registers_once(self, till: Till, receipt_id: object, accepted: bool) -> None:
        till.provider.fail_next(accepted=accepted)
        with nothing_changes(), pytest.raises(TemporaryFailure):
            till.send_receipt(receipt_id=receipt_id)
        assert till.send_receipt(receipt_id=receipt_id) is S.SUCCEEDED
        assert len(till.provider.receipts) == 1
        assert len(set(till.provider.keys("create_receipt"))) == 1

    def test_one_on_its_way_is_read_until_it_is_registered(self, till: Till, receipt_id: object) -> None:
        till.provider.receipts_settle_as = ProviderStatus.PENDING
        for _ in range(2):
            with pytest.raises(TemporaryFailure) as told:
                till.send_receipt(receipt_id=receipt_id)
            assert told.value.code == "receipt_pending"
        [(name, found)] = till.provider.receipts.items()
        till.provider.receipts[name] = type(found)(id=name, status=ProviderStatus.SUCCEEDED)
        assert till.send_receipt(receipt_id=receipt_id) is S.SUCCEEDED
        assert len(till.provider.keys("create_receipt")) == 1

    def test_a_refusal_is_left_to_a_person(self, till: Till, receipt_id: object) -> None:
        till.provider.fail_next(Refused("invalid_request"))
        assert till.send_receipt(receipt_id=receipt_id) is S.CANCELED
        assert till.alerts() == ["receipt_failed"]
        with nothing_changes():
            assert till.send_receipt(receipt_id=receipt_id) is S.CANCELED

    def test_after_a_day_it_is_left_to_a_person_rather_than_registered_twice(
        self, till: Till, receipt_id: object
    ) -> None:
        till.provider.fail_next(accepted=True)
        with pytest.raises(TemporaryFailure):
            till.send_receipt(receipt_id=receipt_id)
        till.clock.pass_(timedelta(days=1))
        till.provider._answers.clear()
        assert till.send_receipt(receipt_id=receipt_id) is S.CANCELED
        assert len(till.provider.receipts) == 1
        assert till.alerts() == ["receipt_failed"]

    def test_an_unknown_one_is_not_found(self, till: Till) -> None:
        with pytest.raises(ReceiptNotFound):
            till.send_receipt(receipt_id=uuid4())
