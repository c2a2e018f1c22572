"""What the provider and we see differently is listed, each kind; where both agree, nothing is."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from apps.booking.infrastructure.models import Appointment, Service
from apps.kernel.application.ports import TemporaryFailure
from apps.kernel.domain.actor import Actor
from apps.kernel.domain.money import Money
from apps.kernel.domain.period import Period
from apps.payments.application.ports import ProviderStatus
from apps.payments.application.reconcile import Difference
from apps.payments.domain.payment import PaymentServiceUnavailable
from apps.payments.domain.refund import RefundReason
from apps.payments.infrastructure import models
from tests.booking.factories import make_appointment, make_staff, next_monday
from tests.payments.orders import payment_order, refund_order
from tests.payments.till import Till

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
PRICE, HALF = Money(450_000), Money(225_000)


def compare(till: Till, *, before: timedelta = DAY, after: timedelta = DAY) -> list[Difference]:
    now = till.clock.now()
    return till.reconcile(Period(now - before, now + after))


def kinds(differences: list[Difference]) -> list[str]:
    return [each.kind.value for each in differences]


@pytest.fixture
def payment(till: Till, held: Appointment) -> models.Payment:
    return till.paid(held.id)


def refund(till: Till, payment: models.Payment, amount: Money = HALF) -> models.Refund:
    owner = Actor(user_id=make_staff().id, role="owner")
    refund_id = till.refund_payment(
        actor=owner, payment_id=payment.id, amount=amount, reason=RefundReason.GOODWILL
    )
    return models.Refund.objects.get(id=refund_id)


def test_where_both_agree_nothing_is_listed(till: Till, service: Service, payment: models.Payment) -> None:
    refund(till, payment)
    till.deliver()
    for hour, reason in ((16, "card_expired"), (17, "expired_on_confirmation")):
        row = make_appointment(service=service, start=next_monday(hour), status="pending_payment")
        view = till.start(row.id)
        till.provider.cancel_payment(till.provider_id(view.id), reason=reason)
        till.settle_payment(payment_id=view.id)
    till.start(make_appointment(service=service, start=next_monday(15), status="pending_payment").id)
    assert compare(till) == []
    assert till.alerts() == []


def test_a_payment_that_nobody_here_started(till: Till, payment: models.Payment) -> None:
    stranger = till.provider.create_payment(payment_order(amount=PRICE))
    [found] = compare(till)
    assert (found.kind.value, found.reference, found.payment_id) == ("unknown_payment", stranger.id, None)
    assert (found.ours, found.provider) == ("", "pending 4500.00 RUB")
    assert till.alerts() == ["unknown_payment"]


def test_a_payment_that_the_provider_does_not_have(till: Till, payment: models.Payment) -> None:
    till.provider.payments.clear()
    [found] = compare(till)
    assert (found.kind.value, found.reference) == ("unknown_payment", str(payment.id))
    assert (found.ours, found.provider) == ("succeeded 4500.00 RUB", "")


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"amount": PRICE - Money(1)}, "amount_mismatch"),
        ({"amount": Money(450_000, "USD")}, "amount_mismatch"),
        ({"status": ProviderStatus.CANCELED}, "status_mismatch"),
        ({"status": ProviderStatus.PENDING}, "status_mismatch"),
        ({"refunded": Money(1)}, "refund_mismatch"),
    ],
    ids=str,
)
def test_each_kind_of_difference_is_listed_and_noted_once(
    till: Till, payment: models.Payment, changes: dict[str, Any], kind: str
) -> None:
    till.provider.change(payment.provider_id, **changes)
    first, second = compare(till), compare(till)
    assert first == second
    [found] = first
    assert (found.kind.value, found.payment_id) == (kind, payment.id)
    [alert] = models.PaymentAlert.objects.all()
    assert (alert.kind, alert.times, alert.payment_id) == (kind, 2, payment.id)


def test_a_refund_made_in_the_providers_own_office(till: Till, payment: models.Payment) -> None:
    made = till.provider.create_refund(refund_order(payment.provider_id, amount=HALF))
    found = compare(till)
    assert kinds(found) == ["refund_mismatch", "refund_mismatch"]
    assert [each.reference for each in found] == [str(payment.id), made.id]


def test_a_refund_of_an_older_payment_that_ended_differently(till: Till, payment: models.Payment) -> None:
    row = refund(till, payment)
    till.deliver()
    till.clock.pass_(3 * DAY)
    [name] = till.provider.refunds
    till.provider.refunds[name] = replace(
        till.provider.refunds[name], status=ProviderStatus.CANCELED, created_at=till.clock.now()
    )
    [found] = compare(till)
    row.refresh_from_db()
    assert (found.reference, found.payment_id) == (row.provider_id, payment.id)
    assert (found.ours, found.provider) == ("succeeded 2250.00 RUB", "failed 2250.00 RUB")


def test_what_is_open_is_settled_first(till: Till, held: Appointment) -> None:
    view = till.start(held.id)
    till.provider.pay(till.provider_id(view.id))
    assert compare(till) == []
    assert till.row(view.id).status == "succeeded"


def test_a_wish_that_was_answered_into_the_void_is_found(till: Till, held: Appointment) -> None:
    till.provider.fail_next(accepted=True)
    with pytest.raises(PaymentServiceUnavailable):
        till.start(held.id)
    assert compare(till) == []
    assert till.row(till.later[0]).status == "pending"


def test_a_refund_that_was_answered_into_the_void_is_found(till: Till, payment: models.Payment) -> None:
    row = refund(till, payment)
    till.provider.fail_next(accepted=True)
    with pytest.raises(TemporaryFailure):
        till.execute_refund(refund_id=row.id)
    assert compare(till) == []
    row.refresh_from_db()
    assert row.status == "succeeded"


def test_what_changes_while_we_compare_is_no_difference(till: Till, held: Appointment) -> None:
    view = till.start(held.id)
    listed = till.provider.payments_created

    def slow_list(period: Period) -> Any:
        found = list(listed(period))
        till.provider.pay(till.provider_id(view.id))
        till.settle_payment(payment_id=view.id)
        return iter(found)

    till.provider.payments_created = slow_list
    assert compare(till) == []


@pytest.mark.parametrize("skew", [-HOUR, HOUR], ids=["behind", "ahead"])
@pytest.mark.parametrize("edge", ["start", "end"])
def test_clocks_that_differ_at_the_edge_of_the_period_are_no_difference(
    till: Till, payment: models.Payment, skew: timedelta, edge: str
) -> None:
    till.provider.change(payment.provider_id, created_at=payment.created_at + skew)
    between = payment.created_at + skew / 2
    period = Period(between, between + DAY) if edge == "start" else Period(between - DAY, between)
    assert till.reconcile(period) == []


def test_only_the_period_is_compared(till: Till, payment: models.Payment) -> None:
    till.provider.change(payment.provider_id, amount=Money(1))
    start: datetime = payment.created_at + HOUR
    assert till.reconcile(Period(start, start + DAY)) == []


def test_many_payments_are_all_compared(till: Till) -> None:
    strangers = [till.provider.create_payment(payment_order(amount=PRICE)) for _ in range(250)]
    assert {each.reference for each in compare(till)} == {each.id for each in strangers}


@pytest.mark.parametrize("method", ["payments_created", "refunds_created"])
def test_it_waits_while_the_provider_does_not_answer(
    till: Till, payment: models.Payment, method: str
) -> None:
    till.provider.create_payment(payment_order(amount=PRICE))
    till.provider.fail_next(method=method)
    with pytest.raises(TemporaryFailure):
        compare(till)
    assert till.alerts() == []
    assert kinds(compare(till)) == ["unknown_payment"]


def test_an_alert_that_was_settled_comes_again_with_the_next_difference(
    till: Till, payment: models.Payment
) -> None:
    till.provider.change(payment.provider_id, refunded=Money(1))
    compare(till)
    models.PaymentAlert.objects.update(settled_at=till.clock.now())
    compare(till)
    assert models.PaymentAlert.objects.filter(settled_at__isnull=True).count() == 1
