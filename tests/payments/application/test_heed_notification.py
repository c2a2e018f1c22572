"""Notifications are hints to look: duplicated, shuffled, forged or about the unknown, they break nothing."""

from uuid import uuid4

import pytest

from apps.booking.infrastructure.models import Appointment
from apps.kernel.application.ports import TemporaryFailure
from apps.kernel.domain.actor import Actor
from apps.kernel.domain.money import Money
from apps.payments.application.ports import ProviderStatus
from apps.payments.domain.payment import PaymentServiceUnavailable
from apps.payments.domain.refund import RefundReason
from apps.payments.infrastructure import models
from tests.booking.factories import make_staff
from tests.payments.orders import refund_order
from tests.payments.rows import nothing_changes
from tests.payments.till import Till

HALF = Money(225_000)


def heed(till: Till, event: str, object_id: str) -> None:
    till.heed_notification(notification_id=till.notification(event, object_id))


def looks(till: Till) -> int:
    return sum(call.key == "" for call in till.provider.calls)


class TestOfPayments:
    def test_what_it_says_is_not_believed(self, till: Till, held: Appointment) -> None:
        view = till.start(held.id)
        heed(till, "payment.succeeded", till.provider_id(view.id))
        assert till.row(view.id).status == "pending"

    def test_it_makes_us_look(self, till: Till, held: Appointment) -> None:
        view = till.start(held.id)
        till.provider.pay(till.provider_id(view.id))
        heed(till, "payment.succeeded", till.provider_id(view.id))
        assert till.row(view.id).status == "succeeded"
        assert models.PaymentNotification.objects.get().heeded_at == till.clock.now()

    def test_a_hundred_duplicates_need_one_look(self, till: Till, held: Appointment) -> None:
        view = till.start(held.id)
        till.provider.pay(till.provider_id(view.id))
        ids = [till.notification("payment.succeeded", till.provider_id(view.id)) for _ in range(100)]
        for notification_id in ids:
            till.heed_notification(notification_id=notification_id)
        assert looks(till) == 1
        assert till.ledger(held.id) == [("payment", 450_000)]
        assert [event.name() for event in till.bus.rows] == ["PaymentSucceeded"]

    def test_one_that_comes_while_we_look_makes_us_look_again(self, till: Till, held: Appointment) -> None:
        view = till.start(held.id)
        provider_id = till.provider_id(view.id)
        first = till.notification("payment.waiting_for_capture", provider_id)
        look, late = till.provider.payment, []

        def slow_look(object_id: str) -> object:
            found = look(object_id)
            late.append(till.notification("payment.succeeded", provider_id))
            till.provider.pay(provider_id)
            return found

        till.provider.payment = slow_look
        till.heed_notification(notification_id=first)
        assert till.row(view.id).status == "pending"
        till.provider.payment = look
        till.heed_notification(notification_id=late[0])
        assert till.row(view.id).status == "succeeded"

    def test_it_waits_while_the_provider_does_not_answer(self, till: Till, held: Appointment) -> None:
        view = till.start(held.id)
        till.provider.pay(till.provider_id(view.id))
        notification_id = till.notification("payment.succeeded", till.provider_id(view.id))
        till.provider.fail_next()
        with nothing_changes(), pytest.raises(TemporaryFailure):
            till.heed_notification(notification_id=notification_id)
        till.heed_notification(notification_id=notification_id)
        assert till.row(view.id).status == "succeeded"

    def test_of_one_whose_creation_was_answered_into_the_void(self, till: Till, held: Appointment) -> None:
        till.provider.fail_next(accepted=True)
        with pytest.raises(PaymentServiceUnavailable):
            till.start(held.id)
        [payment_id] = till.later
        till.provider.pay(till.provider_id(payment_id))
        heed(till, "payment.succeeded", till.provider_id(payment_id))
        assert till.row(payment_id).status == "succeeded"
        assert till.ledger(held.id) == [("payment", 450_000)]

    @pytest.mark.parametrize("known_to_the_provider", [True, False])
    def test_of_an_unknown_one_changes_nothing_and_is_noted(
        self, till: Till, held: Appointment, known_to_the_provider: bool
    ) -> None:
        view, name = till.start(held.id), str(uuid4())
        if known_to_the_provider:
            found = till.at_the_provider(view.id)
            till.provider.payments[name] = type(found)(**{**vars(found), "id": name, "reference": uuid4()})
        with nothing_changes(models.PaymentAlert, models.PaymentNotification):
            heed(till, "payment.succeeded", name)
        [alert] = models.PaymentAlert.objects.all()
        assert (alert.kind, alert.reference) == ("unknown_payment", name)

    def test_of_another_one_that_claims_to_be_ours(self, till: Till, held: Appointment) -> None:
        """Somebody creates a payment of a kopeck with our reference, and pays it."""
        view, name = till.start(held.id), str(uuid4())
        found = till.at_the_provider(view.id)
        till.provider.payments[name] = type(found)(
            **{**vars(found), "id": name, "amount": Money(1), "status": ProviderStatus.SUCCEEDED}
        )
        with nothing_changes(models.PaymentAlert, models.PaymentNotification):
            heed(till, "payment.succeeded", name)
        assert "unknown_payment" in till.alerts()

    @pytest.mark.parametrize("event", ["payment_method.active", "deal.closed", "payout.succeeded"])
    def test_of_other_things_is_left_alone(self, till: Till, held: Appointment, event: str) -> None:
        heed(till, event, str(uuid4()))
        assert not till.provider.calls
        assert models.PaymentNotification.objects.get().heeded_at is not None

    def test_that_is_gone_is_no_error(self, till: Till) -> None:
        till.heed_notification(notification_id=404)


