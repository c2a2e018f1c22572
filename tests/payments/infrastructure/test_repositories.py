"""Payments, receipts, the ledger and alerts in PostgreSQL: read back whole, once each, and rivals wait."""

from dataclasses import fields
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from apps.booking.infrastructure.models import Appointment
from apps.kernel.domain.money import Money
from apps.kernel.domain.period import Period
from apps.payments.application.views import PaymentView
from apps.payments.domain.alert import AlertKind, AlertNotFound
from apps.payments.domain.ledger import EntryKind, LedgerEntry
from apps.payments.domain.payment import Payment, PaymentKind, PaymentNotFound, PaymentStatus
from apps.payments.domain.receipt import Receipt, ReceiptKind, ReceiptNotFound, ReceiptStatus
from apps.payments.domain.refund import RefundNotFound, RefundReason
from apps.payments.infrastructure import models
from apps.payments.infrastructure.alerts import PostgresAlerts
from apps.payments.infrastructure.repositories import payments as module
from apps.payments.infrastructure.repositories.ledger import PostgresLedger
from apps.payments.infrastructure.repositories.payments import PostgresPaymentRepository
from apps.payments.infrastructure.repositories.receipts import PostgresReceipts
from tests.booking.factories import make_appointment, make_service, make_staff, next_monday
from tests.clean_database import restore_seeds_only
from tests.counts import examples
from tests.faults.crowd import in_sessions
from tests.payments.domain_objects import item
from tests.payments.rows import make_payment, make_refund
from tests.payments.till import Till

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
PRICE, DEPOSIT = Money(450_000), Money(100_000)


def intend(row: Appointment, **values: Any) -> Payment:
    return Payment.intend(
        **{
            "id": uuid4(),
            "appointment_id": row.id,
            "client_id": row.client_id,
            "kind": PaymentKind.FULL,
            "items": (item(),),
            "description": "Консультация",
            "return_url": "https://site.example/",
            "idempotence_key": str(uuid4()),
            "now": NOW,
            **values,
        }
    )


def state(entity: Any) -> dict[str, object]:
    return {
        each.name: [state(refund) for refund in entity.refunds]
        if each.name == "refunds"
        else getattr(entity, each.name)
        for each in fields(entity)
        if each.name != "_events"
    }


@pytest.mark.django_db
class TestPayments:
    repository = PostgresPaymentRepository()

    def get(self, payment_id: UUID) -> Payment:
        with transaction.atomic():
            return self.repository.get(payment_id)

    def test_a_payment_with_its_refunds_comes_back_whole(self) -> None:
        payment = intend(make_appointment())
        assert self.repository.add(payment)
        payment.known_as("name", confirmation_url="https://pay.example/", method="sbp")
        payment.succeed(now=NOW + MINUTE)
        self.repository.save(payment)
        for amount in (DEPOSIT, Money(1)):
            payment.request_refund(
                amount=amount,
                reason=RefundReason.MISTAKE,
                requested_by=make_staff().id,
                new_id=uuid4,
                now=NOW + len(payment.refunds) * MINUTE,
            )
            self.repository.save(payment)
        assert state(self.get(payment.id)) == state(payment)

    def test_a_second_open_one_of_the_kind_and_amount_is_not_written(self) -> None:
        row = make_appointment()
        first, second = intend(row), intend(row)
        assert self.repository.add(first)
        assert not self.repository.add(second)
        assert not self.repository.exists(second.id)
        assert self.repository.add(intend(row, kind=PaymentKind.DEPOSIT))
        assert self.repository.add(intend(row, items=(item(DEPOSIT),)))

    def test_another_violation_is_not_taken_for_a_rival(self) -> None:
        first = intend(make_appointment())
        self.repository.add(first)
        with pytest.raises(IntegrityError), transaction.atomic():
            self.repository.add(intend(make_appointment(), idempotence_key=first.idempotence_key))

    def test_the_open_one_is_found_until_it_ends(self) -> None:
        row = make_appointment()
        payment = intend(row)
        find = partial(self.repository.open_of, row.id, PaymentKind.FULL, PRICE)
        with transaction.atomic():
            assert find() is None
            self.repository.add(payment)
            found = find()
            assert found is not None
            assert found.id == payment.id
            assert self.repository.open_of(row.id, PaymentKind.DEPOSIT, PRICE) is None
            assert self.repository.open_of(row.id, PaymentKind.FULL, DEPOSIT) is None
            payment.known_as("name", confirmation_url="", method="")
            payment.succeed(now=NOW)
            self.repository.save(payment)
            assert find() is None

    def test_what_is_not_there_is_not_found(self) -> None:
        with pytest.raises(PaymentNotFound):
            self.get(uuid4())
        with pytest.raises(RefundNotFound), transaction.atomic():
            self.repository.of_refund(uuid4())
        assert self.repository.by_provider_id("nobody") is None
        assert self.repository.by_provider_refund_id("nobody") is None
        assert not self.repository.exists(uuid4())

    def test_names_at_the_provider_lead_to_our_ids(self) -> None:
        payment = make_payment(make_appointment(), provider_id="paid")
        refund = make_refund(payment, provider_id="returned")
        assert self.repository.by_provider_id("paid") == payment.id
        assert self.repository.by_provider_refund_id("returned") == refund.id
        with transaction.atomic():
            assert self.repository.of_refund(refund.id).id == payment.id

    def test_all_of_an_appointment_come_the_oldest_first(self) -> None:
        row = make_appointment()
        ids = [
            make_payment(row, created_at=NOW + minutes * MINUTE, status="failed").id for minutes in (2, 0, 1)
        ]
        make_payment(make_appointment())
        with transaction.atomic():
            assert [each.id for each in self.repository.of_appointment(row.id)] == [ids[1], ids[2], ids[0]]

    def test_what_waits_is_listed_the_oldest_first_up_to_a_limit(self) -> None:
        rows = [make_payment(make_appointment(), status=status, created_at=NOW + minutes * MINUTE)
                for minutes, status in enumerate(PaymentStatus)]  # fmt: skip
        open_ids = [row.id for row in rows[:3]]
        assert self.repository.unsettled(before=NOW + HOUR, limit=9) == open_ids
        assert self.repository.unsettled(before=NOW + HOUR, limit=2) == open_ids[:2]
        assert self.repository.unsettled(before=NOW + MINUTE, limit=9) == open_ids[:1]

    def test_refunds_that_wait_are_listed_the_oldest_first(self) -> None:
        payment = make_payment(make_appointment())
        ids = [
            make_refund(payment, amount_minor=1, status=status, requested_at=NOW + minutes * MINUTE).id
            for minutes, status in enumerate(["pending", "succeeded", "requested", "failed"])
        ]
        assert self.repository.unsettled_refunds(before=NOW + HOUR, limit=9) == [ids[0], ids[2]]
        assert self.repository.unsettled_refunds(before=NOW + HOUR, limit=1) == [ids[0]]
        assert self.repository.unsettled_refunds(before=NOW, limit=9) == []

    def test_a_period_is_half_open(self) -> None:
        rows = [
            make_payment(make_appointment(), created_at=NOW + each)
            for each in (-timedelta(microseconds=1), timedelta(0), HOUR - MINUTE, HOUR)
        ]
        found = self.repository.created_in(Period(NOW, NOW + HOUR))
        assert {each.id for each in found} == {row.id for row in rows[1:3]}


