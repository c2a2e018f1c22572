"""Money given back: by rule, by hand, or because it was not taken; never twice, never above what was paid."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from apps.audit.infrastructure.models import AuditRecord
from apps.booking.domain.appointment import AppointmentNotFound
from apps.booking.infrastructure.models import Appointment, Service
from apps.kernel.application.ports import TemporaryFailure
from apps.kernel.domain.actor import Actor
from apps.kernel.domain.errors import StaleVersion
from apps.kernel.domain.money import Money
from apps.payments.application.ports import OutcomeUnknown, ProviderStatus, Refused, TryAgain
from apps.payments.domain.ledger import OutsideRefundAboveRest
from apps.payments.domain.payment import PaymentKind, PaymentNotFound
from apps.payments.domain.refund import (
    RefundAboveRest,
    RefundAmountInvalid,
    RefundNotFound,
    RefundNotPossible,
    RefundReason,
    RefundStatus,
)
from apps.payments.infrastructure import models
from tests.booking.factories import make_appointment, make_staff
from tests.payments.rows import nothing_changes
from tests.payments.till import Till, canceled, outside_payment

PRICE, DEPOSIT, REST, KOPECK = Money(450_000), Money(100_000), Money(350_000), Money(1)
HALF = Money(225_000)
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


@pytest.fixture
def owner(db: None) -> Actor:
    return Actor(user_id=make_staff().id, role="owner")


@pytest.fixture
def payment(till: Till, held: Appointment) -> models.Payment:
    found = till.paid(held.id)
    till.bus.rows.clear()
    return found


def by_hand(
    till: Till, owner: Actor, payment: models.Payment, amount: Money = DEPOSIT, **values: Any
) -> models.Refund:
    refund_id = till.refund_payment(
        actor=owner,
        payment_id=payment.id,
        amount=amount,
        **{"reason": RefundReason.GOODWILL, **values},
    )
    return models.Refund.objects.get(id=refund_id)


def given_back(till: Till, row: Appointment) -> int:
    return sum(amount for kind, amount in till.ledger(row.id) if kind == "refund")


class TestByHand:
    def test_is_decided_first_and_carried_out_by_the_queue(
        self, till: Till, owner: Actor, payment: models.Payment, held: Appointment
    ) -> None:
        refund = by_hand(till, owner, payment, rest_seen=PRICE)
        assert (refund.status, refund.amount_minor, refund.requested_by_id) == (
            "requested",
            100_000,
            owner.user_id,
        )
        assert not till.provider.refunds
        assert AuditRecord.objects.get(action="refund_requested").entity_id == str(payment.id)
        till.deliver()
        refund.refresh_from_db()
        assert (refund.status, refund.provider_id) == ("succeeded", next(iter(till.provider.refunds)))
        assert till.ledger(held.id) == [("payment", 450_000), ("refund", 100_000)]

    def test_pressed_twice_gives_back_once(self, till: Till, owner: Actor, payment: models.Payment) -> None:
        by_hand(till, owner, payment, rest_seen=PRICE)
        with nothing_changes(), pytest.raises(StaleVersion):
            by_hand(till, owner, payment, rest_seen=PRICE)

    @pytest.mark.parametrize(
        ("amount", "error"),
        [
            (PRICE + KOPECK, RefundAboveRest),
            (Money(0), RefundAmountInvalid),
            (Money(-1), RefundAmountInvalid),
        ],
    )
    def test_more_than_the_rest_or_nothing_is_refused(
        self, till: Till, owner: Actor, payment: models.Payment, amount: Money, error: type[Exception]
    ) -> None:
        with nothing_changes(), pytest.raises(error):
            by_hand(till, owner, payment, amount)

    def test_what_has_not_arrived_cannot_go_back(self, till: Till, owner: Actor, service: Service) -> None:
        row = make_appointment(service=service, status="pending_payment")
        view = till.start(row.id)
        with nothing_changes(), pytest.raises(RefundNotPossible):
            by_hand(till, owner, till.row(view.id))
        with pytest.raises(PaymentNotFound):
            till.refund_payment(actor=owner, payment_id=uuid4(), amount=KOPECK, reason=RefundReason.OTHER)

    def test_parts_go_back_until_nothing_is_left(
        self, till: Till, owner: Actor, payment: models.Payment, held: Appointment
    ) -> None:
        by_hand(till, owner, payment, DEPOSIT)
        by_hand(till, owner, payment, REST)
        with pytest.raises(RefundAboveRest):
            by_hand(till, owner, payment, KOPECK)
        till.deliver()
        assert given_back(till, held) == PRICE.minor

    def test_what_the_provider_refused_may_be_asked_for_again_and_the_specialist_sees_it(
        self, till: Till, owner: Actor, payment: models.Payment, held: Appointment
    ) -> None:
        refund = by_hand(till, owner, payment, PRICE)
        till.provider.fail_next(Refused("insufficient_funds"), method="create_refund")
        till.deliver()
        refund.refresh_from_db()
        assert (refund.status, refund.failure_code) == ("failed", "insufficient_funds")
        assert (till.alerts(), given_back(till, held)) == (["refund_failed"], 0)
        by_hand(till, owner, payment, PRICE)
        till.deliver()
        assert given_back(till, held) == PRICE.minor


class TestByRule:
    def cancel(self, till: Till, row: Appointment, refund: Money) -> None:
        till.hear(canceled(row.id, row.client_id, refund, till.clock.now()))
        till.deliver()

    @pytest.mark.parametrize("refund", [PRICE, HALF, KOPECK, Money(0)], ids=str)
    def test_gives_back_what_the_rule_says(
        self, till: Till, payment: models.Payment, held: Appointment, refund: Money
    ) -> None:
        self.cancel(till, held, refund)
        assert given_back(till, held) == refund.minor
        assert [each.reason for each in payment.refunds.all()] == ["rule"] * bool(refund)

    @pytest.mark.parametrize(
        ("refund", "of_the_rest", "of_the_deposit"),
        [(PRICE, 350_000, 100_000), (HALF, 225_000, 0), (Money(400_000), 350_000, 50_000)],
        ids=str,
    )
    def test_of_several_payments_the_latest_first(
        self, till: Till, held: Appointment, refund: Money, of_the_rest: int, of_the_deposit: int
    ) -> None:
        deposit = till.paid(held.id, PaymentKind.DEPOSIT)
        till.clock.pass_(MINUTE)
        rest = till.paid(held.id)
        self.cancel(till, held, refund)
        assert till.at_the_provider(rest.id).refunded.minor == of_the_rest
        assert till.at_the_provider(deposit.id).refunded.minor == of_the_deposit

    def test_what_went_back_by_hand_before_is_counted(
        self, till: Till, owner: Actor, payment: models.Payment, held: Appointment
    ) -> None:
        by_hand(till, owner, payment, DEPOSIT)
        self.cancel(till, held, HALF)
        assert given_back(till, held) == HALF.minor

    def test_nothing_more_goes_back_where_more_went_back_before(
        self, till: Till, owner: Actor, payment: models.Payment, held: Appointment
    ) -> None:
        by_hand(till, owner, payment, REST)
        self.cancel(till, held, HALF)
        assert given_back(till, held) == REST.minor

    def test_money_from_outside_is_left_to_a_person(self, till: Till, held: Appointment) -> None:
        till.paid(held.id, PaymentKind.DEPOSIT)
        till.hear(outside_payment(held.id, held.client_id, REST, till.clock.now()))
        left = till.refund_canceled_appointment(appointment_id=held.id, amount=PRICE, at=till.clock.now())
        till.deliver()
        assert (left, given_back(till, held)) == (REST, DEPOSIT.minor)

    def test_what_went_back_outside_is_counted_too(self, till: Till, owner: Actor, held: Appointment) -> None:
        till.paid(held.id, PaymentKind.DEPOSIT)
        till.hear(outside_payment(held.id, held.client_id, REST, till.clock.now()))
        till.record_outside_refund(
            actor=owner, appointment_id=held.id, amount=Money(200_000), reason=RefundReason.GOODWILL
        )
        self.cancel(till, held, HALF)
        assert given_back(till, held) == 25_000

    def test_money_that_was_not_taken_is_not_counted(self, till: Till, held: Appointment) -> None:
        deposit, whole = till.start(held.id, PaymentKind.DEPOSIT), till.start(held.id)
        for view in (deposit, whole):
            till.provider.pay(till.provider_id(view.id))
            till.settle_payment(payment_id=view.id)
        self.cancel(till, held, DEPOSIT)
        assert given_back(till, held) == PRICE.minor + DEPOSIT.minor

    def test_the_same_cancellation_heard_twice_gives_back_once(
        self, till: Till, payment: models.Payment, held: Appointment
    ) -> None:
        event = canceled(held.id, held.client_id, HALF, till.clock.now())
        till.hear(event)
        with nothing_changes():
            till.hear(event)
        till.deliver()
        with nothing_changes():
            till.hear(event)


class TestExecution:
    @pytest.fixture
    def refund(self, till: Till, owner: Actor, payment: models.Payment) -> models.Refund:
        return by_hand(till, owner, payment)

    def run(self, till: Till, refund: models.Refund) -> RefundStatus:
        return till.execute_refund(refund_id=refund.id)

    @pytest.mark.parametrize("failure", [OutcomeUnknown("no_answer"), TryAgain("unreachable")], ids=repr)
    @pytest.mark.parametrize("accepted", [True, False])
    def test_a_lost_answer_gives_back_once(
        self, till: Till, refund: models.Refund, failure: Exception, accepted: bool, held: Appointment
    ) -> None:
        till.provider.fail_next(failure, accepted=accepted)
        with nothing_changes(), pytest.raises(TemporaryFailure) as told:
            self.run(till, refund)
        assert told.value.code == failure.code
        assert self.run(till, refund) is RefundStatus.SUCCEEDED
        assert len(till.provider.refunds) == 1
        assert set(till.provider.keys("create_refund")) == {refund.idempotence_key}
        assert given_back(till, held) == DEPOSIT.minor

    def test_carried_out_twice_changes_nothing_more(self, till: Till, refund: models.Refund) -> None:
        self.run(till, refund)
        calls = len(till.provider.calls)
        with nothing_changes():
            assert self.run(till, refund) is RefundStatus.SUCCEEDED
        assert len(till.provider.calls) == calls

    def test_one_on_its_way_is_read_until_it_has_arrived(
        self, till: Till, refund: models.Refund, held: Appointment
    ) -> None:
        till.provider.refunds_settle_as = ProviderStatus.PENDING
        for _ in range(2):
            with pytest.raises(TemporaryFailure) as told:
                self.run(till, refund)
            assert told.value.code == "refund_pending"
        refund.refresh_from_db()
        assert (refund.status, given_back(till, held)) == ("pending", 0)
        till.provider.settle_refund(refund.provider_id)
        assert self.run(till, refund) is RefundStatus.SUCCEEDED
        assert len(till.provider.keys("create_refund")) == 1

    def test_one_on_its_way_may_still_be_refused(
        self, till: Till, refund: models.Refund, held: Appointment
    ) -> None:
        till.provider.refunds_settle_as = ProviderStatus.PENDING
        with pytest.raises(TemporaryFailure):
            self.run(till, refund)
        till.provider.settle_refund(
            next(iter(till.provider.refunds)), status=ProviderStatus.CANCELED, reason="rejected_by_payee"
        )
        assert self.run(till, refund) is RefundStatus.FAILED
        assert (till.alerts(), given_back(till, held)) == (["refund_failed"], 0)

    def test_after_a_day_the_key_is_no_longer_trusted_one_looks_first(
        self, till: Till, refund: models.Refund
    ) -> None:
        till.provider.fail_next(accepted=True)
        with pytest.raises(TemporaryFailure):
            self.run(till, refund)
        till.clock.pass_(DAY)
        till.provider._answers.clear()  # the provider has forgotten the key
        assert self.run(till, refund) is RefundStatus.SUCCEEDED
        assert len(till.provider.refunds) == 1
        assert len(till.provider.keys("create_refund")) == 1

    def test_what_was_certainly_not_made_is_made_even_after_a_day(
        self, till: Till, refund: models.Refund, held: Appointment
    ) -> None:
        till.provider.fail_next(TryAgain("unreachable"))
        with pytest.raises(TemporaryFailure):
            self.run(till, refund)
        till.clock.pass_(DAY)
        till.provider._answers.clear()
        assert self.run(till, refund) is RefundStatus.SUCCEEDED
        assert given_back(till, held) == till.at_the_provider(refund.payment_id).refunded.minor

    def test_looking_does_not_take_a_refund_for_another_of_the_same_amount(
        self, till: Till, owner: Actor, refund: models.Refund, payment: models.Payment
    ) -> None:
        other = by_hand(till, owner, payment)
        self.run(till, other)
        till.clock.pass_(DAY)
        assert self.run(till, refund) is RefundStatus.SUCCEEDED
        assert len(till.provider.refunds) == 2

    def test_a_repeat_that_is_refused_because_the_payer_has_changed_was_given_back_all_the_same(
        self, till: Till, refund: models.Refund, payment: models.Payment, held: Appointment
    ) -> None:
        till.provider.fail_next(accepted=True)
        with pytest.raises(TemporaryFailure):
            self.run(till, refund)
        held.client.email = "moved@example.org"
        held.client.save(update_fields=["email"])
        assert self.run(till, refund) is RefundStatus.SUCCEEDED
        assert len(till.provider.refunds) == 1
        assert given_back(till, held) == DEPOSIT.minor

    def test_a_refund_that_the_provider_no_longer_knows_is_left_to_a_person(
        self, till: Till, refund: models.Refund
    ) -> None:
        till.provider.refunds_settle_as = ProviderStatus.PENDING
        with pytest.raises(TemporaryFailure):
            self.run(till, refund)
        till.provider.refunds.clear()
        with nothing_changes(models.PaymentAlert):
            assert self.run(till, refund) is RefundStatus.PENDING
        assert till.alerts() == ["refund_mismatch"]

    @pytest.mark.parametrize(
        "changes",
        [{"amount": DEPOSIT + KOPECK}, {"payment_id": "another"}, {"id": "another"}],
        ids=lambda changes: next(iter(changes)),
    )
    def test_what_contradicts_our_record_changes_nothing_and_is_noted(
        self, till: Till, refund: models.Refund, changes: dict[str, Any]
    ) -> None:
        till.provider.refunds_settle_as = ProviderStatus.PENDING
        with pytest.raises(TemporaryFailure):
            self.run(till, refund)
        [found] = till.provider.refunds.values()
        other = type(found)(**{**vars(found), "status": ProviderStatus.SUCCEEDED, **changes})
        with nothing_changes(models.PaymentAlert):
            till.record_refund(refund_id=refund.id, found=other, at=till.clock.now())
        assert till.alerts() == ["refund_mismatch"]

    def test_an_unknown_refund_is_not_found(self, till: Till) -> None:
        with pytest.raises(RefundNotFound):
            till.execute_refund(refund_id=uuid4())

    def test_the_receipt_of_a_part_has_the_lines_of_the_payment_up_to_it(
        self, till: Till, refund: models.Refund
    ) -> None:
        self.run(till, refund)
        [order] = till.provider.refund_orders.values()
        assert [(line.amount, line.mode.value) for line in order.items] == [(DEPOSIT, "full_prepayment")]


class TestOutside:
    def test_money_from_outside_stands_in_the_ledger_once(self, till: Till, held: Appointment) -> None:
        event = outside_payment(held.id, held.client_id, REST, till.clock.now())
        for _ in range(3):
            till.hear(event)
        assert till.ledger(held.id) == [("outside_payment", 350_000)]

    def test_two_equal_payments_are_two(self, till: Till, held: Appointment) -> None:
        for _ in range(2):
            till.hear(outside_payment(held.id, held.client_id, DEPOSIT, till.clock.now()))
        assert till.ledger(held.id) == [("outside_payment", 100_000)] * 2

    def test_at_most_what_came_outside_goes_back_outside(
        self, till: Till, owner: Actor, payment: models.Payment, held: Appointment
    ) -> None:
        till.hear(outside_payment(held.id, held.client_id, REST, till.clock.now()))

        def give(amount: Money) -> None:
            till.record_outside_refund(
                actor=owner, appointment_id=held.id, amount=amount, reason=RefundReason.OTHER
            )

        with nothing_changes(), pytest.raises(OutsideRefundAboveRest):
            give(REST + KOPECK)
        give(DEPOSIT)
        with nothing_changes(), pytest.raises(OutsideRefundAboveRest) as refusal:
            give(REST)
        assert refusal.value.params["rest"] == "2500.00"
        assert AuditRecord.objects.filter(action="outside_refund_recorded").count() == 1

    def test_nothing_and_unknown_appointments_are_refused(
        self, till: Till, owner: Actor, held: Appointment
    ) -> None:
        for appointment_id, amount, error in (
            (held.id, Money(0), RefundAmountInvalid),
            (uuid4(), KOPECK, AppointmentNotFound),
        ):
            with nothing_changes(), pytest.raises(error):
                till.record_outside_refund(
                    actor=owner, appointment_id=appointment_id, amount=amount, reason=RefundReason.OTHER
                )
