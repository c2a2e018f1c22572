"""The database's own guards: each refuses what its rule forbids, and nothing else would have."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module
from itertools import product
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from apps.payments.domain import payment as payment_domain
from apps.payments.domain import refund as refund_domain
from apps.payments.domain.payment import PaymentStatus
from apps.payments.domain.refund import RefundStatus
from apps.payments.infrastructure import models
from tests.booking.factories import make_appointment, make_client
from tests.payments.rows import enter, make_alert, make_payment, make_refund

pytestmark = pytest.mark.django_db
FROZEN = import_module("apps.payments.migrations.0002_guards")


def pay(**values: Any) -> models.Payment:
    return make_payment(make_appointment(), **values)


def change(**values: object) -> Callable[[], object]:
    """A payment, changed by a bare UPDATE that no code of ours has checked."""
    return lambda: models.Payment.objects.filter(id=pay().id).update(**values)


def change_refund(**values: object) -> Callable[[], object]:
    return lambda: models.Refund.objects.filter(id=make_refund(pay()).id).update(**values)


def change_client() -> object:
    return change(client=make_client())()


def move_refund() -> object:
    return change_refund(payment=pay())()


def pay_twice() -> None:
    appointment = make_appointment(status="pending_payment")
    for _ in range(2):
        make_payment(appointment, status="pending")


def one_key_for_two() -> None:
    for _ in range(2):
        pay(idempotence_key="the-same")


def one_name_for_two() -> None:
    for _ in range(2):
        pay(provider_id="the-same")


def refunds(*amounts: int, **values: Any) -> Callable[[], object]:
    def write() -> None:
        payment = pay(**{"amount_minor": 450_000, **values})
        for amount in amounts:
            make_refund(payment, amount_minor=amount)

    return write


def refund_twice(**values: object) -> Callable[[], object]:
    def write() -> None:
        payment = pay()
        for _ in range(2):
            make_refund(payment, **values)

    return write


def receipt(payment: models.Payment | None = None, **values: object) -> models.Receipt:
    return models.Receipt.objects.create(
        **{
            "payment": payment or pay(),
            "kind": "offset",
            "status": "pending",
            "amount_minor": 450_000,
            "items": [],
            "idempotence_key": "key",
            "created_at": timezone.now(),
            **values,
        }
    )


def receipt_twice() -> None:
    payment = pay()
    for _ in range(2):
        receipt(payment)


def one_receipt_for_two() -> None:
    for _ in range(2):
        receipt(provider_id="the-same")


def enter_twice() -> None:
    appointment, source = make_appointment(), uuid4()
    for _ in range(2):
        enter(appointment, "payment", 1, source_id=source)


def alert_twice() -> None:
    for _ in range(2):
        make_alert(reference="the-same")


def alert_backwards() -> object:
    now = timezone.now()
    return make_alert(first_at=now, last_at=now - timedelta(seconds=1))


@dataclass(frozen=True)
class Guard:
    """A constraint (or a trigger that names itself like one) and a write that breaks it alone."""

    name: str
    breaks: Callable[[], object]
    table: str = "payment"
    trigger: str = ""
    is_index: bool = False

    def drop(self) -> None:
        table = f"payments_{self.table}"
        what = f"ALTER TABLE {table} DROP CONSTRAINT {self.real_name}"
        if self.trigger:
            what = f"DROP TRIGGER {self.trigger} ON {table}"
        elif self.is_index:
            what = f"DROP INDEX {self.name}"
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(what)

    @property
    def real_name(self) -> str:
        """Of ``column UNIQUE`` Django makes up the name."""
        if not self.name.endswith("_key"):
            return self.name
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'u' "
                "AND conname LIKE %s",
                [f"payments_{self.table}", self.name.removesuffix("_key") + "%"],
            )
            return cursor.fetchone()[0]


PAYMENT_GUARD, REFUND_GUARD = "payments_payment_guard", "payments_refund_guard"
TERMS, REFUND_TERMS, SUM = "payment_terms_fixed", "refund_terms_fixed", "refunds_within_payment"
GUARDS = [
    Guard("payment_one_open", pay_twice, is_index=True),
    Guard("payment_amount_positive", lambda: pay(amount_minor=0)),
    Guard("payment_status_known", lambda: pay(status="lost")),
    Guard("payment_kind_known", lambda: pay(kind="tip")),
    Guard("payment_succeeded_at_the_provider", lambda: pay(provider_id=None)),
    Guard("payment_succeeded_at_the_provider", lambda: pay(settled_at=None)),
    Guard("payment_not_taken_has_arrived", lambda: pay(status="failed", not_taken="closed")),
    Guard("payments_payment_idempotence_key_key", one_key_for_two),
    Guard("payments_payment_provider_id_key", one_name_for_two),
    Guard(TERMS, change(amount_minor=1), trigger=PAYMENT_GUARD),
    Guard(TERMS, change(currency="USD"), trigger=PAYMENT_GUARD),
    Guard(TERMS, change(appointment_id=uuid4()), trigger=PAYMENT_GUARD),
    Guard(TERMS, change(idempotence_key="another"), trigger=PAYMENT_GUARD),
    Guard(TERMS, change(provider_id="another"), trigger=PAYMENT_GUARD),
    Guard(TERMS, change_client, trigger=PAYMENT_GUARD),
    Guard("refund_amount_positive", refunds(0), "refund"),
    Guard("refund_status_known", refund_twice(status="lost"), "refund"),
    Guard("payments_refund_idempotence_key_key", refund_twice(idempotence_key="the-same"), "refund"),
    Guard("payments_refund_provider_id_key", refund_twice(provider_id="the-same"), "refund"),
    Guard(REFUND_TERMS, change_refund(amount_minor=1), "refund", REFUND_GUARD),
    Guard(REFUND_TERMS, change_refund(idempotence_key="another"), "refund", REFUND_GUARD),
    Guard(REFUND_TERMS, move_refund, "refund", REFUND_GUARD),
    Guard(SUM, refunds(450_001), "refund", REFUND_GUARD),
    Guard(SUM, refunds(225_000, 225_001), "refund", REFUND_GUARD),
    Guard(SUM, refunds(1, status="pending"), "refund", REFUND_GUARD),
    Guard(SUM, refunds(1, status="canceled"), "refund", REFUND_GUARD),
    Guard("receipt_once", receipt_twice, "receipt"),
    Guard("receipt_kind_known", lambda: receipt(kind="lost"), "receipt"),
    Guard("receipt_status_known", lambda: receipt(status="lost"), "receipt"),
    Guard("payments_receipt_provider_id_key", one_receipt_for_two, "receipt"),
    Guard("ledger_entry_once", enter_twice, "ledgerentry"),
    Guard("ledger_amount_positive", lambda: enter(make_appointment(), "payment", 0), "ledgerentry"),
    Guard("ledger_kind_known", lambda: enter(make_appointment(), "gift", 1), "ledgerentry"),
    Guard("payment_alert_open_once", alert_twice, "paymentalert", is_index=True),
    Guard("payment_alert_times_in_order", alert_backwards, "paymentalert"),
]
NUMBERED = [pytest.param(guard, id=f"{guard.name}-{number}") for number, guard in enumerate(GUARDS)]


@pytest.mark.parametrize("guard", NUMBERED)
def test_the_guard_refuses_what_breaks_its_rule(guard: Guard) -> None:
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        guard.breaks()
    assert refusal.value.__cause__.diag.constraint_name == guard.real_name


@pytest.mark.parametrize("guard", NUMBERED)
def test_without_the_guard_it_would_have_been_written(guard: Guard) -> None:
    guard.drop()
    with transaction.atomic():
        guard.breaks()


def test_refunds_up_to_the_kopeck_and_after_a_refusal_are_written() -> None:
    refunds(225_000, 225_000)()
    payment = pay()
    make_refund(payment, amount_minor=450_000, status="failed")
    make_refund(payment, amount_minor=450_000)


def test_a_payment_that_has_ended_makes_room_for_the_next() -> None:
    appointment = make_appointment(status="pending_payment")
    for status in ("failed", "canceled", "pending"):
        make_payment(appointment, status=status)
    make_payment(appointment, status="pending", kind="deposit")
    make_payment(appointment, status="pending", amount_minor=1)


class TestTransitions:
    @pytest.mark.parametrize(("old", "new"), list(product(PaymentStatus, PaymentStatus)), ids=str)
    def test_the_database_allows_exactly_what_the_domain_allows_of_payments(
        self, old: PaymentStatus, new: PaymentStatus
    ) -> None:
        row = pay(status=old.value, provider_id=str(uuid4()), settled_at=timezone.now())
        allowed = new is old or new in payment_domain.ALLOWED[old]
        self.move(models.Payment, row, new.value, allowed, "payment_transition_allowed")

    @pytest.mark.parametrize(("old", "new"), list(product(RefundStatus, RefundStatus)), ids=str)
    def test_the_database_allows_exactly_what_the_domain_allows_of_refunds(
        self, old: RefundStatus, new: RefundStatus
    ) -> None:
        row = make_refund(pay(), status=old.value)
        allowed = new is old or new in refund_domain.ALLOWED[old]
        self.move(models.Refund, row, new.value, allowed, "refund_transition_allowed")

    @staticmethod
    def move(model: Any, row: Any, new: str, allowed: bool, guard: str) -> None:
        change = model.objects.filter(id=row.id).update
        if allowed:
            assert change(status=new) == 1
        else:
            with pytest.raises(IntegrityError) as refusal, transaction.atomic():
                change(status=new)
            assert refusal.value.__cause__.diag.constraint_name == guard

    def test_without_the_triggers_what_has_ended_could_be_reopened(self) -> None:
        payment = pay()
        refund = make_refund(payment)
        Guard("", print, "payment", PAYMENT_GUARD).drop()
        Guard("", print, "refund", REFUND_GUARD).drop()
        assert models.Payment.objects.filter(id=payment.id).update(status="pending") == 1
        assert models.Refund.objects.filter(id=refund.id).update(status="requested") == 1

    @pytest.mark.parametrize(
        ("frozen", "domain"),
        [(FROZEN.PAYMENTS, payment_domain.ALLOWED), (FROZEN.REFUNDS, refund_domain.ALLOWED)],
        ids=["payments", "refunds"],
    )
    def test_the_frozen_tables_of_the_migration_are_the_domains(self, frozen: Any, domain: Any) -> None:
        assert {old: sorted(news) for old, news in frozen.items()} == {
            old.value: sorted(new.value for new in followers)
            for old, followers in domain.items()
            if followers
        }

    def test_a_name_at_the_provider_may_be_learned_once(self) -> None:
        row = pay(status="pending", provider_id=None)
        assert models.Payment.objects.filter(id=row.id).update(provider_id="learned") == 1


class TestLedger:
    """The ledger takes new entries only."""

    @pytest.fixture
    def entry(self) -> models.LedgerEntry:
        entry = enter(make_appointment(), "payment", 450_000)
        _execute("SET CONSTRAINTS ALL IMMEDIATE")
        return entry

    ATTACKS = (
        lambda entry: models.LedgerEntry.objects.filter(id=entry.id).update(amount_minor=1),
        lambda entry: entry.delete(),
        lambda entry: _execute("DELETE FROM payments_ledgerentry"),
        lambda entry: _execute("TRUNCATE payments_ledgerentry"),
    )
    NAMES = ("update", "delete", "raw delete", "truncate")

    @pytest.mark.parametrize("attack", ATTACKS, ids=NAMES)
    def test_an_entry_can_be_neither_changed_nor_removed(
        self, entry: models.LedgerEntry, attack: Callable[[models.LedgerEntry], object]
    ) -> None:
        id_ = entry.id
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            attack(entry)
        assert models.LedgerEntry.objects.get(id=id_).amount_minor == 450_000

    @pytest.mark.parametrize("attack", ATTACKS, ids=NAMES)
    def test_without_the_triggers_it_could(
        self, entry: models.LedgerEntry, attack: Callable[[models.LedgerEntry], object]
    ) -> None:
        id_ = entry.id
        for trigger in ("payments_ledgerentry_rows_stay", "payments_ledgerentry_table_stays"):
            Guard("", print, "ledgerentry", trigger).drop()
        attack(entry)
        assert not models.LedgerEntry.objects.filter(id=id_, amount_minor=450_000).exists()


def _execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_every_constraint_of_the_tables_has_a_test_here() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid "
            "WHERE relname LIKE 'payments_%%' AND contype IN ('c', 'u', 'x') AND conname NOT LIKE '%%_check'"
        )
        named = {row[0] for row in cursor.fetchall()}
    assert named == {guard.real_name for guard in GUARDS if not guard.trigger and not guard.is_index}