@pytest.mark.django_db
class TestReceipts:
    repository = PostgresReceipts()

    def receipt(self, payment: models.Payment, kind: ReceiptKind = ReceiptKind.OFFSET) -> Receipt:
        return Receipt(
            id=uuid4(),
            payment_id=payment.id,
            kind=kind,
            status=ReceiptStatus.PENDING,
            amount=PRICE,
            items=(item(), item(DEPOSIT)),
            provider_id=None,
            idempotence_key=str(uuid4()),
            created_at=NOW,
        )

    def test_comes_back_whole_and_is_changed(self) -> None:
        payment = make_payment(make_appointment())
        receipt = self.receipt(payment)
        assert self.repository.add(receipt)
        receipt.settle(ReceiptStatus.SUCCEEDED)
        receipt.provider_id = "registered"
        self.repository.save(receipt)
        with transaction.atomic():
            assert state_of(self.repository.get(receipt.id)) == state_of(receipt)

    def test_a_payment_has_one_of_a_kind(self) -> None:
        payment = make_payment(make_appointment())
        assert self.repository.add(self.receipt(payment))
        assert not self.repository.add(self.receipt(payment))
        assert self.repository.add(self.receipt(payment, ReceiptKind.ADVANCE))
        assert len(self.repository.of_payment(payment.id)) == 2

    def test_an_unknown_one_is_not_found(self) -> None:
        with pytest.raises(ReceiptNotFound), transaction.atomic():
            self.repository.get(uuid4())


def state_of(receipt: Receipt) -> dict[str, object]:
    return {each.name: getattr(receipt, each.name) for each in fields(receipt)}


@pytest.mark.django_db
class TestLedger:
    repository = PostgresLedger()

    def entry(self, appointment_id: UUID, **values: Any) -> LedgerEntry:
        return LedgerEntry(
            **{
                "appointment_id": appointment_id,
                "kind": EntryKind.PAYMENT,
                "source_id": uuid4(),
                "amount": PRICE,
                "at": NOW,
                **values,
            }
        )

    def test_a_movement_is_entered_once(self) -> None:
        row = make_appointment()
        entry = self.entry(row.id)
        assert self.repository.enter(entry)
        assert not self.repository.enter(entry)
        assert not self.repository.enter(self.entry(row.id, source_id=entry.source_id, amount=DEPOSIT))
        assert self.repository.enter(self.entry(row.id, source_id=entry.source_id, kind=EntryKind.REFUND))
        with transaction.atomic():
            first, second = self.repository.of_appointment(row.id)
        assert first == entry
        assert second.kind is EntryKind.REFUND

    def test_another_appointment_has_its_own(self) -> None:
        self.repository.enter(self.entry(make_appointment().id))
        with transaction.atomic():
            assert self.repository.of_appointment(make_appointment().id) == []


