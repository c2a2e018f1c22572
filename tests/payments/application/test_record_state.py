"""What the provider says of a payment: it alone changes state, once, and never against our own record."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from apps.booking.infrastructure.models import Appointment, Service
from apps.kernel.application.ports import TemporaryFailure
from apps.kernel.domain.money import Money
from apps.payments.application.ports import ProviderStatus
from apps.payments.domain.payment import PaymentKind, PaymentNotFound, PaymentStatus
from apps.payments.infrastructure import models
from tests.booking.factories import make_appointment, next_monday
from tests.payments.rows import nothing_changes
from tests.payments.till import Till, canceled

S = PaymentStatus
MINUTE = timedelta(minutes=1)
PRICE = Money(450_000)


def record(till: Till, payment_id: object, **changes: Any) -> PaymentStatus:
    found = replace(till.at_the_provider(payment_id), **changes)
    return till.record_state(payment_id=payment_id, found=found, at=till.clock.now())


def names(till: Till) -> list[str]:
    return [event.name() for event in till.bus.rows]


def test_money_that_has_arrived_confirms_the_appointment(till: Till, held: Appointment) -> None:
    payment = till.paid(held.id)
    held.refresh_from_db()
    assert (held.status, held.paid_minor) == ("confirmed", 450_000)
    assert (payment.status, payment.method, payment.not_taken) == ("succeeded", "bank_card", "")
    assert payment.settled_at == till.clock.now()
    assert till.ledger(held.id) == [("payment", 450_000)]
    assert names(till) == ["PaymentSucceeded"]
    assert payment.receipts.get().status == "succeeded"
    assert till.alerts() == []


def test_the_same_news_a_hundred_times_change_nothing_more(till: Till, held: Appointment) -> None:
    payment = till.paid(held.id)
    with nothing_changes():
        for _ in range(100):
            assert record(till, payment.id) is S.SUCCEEDED
    assert names(till) == ["PaymentSucceeded"]


@pytest.mark.parametrize("stale", [ProviderStatus.PENDING, ProviderStatus.WAITING_FOR_CAPTURE], ids=str)
def test_stale_news_after_the_end_change_nothing(
    till: Till, held: Appointment, stale: ProviderStatus
) -> None:
    payment = till.paid(held.id)
    with nothing_changes():
        record(till, payment.id, status=stale, receipt=ProviderStatus.PENDING)


def test_a_cancellation_after_success_is_not_believed_but_noted(till: Till, held: Appointment) -> None:
    payment = till.paid(held.id)
    with nothing_changes(models.PaymentAlert):
        assert record(till, payment.id, status=ProviderStatus.CANCELED) is S.SUCCEEDED
    assert till.alerts() == ["status_mismatch"]


@pytest.mark.parametrize(
    ("reason", "status"), [("card_expired", S.FAILED), ("expired_on_confirmation", S.CANCELED)]
)
def test_success_after_the_end_is_not_lost_but_noted(
    till: Till, held: Appointment, reason: str, status: PaymentStatus
) -> None:
    view = till.start(held.id)
    record(till, view.id, status=ProviderStatus.CANCELED, reason=reason)
    with nothing_changes(models.PaymentAlert):
        assert record(till, view.id, status=ProviderStatus.SUCCEEDED) is status
    assert till.alerts() == ["status_mismatch"]


def test_a_failure_is_told_with_its_category_and_leaves_the_hold(till: Till, held: Appointment) -> None:
    view = till.start(held.id)
    till.provider.cancel_payment(till.provider_id(view.id), reason="insufficient_funds")
    assert till.settle_payment(payment_id=view.id) is S.FAILED
    assert [(event.name(), event.category) for event in till.bus.rows] == [
        ("PaymentFailed", "insufficient_funds")
    ]
    held.refresh_from_db()
    assert (held.status, till.ledger(held.id), till.alerts()) == ("pending_payment", [], [])


def test_the_receipt_of_what_was_never_paid_is_no_alert(till: Till, held: Appointment) -> None:
    view = till.start(held.id)
    record(till, view.id, status=ProviderStatus.CANCELED, receipt=ProviderStatus.CANCELED)
    assert models.Receipt.objects.get().status == "canceled"
    assert till.alerts() == []


def test_a_receipt_that_was_not_registered_is_noted(till: Till, held: Appointment) -> None:
    till.provider.receipts_settle_as = ProviderStatus.CANCELED
    payment = till.paid(held.id)
    assert payment.receipts.get().status == "canceled"
    assert till.alerts() == ["receipt_failed"]


CONTRADICTIONS = [
    pytest.param(lambda found: {"amount": found.amount + Money(1)}, "amount_mismatch", id="a kopeck more"),
    pytest.param(lambda found: {"amount": found.amount - Money(1)}, "amount_mismatch", id="a kopeck less"),
    pytest.param(
        lambda found: {"amount": Money(found.amount.minor, "USD")}, "amount_mismatch", id="another currency"
    ),
    pytest.param(lambda found: {"shop_id": "666"}, "shop_mismatch", id="another shop"),
    pytest.param(lambda found: {"reference": uuid4()}, "unknown_payment", id="another reference"),
    pytest.param(lambda found: {"id": str(uuid4())}, "unknown_payment", id="another id"),
]


@pytest.mark.parametrize("status", ProviderStatus, ids=str)
@pytest.mark.parametrize(("changes", "alert"), CONTRADICTIONS)
def test_what_contradicts_our_record_changes_nothing_and_is_noted(
    till: Till, held: Appointment, changes: Any, alert: str, status: ProviderStatus
) -> None:
    view = till.start(held.id)
    found = till.at_the_provider(view.id)
    with nothing_changes(models.PaymentAlert):
        for _ in range(2):
            assert record(till, view.id, status=status, **changes(found)) is S.PENDING
    [row] = models.PaymentAlert.objects.all()
    assert (row.kind, row.payment_id, row.times) == (alert, view.id, 2)
    assert not till.bus.rows


def test_an_unknown_payment_is_not_found(till: Till, held: Appointment) -> None:
    found = till.at_the_provider(till.start(held.id).id)
    with pytest.raises(PaymentNotFound):
        till.record_state(payment_id=uuid4(), found=found, at=till.clock.now())


class TestLateMoney:
    def late(self, till: Till, held: Appointment, kind: PaymentKind = PaymentKind.FULL) -> models.Payment:
        """Started in time, paid after the hold had been released."""
        view = till.start(held.id, kind)
        till.clock.pass_(21 * MINUTE)
        till.practice.release_overdue()
        till.provider.pay(till.provider_id(view.id))
        self.meanwhile(held)
        till.settle_payment(payment_id=view.id)
        held.refresh_from_db()
        return till.row(view.id)

    def meanwhile(self, held: Appointment) -> None:
        """Nothing happens."""

    def test_is_taken_while_the_time_is_free_and_the_specialist_sees_it(
        self, till: Till, held: Appointment
    ) -> None:
        payment = self.late(till, held)
        assert (held.status, held.paid_minor, payment.not_taken) == ("confirmed", 450_000, "")
        assert till.alerts() == ["late_payment_taken"]
        assert [event.taken for event in till.bus.rows] == [True]
        assert not payment.refunds.exists()

    def test_goes_back_by_itself_when_the_time_is_taken_and_the_specialist_sees_it(
        self, till: Till, held: Appointment
    ) -> None:
        self.meanwhile = lambda row: make_appointment(service=row.service, start=row.start)
        payment = self.late(till, held)
        assert (held.status, held.paid_minor, payment.not_taken) == ("expired", 0, "slot_taken")
        assert till.alerts() == ["payment_returned"]
        assert names(till) == ["PaymentSucceeded", "RefundRequested"]
        till.deliver()
        [refund] = payment.refunds.all()
        assert (refund.status, refund.amount_minor, refund.reason) == ("succeeded", 450_000, "not_taken")
        assert till.ledger(held.id) == [("payment", 450_000), ("refund", 450_000)]
        assert till.at_the_provider(payment.id).refunded == PRICE

    @pytest.mark.parametrize(
        ("changes", "reason"),
        [
            ({"status": "canceled"}, "closed"),
            ({"status": "confirmed", "paid_minor": 450_000}, "too_much"),
            ({"status": "expired"}, "too_late"),
        ],
    )
    def test_goes_back_whatever_the_appointment_has_become(
        self, till: Till, service: Service, changes: dict[str, Any], reason: str
    ) -> None:
        start = till.clock.now() + 15 * MINUTE if reason == "too_late" else next_monday()
        held = make_appointment(service=service, start=start, status="pending_payment")

        def become(row: Appointment) -> None:
            Appointment.objects.filter(id=row.id).exclude(**changes).update(**changes)

        self.meanwhile = become
        if changes["status"] != "expired":
            till.practice.release_overdue = lambda: None
        payment = self.late(till, held)
        assert payment.not_taken == reason
        till.deliver()
        assert till.ledger(held.id) == [("payment", 450_000), ("refund", 450_000)]

    def test_a_second_payment_of_the_same_price_goes_back(self, till: Till, held: Appointment) -> None:
        deposit, whole = till.start(held.id, PaymentKind.DEPOSIT), till.start(held.id)
        for view in (deposit, whole):
            till.provider.pay(till.provider_id(view.id))
            till.settle_payment(payment_id=view.id)
        till.deliver()
        held.refresh_from_db()
        assert (held.status, held.paid_minor) == ("confirmed", 100_000)
        assert till.row(whole.id).not_taken == "too_much"
        assert till.ledger(held.id) == [("payment", 100_000), ("payment", 450_000), ("refund", 450_000)]


class TestTwoStages:
    @pytest.fixture
    def till(self, held: Appointment) -> Till:
        return Till(held.created_at, two_stage=True)

    def authorised(self, till: Till, held: Appointment) -> object:
        view = till.start(held.id)
        till.provider.pay(till.provider_id(view.id))
        return view.id

    def test_the_money_is_captured_while_the_appointment_would_take_it(
        self, till: Till, held: Appointment
    ) -> None:
        payment_id = self.authorised(till, held)
        assert till.settle_payment(payment_id=payment_id) is S.SUCCEEDED
        held.refresh_from_db()
        assert held.status == "confirmed"
        assert till.provider.keys("capture") == [f"capture-{payment_id}"]

    def test_it_is_released_where_the_appointment_would_not(self, till: Till, held: Appointment) -> None:
        payment_id = self.authorised(till, held)
        Appointment.objects.filter(id=held.id).update(status="canceled")
        assert till.settle_payment(payment_id=payment_id) is S.CANCELED
        assert till.at_the_provider(payment_id).status is ProviderStatus.CANCELED
        assert (till.ledger(held.id), till.provider.keys("capture")) == ([], [])
        assert [event.category for event in till.bus.rows] == ["canceled"]

    @pytest.mark.parametrize("accepted", [True, False])
    def test_a_lost_answer_captures_once(self, till: Till, held: Appointment, accepted: bool) -> None:
        payment_id = self.authorised(till, held)
        till.provider.fail_next(accepted=accepted, method="capture")
        with pytest.raises(TemporaryFailure):
            till.settle_payment(payment_id=payment_id)
        assert till.row(payment_id).status == "waiting_for_capture"
        assert till.settle_payment(payment_id=payment_id) is S.SUCCEEDED
        assert len(set(till.provider.keys("capture"))) == 1
        assert till.ledger(held.id) == [("payment", 450_000)]

    def test_what_contradicts_our_record_is_not_captured(self, till: Till, held: Appointment) -> None:
        payment_id = self.authorised(till, held)
        till.record_state(payment_id=payment_id, found=till.at_the_provider(payment_id), at=till.clock.now())
        till.provider.change(till.provider_id(payment_id), amount=PRICE - Money(1))
        assert till.settle_payment(payment_id=payment_id) is S.WAITING_FOR_CAPTURE
        assert till.provider.keys("capture") == []
        assert till.alerts() == ["amount_mismatch"]

    def test_an_authorisation_that_has_run_out_ends_the_payment(self, till: Till, held: Appointment) -> None:
        payment_id = self.authorised(till, held)
        till.provider.cancel_payment(till.provider_id(payment_id), reason="expired_on_capture")
        assert till.settle_payment(payment_id=payment_id) is S.CANCELED
        assert till.row(payment_id).failure == "timeout"


class TestSettling:
    def test_a_provider_that_does_not_answer_is_asked_again_later(
        self, till: Till, held: Appointment
    ) -> None:
        view = till.start(held.id)
        till.provider.fail_next()
        with nothing_changes(), pytest.raises(TemporaryFailure) as failure:
            till.settle_payment(payment_id=view.id)
        assert failure.value.code == "no_answer"

    def test_a_payment_that_the_provider_does_not_have_is_noted(self, till: Till, held: Appointment) -> None:
        view = till.start(held.id)
        till.provider.payments.clear()
        with nothing_changes(models.PaymentAlert):
            assert till.settle_payment(payment_id=view.id) is S.PENDING
        assert till.alerts() == ["unknown_payment"]

    def test_what_waits_is_looked_at_after_a_minute_and_one_in_trouble_stops_no_other(
        self, till: Till, service: Service
    ) -> None:
        rows = [
            make_appointment(service=service, start=next_monday(hour), status="pending_payment")
            for hour in (10, 12, 14)
        ]
        views = [till.start(row.id) for row in rows]
        assert till.settle_open_payments() == 0
        till.clock.pass_(2 * MINUTE)
        for view in views:
            till.provider.pay(till.provider_id(view.id))
        till.provider.fail_next()
        assert till.settle_open_payments() == 2
        assert sorted(till.row(view.id).status for view in views) == ["pending", "succeeded", "succeeded"]
        assert till.settle_open_payments() == 1

    def test_a_defect_of_one_is_told_after_the_others_had_their_turn(
        self, till: Till, service: Service
    ) -> None:
        rows = [
            make_appointment(service=service, start=next_monday(hour), status="pending_payment")
            for hour in (10, 12)
        ]
        views = [till.start(row.id) for row in rows]
        till.clock.pass_(2 * MINUTE)
        for view in views:
            till.provider.pay(till.provider_id(view.id))
        till.provider.fail_next(ZeroDivisionError())
        with pytest.raises(ZeroDivisionError):
            till.settle_open_payments()
        assert sorted(till.row(view.id).status for view in views) == ["pending", "succeeded"]

    def test_refunds_and_receipts_that_wait_are_looked_at_too(self, till: Till, held: Appointment) -> None:
        till.provider.receipts_settle_as = ProviderStatus.PENDING
        payment = till.paid(held.id)
        till.hear(canceled(held.id, held.client_id, PRICE, till.clock.now()))
        till.clock.pass_(2 * MINUTE)
        till.provider.change(payment.provider_id, receipt=ProviderStatus.SUCCEEDED)
        assert till.settle_open_payments() == 2
        assert payment.refunds.get().status == "succeeded"
        assert payment.receipts.get().status == "succeeded"
        assert till.settle_open_payments() == 0
