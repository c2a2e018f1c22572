"""Refunds that meet at the same moment, or meet news of the payment: never above what was paid.

Each race runs in real sessions. Two guards stand behind each other: the row that a command locks, and the
trigger of the database; the controls take them away and show what would have happened.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, connection

from apps.booking.domain.cancellation import CanceledBy
from apps.booking.domain.outcome import ReasonCategory
from apps.booking.infrastructure.models import Service
from apps.kernel.application.ports import TemporaryFailure
from apps.kernel.domain.actor import SYSTEM
from apps.kernel.domain.errors import StaleVersion
from apps.kernel.domain.money import Money
from apps.payments.application.ports import ProviderStatus
from apps.payments.domain.ledger import OutsideRefundAboveRest
from apps.payments.domain.payment import PaymentStatus
from apps.payments.domain.refund import RefundAboveRest, RefundNotPossible, RefundReason
from apps.payments.infrastructure import models
from apps.payments.infrastructure.repositories import payments as repository
from tests.booking.factories import make_appointment, make_service, next_monday
from tests.clean_database import restore_seeds_only
from tests.counts import examples
from tests.faults.crowd import in_sessions
from tests.payments.balance import assert_books_are_balanced, assert_both_sides_agree
from tests.payments.till import Till, outside_payment

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = examples(bounded=4, full=60)
PRESSED = 4
PRICE, HALF = Money(450_000), Money(225_000)


class Case:
    """A kept time and its payment: ``paid`` at the provider, and settled here unless ``heard`` is false."""

    def __init__(self, service: Service, number: int, *, heard: bool = True) -> None:
        self.till = Till(datetime.now(UTC))
        start = next_monday(0, weeks=1 + number // 20)
        self.row = make_appointment(
            service=service, start=start.replace(hour=number % 20), status="pending_payment"
        )
        self.payment_id = self.till.start(self.row.id).id
        self.till.provider.pay(self.till.provider_id(self.payment_id))
        if heard:
            self.till.settle_payment(payment_id=self.payment_id)

    def press(self, amount: Money = PRICE, *, seen: Money | None = None) -> UUID:
        return self.till.refund_payment(
            actor=SYSTEM,
            payment_id=self.payment_id,
            amount=amount,
            reason=RefundReason.GOODWILL,
            rest_seen=seen,
        )

    def webhook(self) -> PaymentStatus:
        return self.till.settle_payment(payment_id=self.payment_id)

    def cancel(self) -> object:
        return self.till.practice.cancel_appointment(
            appointment_id=self.row.id, actor=SYSTEM, by=CanceledBy.SPECIALIST, reason=ReasonCategory.OTHER
        )

    def requested(self) -> int:
        refunds = models.Refund.objects.filter(payment_id=self.payment_id)
        return sum(refunds.exclude(status="failed").values_list("amount_minor", flat=True))

    def finish(self) -> None:
        """Everything that is under way comes to its end, and both sides agree."""
        for refund_id in models.Refund.objects.filter(status="requested").values_list("id", flat=True):
            self.till.execute_refund(refund_id=refund_id)
        self.till.deliver()


@pytest.fixture
def service(transactional_db: None) -> Service:
    return make_service(min_notice_hours=0)


def cases(service: Service, **values: Any) -> Iterator[Case]:
    for number in range(ROUNDS):
        case = Case(service, number, **values)
        yield case
        assert_books_are_balanced()


def kinds(answers: list[Any]) -> set[type]:
    return {type(each) for each in answers if isinstance(each, Exception)}


def test_a_refund_pressed_many_times_at_once_is_one(service: Service) -> None:
    for case in cases(service):
        answers = in_sessions([partial(case.press, seen=PRICE)] * PRESSED)
        assert sum(isinstance(each, UUID) for each in answers) == 1
        assert kinds(answers) == {StaleVersion}
        assert case.requested() == PRICE.minor


def test_a_part_pressed_twice_is_one_part(service: Service) -> None:
    for case in cases(service):
        answers = in_sessions([partial(case.press, HALF, seen=PRICE)] * 2)
        assert kinds(answers) == {StaleVersion}
        assert case.requested() == HALF.minor


def test_refunds_over_the_rest_are_refused_whoever_is_first(service: Service) -> None:
    """Four people give back a half each, nobody saw the others."""
    for case in cases(service):
        answers = in_sessions([partial(case.press, HALF)] * PRESSED)
        assert sum(isinstance(each, UUID) for each in answers) == 2
        assert kinds(answers) == {RefundAboveRest}
        case.finish()
        assert case.till.at_the_provider(case.payment_id).refunded == PRICE


def test_a_refund_while_the_webhook_arrives(service: Service) -> None:
    for case in cases(service, heard=False):
        *heard, pressed = in_sessions([case.webhook, case.webhook, case.press])
        assert set(heard) == {PaymentStatus.SUCCEEDED}
        assert isinstance(pressed, UUID | RefundNotPossible)
        assert case.till.ledger(case.row.id) == [("payment", PRICE.minor)]
        case.finish()
        assert case.requested() == (PRICE.minor if isinstance(pressed, UUID) else 0)


def test_a_refund_carried_out_by_several_workers_while_its_notification_arrives(service: Service) -> None:
    for case in cases(service):
        refund_id = case.press(HALF)
        carry_out = partial(case.till.execute_refund, refund_id=refund_id)
        case.till.provider.refunds_settle_as = ProviderStatus.PENDING
        in_sessions([carry_out] * 2)
        [name] = case.till.provider.refunds
        case.till.provider.settle_refund(name)
        hints = [case.till.notification("refund.succeeded", name) for _ in range(3)]
        answers = in_sessions(
            [carry_out, *(partial(case.till.heed_notification, notification_id=hint) for hint in hints)]
        )
        assert kinds(answers) <= {TemporaryFailure}
        assert case.till.ledger(case.row.id) == [("payment", PRICE.minor), ("refund", HALF.minor)]
        assert sum(event.name() == "RefundSucceeded" for event in case.till.bus.rows) == 1


def test_a_cancellation_while_the_payment_arrives(service: Service) -> None:
    """Whoever is first: the money goes back whole, once."""
    for case in cases(service, heard=False):
        canceled, *heard = in_sessions([case.cancel, case.webhook, case.webhook])
        assert not isinstance(canceled, Exception)
        assert set(heard) == {PaymentStatus.SUCCEEDED}
        case.till.deliver()
        case.row.refresh_from_db()
        assert case.row.status == "canceled"
        assert case.till.ledger(case.row.id) == [("payment", PRICE.minor), ("refund", PRICE.minor)]
        assert_both_sides_agree(case.till.provider)


def test_a_refund_by_rule_and_by_hand_at_once(service: Service) -> None:
    for case in cases(service):
        case.cancel()
        by_rule = partial(
            case.till.refund_canceled_appointment,
            appointment_id=case.row.id,
            amount=PRICE,
            at=datetime.now(UTC),
        )
        answers = in_sessions([by_rule, by_rule, partial(case.press, HALF)])
        assert kinds(answers) <= {RefundAboveRest}
        case.finish()
        assert case.requested() == PRICE.minor


def test_money_from_outside_is_given_back_once(service: Service) -> None:
    for number in range(ROUNDS):
        case = Case(service, number)
        case.till.hear(outside_payment(case.row.id, case.row.client_id, HALF, datetime.now(UTC)))
        give = partial(
            case.till.record_outside_refund,
            actor=SYSTEM,
            appointment_id=case.row.id,
            amount=HALF,
            reason=RefundReason.OTHER,
        )
        answers = in_sessions([give] * PRESSED)
        assert sum(isinstance(each, Exception) for each in answers) == PRESSED - 1
        assert kinds(answers) == {OutsideRefundAboveRest}
        assert [entry for entry in case.till.ledger(case.row.id) if entry[0] == "outside_refund"] == [
            ("outside_refund", HALF.minor)
        ]


# --- the guards ---


@pytest.fixture
def nobody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """No row is locked, and everybody has looked before anybody writes."""
    monkeypatch.setattr(repository, "_locked", lambda: models.Payment.objects.all())
    monkeypatch.setattr(repository, "_read", _slowly(repository._read))


@pytest.fixture
def trigger_dropped(transactional_db: None) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE payments_refund DISABLE TRIGGER payments_refund_guard")
    yield
    restore_seeds_only()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE payments_refund ENABLE TRIGGER payments_refund_guard")


def test_the_database_alone_holds_the_sum_when_nobody_waits(service: Service, nobody_waits: None) -> None:
    for case in cases(service):
        answers = in_sessions([partial(case.press, seen=PRICE)] * PRESSED)
        assert sum(isinstance(each, UUID) for each in answers) == 1
        assert IntegrityError in kinds(answers)
        assert case.requested() == PRICE.minor


def test_the_waiting_alone_holds_the_sum_without_the_trigger(service: Service, trigger_dropped: None) -> None:
    for case in cases(service):
        answers = in_sessions([partial(case.press, HALF)] * PRESSED)
        assert sum(isinstance(each, UUID) for each in answers) == 2
        assert case.requested() == PRICE.minor


def test_control_without_both_the_very_same_race_gives_back_more_than_was_paid(
    service: Service, nobody_waits: None, trigger_dropped: None
) -> None:
    above = 0
    for number in range(ROUNDS):
        case = Case(service, number)
        in_sessions([partial(case.press, seen=PRICE)] * PRESSED)
        above += case.requested() > PRICE.minor
    assert above == ROUNDS


def _slowly[T](read: Callable[..., T]) -> Callable[..., T]:
    def slow(rows: Any) -> T:
        found = read(rows)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.1)")
        return found

    return slow