@pytest.mark.django_db
class TestAlerts:
    book = PostgresAlerts()

    def note(self, **values: Any) -> None:
        self.book.note(**{"kind": AlertKind.UNKNOWN_PAYMENT, "reference": "a", "at": NOW, **values})

    def test_the_same_again_is_counted_up(self) -> None:
        self.note(details={"n": 1})
        self.note(at=NOW + HOUR, details={"n": 2})
        self.note(at=NOW - HOUR, details={"n": 3})
        [row] = models.PaymentAlert.objects.all()
        assert (row.times, row.first_at, row.last_at) == (3, NOW, NOW + HOUR)
        assert row.details == {"n": 3}

    def test_another_kind_or_reference_is_another_alert(self) -> None:
        self.note()
        self.note(reference="b")
        self.note(kind=AlertKind.AMOUNT_MISMATCH)
        assert models.PaymentAlert.objects.count() == 3

    def test_a_long_reference_is_cut(self) -> None:
        for _ in range(2):
            self.note(reference="x" * 500)
        assert models.PaymentAlert.objects.get().times == 2

    def test_settled_once_and_the_next_one_is_new(self) -> None:
        owner = make_staff()
        self.note()
        [row] = models.PaymentAlert.objects.all()
        assert self.book.settle(row.id, by=owner.id, at=NOW)
        assert not self.book.settle(row.id, by=None, at=NOW + HOUR)
        row.refresh_from_db()
        assert (row.settled_at, row.settled_by_id) == (NOW, owner.id)
        self.note()
        assert models.PaymentAlert.objects.filter(settled_at__isnull=True).count() == 1

    def test_an_unknown_one_is_not_found(self) -> None:
        with pytest.raises(AlertNotFound):
            self.book.settle(404, by=None, at=NOW)

    def test_every_kind_and_reason_fits_its_column(self) -> None:
        for kind in AlertKind:
            self.note(kind=kind)
        for reason in RefundReason:
            make_refund(make_payment(make_appointment()), reason=reason.value)
        for status in PaymentStatus:
            make_payment(make_appointment(), status=status.value)


@pytest.mark.django_db(transaction=True)
class TestRivals:
    ROUNDS = examples(bounded=3, full=50)
    CALLS = 4

    def test_one_wish_at_once_from_many_calls_is_one_payment(self) -> None:
        service = make_service()
        for number in range(self.ROUNDS):
            row = self.held(service, number)
            till = Till(datetime.now(UTC))
            views = in_sessions([partial(till.start, row.id)] * self.CALLS)
            assert all(isinstance(each, PaymentView) for each in views)
            assert len({each.id for each in views}) == len({each.confirmation_url for each in views}) == 1
            assert models.Payment.objects.filter(appointment_id=row.id).count() == 1
            assert len(till.provider.payments) == 1
            assert len(till.later) == 1

    def test_control_without_the_constraint_there_would_be_more(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        index = next(each for each in models.Payment._meta.constraints if each.name == models.ONE_OPEN)
        monkeypatch.setattr(module, "_read", _slowly(module._read))
        with connection.schema_editor() as editor:
            editor.remove_constraint(models.Payment, index)
        try:
            row = self.held(make_service(), 0)
            in_sessions([partial(Till(datetime.now(UTC)).start, row.id)] * self.CALLS)
            assert models.Payment.objects.filter(appointment_id=row.id).count() > 1
        finally:
            restore_seeds_only()
            with connection.schema_editor() as editor:
                editor.add_constraint(models.Payment, index)

    def test_news_of_one_payment_at_once_are_written_once(self) -> None:
        service = make_service()
        for number in range(self.ROUNDS):
            row = self.held(service, number)
            till = Till(datetime.now(UTC))
            view = till.start(row.id)
            till.provider.pay(till.provider_id(view.id))
            answers = in_sessions([partial(till.settle_payment, payment_id=view.id)] * self.CALLS)
            assert answers == [PaymentStatus.SUCCEEDED] * self.CALLS
            assert till.ledger(row.id) == [("payment", 450_000)]
            assert [event.name() for event in till.bus.rows] == ["PaymentSucceeded"]

    def test_receipts_planned_at_once_are_planned_once(self) -> None:
        service = make_service()
        for number in range(self.ROUNDS):
            row = self.held(service, number)
            till = Till(datetime.now(UTC))
            till.paid(row.id)
            Appointment.objects.filter(id=row.id).update(status="completed")
            plans = in_sessions([partial(till.plan_offset_receipts, appointment_id=row.id)] * self.CALLS)
            assert len({tuple(each) for each in plans}) == 1
            sent = in_sessions([partial(till.send_receipt, receipt_id=plans[0][0])] * self.CALLS)
            assert sent == [ReceiptStatus.SUCCEEDED] * self.CALLS
            assert len(till.provider.receipts) == 1

    @staticmethod
    def held(service: Any, number: int) -> Appointment:
        start = next_monday(number % 20, weeks=1 + number // 20)
        return make_appointment(service=service, start=start, status="pending_payment")


def _slowly(read: Any) -> Any:
    def slow(rows: Any) -> Any:
        found = read(rows)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.1)")
        return found

    return slow