class TestOfRefunds:
    @pytest.fixture
    def owner(self, db: None) -> Actor:
        return Actor(user_id=make_staff().id, role="owner")

    @pytest.fixture
    def payment(self, till: Till, held: Appointment) -> models.Payment:
        return till.paid(held.id)

    def request(self, till: Till, owner: Actor, payment: models.Payment) -> models.Refund:
        refund_id = till.refund_payment(
            actor=owner, payment_id=payment.id, amount=HALF, reason=RefundReason.GOODWILL
        )
        return models.Refund.objects.get(id=refund_id)

    def accepted_into_the_void(self, till: Till, refund: models.Refund) -> str:
        known = set(till.provider.refunds)
        till.provider.fail_next(accepted=True, method="create_refund")
        with pytest.raises(TemporaryFailure):
            till.execute_refund(refund_id=refund.id)
        [name] = set(till.provider.refunds) - known
        return name

    def test_it_makes_us_look(self, till: Till, owner: Actor, payment: models.Payment) -> None:
        refund = self.request(till, owner, payment)
        till.provider.refunds_settle_as = ProviderStatus.PENDING
        with pytest.raises(TemporaryFailure):
            till.execute_refund(refund_id=refund.id)
        [name] = till.provider.refunds
        heed(till, "refund.succeeded", name)
        refund.refresh_from_db()
        assert refund.status == "pending"
        till.provider.settle_refund(name)
        for _ in range(3):
            heed(till, "refund.succeeded", name)
        refund.refresh_from_db()
        assert refund.status == "succeeded"
        assert till.ledger(payment.appointment_id) == [("payment", 450_000), ("refund", 225_000)]

    def test_of_one_whose_answer_was_lost(self, till: Till, owner: Actor, payment: models.Payment) -> None:
        refund = self.request(till, owner, payment)
        name = self.accepted_into_the_void(till, refund)
        heed(till, "refund.succeeded", name)
        refund.refresh_from_db()
        assert (refund.status, refund.provider_id) == ("succeeded", name)
        assert till.alerts() == []

    def test_of_two_equal_ones_whose_answers_were_lost_each_finds_its_own(
        self, till: Till, owner: Actor, payment: models.Payment
    ) -> None:
        first, second = self.request(till, owner, payment), self.request(till, owner, payment)
        of_second = self.accepted_into_the_void(till, second)
        of_first = self.accepted_into_the_void(till, first)
        heed(till, "refund.succeeded", of_second)
        heed(till, "refund.succeeded", of_first)
        for refund, name in ((first, of_first), (second, of_second)):
            refund.refresh_from_db()
            assert (refund.status, refund.provider_id) == ("succeeded", name)
        assert len(till.provider.refunds) == 2
        assert till.ledger(payment.appointment_id)[1:] == [("refund", 225_000)] * 2

    def test_of_one_that_was_made_in_the_providers_own_office_is_noted(
        self, till: Till, payment: models.Payment
    ) -> None:
        made = till.provider.create_refund(refund_order(payment.provider_id, amount=HALF))
        with nothing_changes(models.PaymentAlert, models.PaymentNotification):
            heed(till, "refund.succeeded", made.id)
        assert till.alerts() == ["refund_mismatch"]

    def test_of_an_unknown_one_is_noted(self, till: Till, payment: models.Payment) -> None:
        with nothing_changes(models.PaymentAlert, models.PaymentNotification):
            heed(till, "refund.succeeded", str(uuid4()))
        assert till.alerts() == ["refund_mismatch"]

    def test_it_waits_while_the_provider_does_not_answer(self, till: Till, payment: models.Payment) -> None:
        notification_id = till.notification("refund.succeeded", str(uuid4()))
        till.provider.fail_next()
        with nothing_changes(), pytest.raises(TemporaryFailure):
            till.heed_notification(notification_id=notification_id)
