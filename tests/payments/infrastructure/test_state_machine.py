"""Whatever clients, the practice, the provider and the network do in whatever order, the books are balanced.

Hypothesis invents the runs: it books, pays in time and late, fails, lets holds run out, cancels, moves,
refunds, closes; answers get lost before and after the provider has acted, notifications come late, twice and
in another order, events wait in the queue. PostgreSQL keeps the rows; the provider is the one in memory.
"""

from collections.abc import Callable
from contextlib import ExitStack, suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from apps.booking.application.ports import GivenConsents
from apps.booking.domain.appointment import Origin
from apps.booking.domain.cancellation import CanceledBy
from apps.booking.domain.outcome import Outcome, ReasonCategory
from apps.booking.domain.outside_payment import PaymentMethod
from apps.booking.domain.service import MeetingFormat
from apps.kernel.application.ports import TemporaryFailure
from apps.kernel.domain.actor import Actor
from apps.kernel.domain.errors import DomainError
from apps.kernel.domain.events import DomainEvent
from apps.kernel.domain.money import Money
from apps.payments.application.ports import OutcomeUnknown, ProviderStatus, Refused, TryAgain
from apps.payments.domain.payment import PaymentKind
from apps.payments.domain.refund import RefundReason
from apps.payments.infrastructure import models
from tests.booking.factories import consented_client, make_hours, make_service, make_specialist, make_staff
from tests.counts import property_settings
from tests.payments.balance import assert_books_are_balanced, assert_both_sides_agree
from tests.payments.till import Till

MOSCOW_NOON = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SERVICES = {"whole": None, "deposit": 100_000}
PRICE = 450_001
# Few places, so that bookings, ended holds and late money meet.
PLACES = [DAY + HOUR * hours for hours in (0, 1, 2, 3)] + [2 * DAY]
FAULTS = [OutcomeUnknown("no_answer"), OutcomeUnknown("internal_server_error"), TryAgain("too_many_requests")]
CALLS = ["", "create_payment", "create_refund", "create_refund", "create_receipt", "capture", "payment"]
PASSING = [MINUTE, 10 * MINUTE, 21 * MINUTE, 21 * MINUTE, HOUR, 5 * HOUR, 13 * HOUR, DAY]
REASONS = ["insufficient_funds", "card_expired", "expired_on_confirmation", "permission_revoked"]
MOST_ROUNDS = 30


class LifeOfATill(RuleBasedStateMachine):
    """One specialist with two services, one client, one owner; a provider with faults between us."""

    bookings = Bundle("bookings")

    def __init__(self) -> None:
        super().__init__()
        self.undo = ExitStack()
        self.undo.enter_context(transaction.atomic())
        self.undo.enter_context(connection.execute_wrapper(self.watch))
        self.written = False
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        client, owner = consented_client(), make_staff()
        self.client = Actor(user_id=client.id, role="client")
        self.owner = Actor(user_id=owner.id, role="owner")
        specialist = make_specialist()
        make_hours(specialist, start="00:00", end="24:00")
        for slug, deposit in SERVICES.items():
            make_service(
                specialist,
                slug=slug,
                price_minor=PRICE,
                deposit_minor=deposit,
                min_notice_hours=1,
                slot_step_minutes=60,
            )
        self.told: list[DomainEvent] = []
        self.hints: list[tuple[str, str]] = []

    @initialize(target=bookings, two_stage=st.booleans())
    def three_have_booked(self, two_stage: bool) -> Any:
        """One has paid the whole, one a deposit, one is about to pay.

        ``two_stage``: the provider reserves the money first, and it is captured where it is welcome."""
        self.till = Till(MOSCOW_NOON, two_stage=two_stage)
        self.practice = self.till.practice
        whole = self.a_client_books_and_pays_at_once("whole", PLACES[0], PaymentKind.FULL)
        deposit = self.a_client_books_and_pays_at_once("deposit", PLACES[1], PaymentKind.DEPOSIT)
        waiting = self.a_client_books("whole", PLACES[2])
        self.till.start(waiting)
        return multiple(whole, deposit, waiting)

    def teardown(self) -> None:
        try:
            self.everything_comes_to_its_end()
        finally:
            transaction.set_rollback(True)
            self.undo.close()

    def watch(self, execute: Callable[..., Any], sql: Any, *rest: Any) -> Any:
        """Note whether anything was written: looking at the books again is dear."""
        self.written = self.written or not str(sql).lstrip().startswith(("SELECT", "SAVEPOINT", "RELEASE"))
        return execute(sql, *rest)

    @property
    def now(self) -> datetime:
        return self.till.clock.now()

    def tried(self, command: Callable[..., Any], **values: Any) -> Any:
        """What a command answered; None where a rule or the network refused it."""
        with suppress(DomainError, TemporaryFailure):
            return command(**values)
        return None

    def collect(self) -> None:
        """What was told since, into the queue."""
        for bus in (self.till.bus, self.practice.bus):
            self.told += bus.rows
            bus.rows = []

    # --- the network and the clock ---

    @rule(passing=st.sampled_from(PASSING))
    def time_passes(self, passing: timedelta) -> None:
        self.till.clock.pass_(passing)

    @rule(
        fault=st.sampled_from(FAULTS),
        accepted=st.booleans(),
        times=st.integers(1, 3),
        method=st.sampled_from(CALLS),
    )
    def the_network_breaks(self, fault: Exception, accepted: bool, times: int, method: str) -> None:
        """``accepted``: the provider acts, and only its answer is lost."""
        lost = accepted and not isinstance(fault, TryAgain)
        self.till.provider.fail_next(fault, accepted=lost, times=times, method=method)

    @rule()
    def the_provider_refuses_the_next_refund(self) -> None:
        self.till.provider.fail_next(Refused("insufficient_funds"), method="create_refund")

    @rule(slow=st.booleans())
    def refunds_take_their_time(self, slow: bool) -> None:
        self.till.provider.refunds_settle_as = ProviderStatus.PENDING if slow else ProviderStatus.SUCCEEDED

    # --- what people do ---

    @rule(target=bookings, slug=st.sampled_from(sorted(SERVICES)), place=st.sampled_from(PLACES))
    def a_client_books(self, slug: str, place: timedelta) -> Any:
        morning = self.now.replace(hour=9, minute=0)
        view = self.tried(
            self.practice.book_appointment,
            actor=self.client,
            client_id=self.client.user_id,
            service_slug=slug,
            start=morning + place,
            meeting_format=MeetingFormat.ONLINE,
            time_zone="Asia/Omsk",
            given=GivenConsents(documents=[], evidence={}),
            origin=Origin(),
        )
        return multiple() if view is None else view.id

    @rule(target=bookings, slug=st.sampled_from(sorted(SERVICES)), place=st.sampled_from(PLACES),
          kind=st.sampled_from(PaymentKind))  # fmt: skip
    def a_client_books_and_pays_at_once(self, slug: str, place: timedelta, kind: PaymentKind) -> Any:
        id_ = self.a_client_books(slug, place)
        view = self.tried(self.till.start, appointment_id=id_, kind=kind) if isinstance(id_, UUID) else None
        if view is not None:
            paid = self.till.provider.pay(self.till.provider_id(view.id))
            self.hints.append(("payment.succeeded", paid.id))
            self.tried(self.till.settle_payment, payment_id=view.id)
        return id_

    @rule(id_=bookings, kind=st.sampled_from(PaymentKind), lost=st.booleans(), again=st.booleans())
    def a_client_starts_paying(self, id_: UUID, kind: PaymentKind, lost: bool, again: bool) -> None:
        """``lost``: the provider has opened the payment, and its answer does not come back."""
        if lost:
            self.till.provider.fail_next(accepted=True, method="create_payment")
        for _ in range(1 + again):
            self.tried(self.till.start, appointment_id=id_, kind=kind)

    @rule(which=st.integers(0, 9))
    def a_client_pays(self, which: int) -> None:
        """On the provider's page, however late; only who was shown the page can."""
        shown = [
            each
            for each in self.till.provider.payments.values()
            if each.status is ProviderStatus.PENDING
            and models.Payment.objects.filter(provider_id=each.id).exclude(confirmation_url="").exists()
        ]
        if shown:
            paid = shown[which % len(shown)]
            self.till.provider.pay(paid.id)
            self.hints.append(("payment.succeeded", paid.id))
            self.hints.append(("payment.waiting_for_capture", paid.id))

    @rule(which=st.integers(0, 9), reason=st.sampled_from(REASONS))
    def a_payment_fails(self, which: int, reason: str) -> None:
        waiting = [
            each
            for each in self.till.provider.payments.values()
            if each.status in {ProviderStatus.PENDING, ProviderStatus.WAITING_FOR_CAPTURE}
        ]
        if waiting:
            failed = waiting[which % len(waiting)]
            self.till.provider.cancel_payment(failed.id, reason=reason)
            self.hints.append(("payment.canceled", failed.id))

    @rule(id_=bookings, by=st.sampled_from(CanceledBy))
    def it_is_canceled(self, id_: UUID, by: CanceledBy) -> None:
        actor = self.client if by is CanceledBy.CLIENT else self.owner
        self.tried(
            self.practice.cancel_appointment,
            appointment_id=id_,
            actor=actor,
            by=by,
            reason=ReasonCategory.OTHER,
        )

    @rule(id_=bookings, place=st.sampled_from(PLACES))
    def it_is_moved(self, id_: UUID, place: timedelta) -> None:
        self.tried(
            self.practice.reschedule_appointment,
            appointment_id=id_,
            actor=self.owner,
            by=CanceledBy.SPECIALIST,
            start=self.now.replace(hour=9, minute=0) + place,
        )

    @rule(id_=bookings, outcome=st.sampled_from(Outcome))
    def its_outcome_is_recorded(self, id_: UUID, outcome: Outcome) -> None:
        self.tried(
            self.practice.record_outcome,
            appointment_id=id_,
            actor=self.owner,
            outcome=outcome,
            reason=ReasonCategory.NONE,
            notes="",
        )

    @rule(id_=bookings, amount=st.sampled_from([PRICE, 100_000, PRICE - 100_000, 1]))
    def money_comes_outside(self, id_: UUID, amount: int) -> None:
        self.tried(
            self.practice.record_outside_payment,
            appointment_id=id_,
            actor=self.owner,
            amount=Money(amount),
            method=PaymentMethod.CASH,
        )

    @rule(id_=bookings, amount=st.sampled_from([PRICE, 50_000, 1]))
    def money_goes_back_outside(self, id_: UUID, amount: int) -> None:
        self.tried(
            self.till.record_outside_refund,
            appointment_id=id_,
            actor=self.owner,
            amount=Money(amount),
            reason=RefundReason.OTHER,
        )

    @rule(which=st.integers(0, 9), share=st.sampled_from([1, 2, 3]), twice=st.booleans(), seen=st.booleans())
    def money_goes_back_by_hand(self, which: int, share: int, twice: bool, seen: bool) -> None:
        """Pressed ``twice``, with or without having ``seen`` what is left."""
        payments = list(models.Payment.objects.filter(status="succeeded").order_by("created_at", "id"))
        if not payments:
            return
        payment = payments[which % len(payments)]
        for _ in range(1 + twice):
            self.tried(
                self.till.refund_payment,
                actor=self.owner,
                payment_id=payment.id,
                amount=Money(payment.amount_minor // share),
                reason=RefundReason.GOODWILL,
                rest_seen=Money(payment.amount_minor) if seen else None,
            )

    @rule(accepted=st.booleans())
    def a_refund_is_carried_out_and_the_answer_is_lost(self, accepted: bool) -> None:
        waiting = models.Refund.objects.filter(status="requested").order_by("requested_at", "id").first()
        if waiting is not None:
            self.till.provider.fail_next(accepted=accepted, method="create_refund")
            self.tried(self.till.execute_refund, refund_id=waiting.id)

    # --- what machines do ---

    @rule()
    def the_worker_releases_what_is_over(self) -> None:
        self.practice.release_overdue()

    @rule()
    def the_minute_strikes(self) -> None:
        self.tried(self.till.settle_open_payments)

    @rule(which=st.integers(0, 99), times=st.integers(1, 3))
    def a_notification_comes(self, which: int, times: int) -> None:
        """Out of order, and more than once; hints stay, so that each may come again much later."""
        if self.hints:
            event, object_id = self.hints[which % len(self.hints)]
            for notification in [self.till.notification(event, object_id) for _ in range(times)]:
                self.tried(self.till.heed_notification, notification_id=notification)

    @rule(which=st.integers(0, 99), again=st.booleans())
    def an_event_is_heard(self, which: int, again: bool) -> None:
        """In any order, and perhaps once more later."""
        self.collect()
        if self.told:
            event = self.told[which % len(self.told)]
            with suppress(TemporaryFailure):
                self.till.hear(event)
                if not again:
                    self.told.remove(event)

    @rule()
    def the_queue_is_worked_off(self) -> None:
        """What fails waits for its next try."""
        self.collect()
        waiting, self.told = self.told, []
        for event in waiting:
            try:
                self.till.hear(event)
            except TemporaryFailure:
                self.told.append(event)

    @rule()
    def slow_refunds_arrive(self) -> None:
        for each in list(self.till.provider.refunds.values()):
            if each.status is ProviderStatus.PENDING:
                self.till.provider.settle_refund(each.id)
                self.hints.append(("refund.succeeded", each.id))

    @rule()
    def receipts_are_sent(self) -> None:
        for receipt_id in models.Receipt.objects.filter(kind="offset").values_list("id", flat=True):
            self.tried(self.till.send_receipt, receipt_id=receipt_id)

    # --- what always holds ---

    @invariant()
    def the_books_are_balanced(self) -> None:
        if self.written:
            assert_books_are_balanced()
            self.written = False

    @invariant()
    def nothing_is_given_back_above_what_was_paid_at_the_provider_either(self) -> None:
        for found in self.till.provider.payments.values():
            assert found.refunded <= found.amount

    @invariant()
    def no_receipt_is_registered_twice(self) -> None:
        orders = [order.payment_id for order in self.till.provider.receipt_orders.values()]
        assert len(orders) == len(set(orders))

    def everything_comes_to_its_end(self) -> None:
        """The network holds, the queue runs dry: then both sides agree, and nothing waits for ever."""
        self.till.provider._failures.clear()
        self.till.provider.refunds_settle_as = ProviderStatus.SUCCEEDED
        for _ in range(MOST_ROUNDS):
            self.slow_refunds_arrive()
            self.till.clock.pass_(2 * MINUTE)
            self.practice.release_overdue()
            self.till.settle_open_payments()
            self.collect()
            waiting, self.told = self.told, []
            for event in waiting:
                self.till.hear(event)
            self.collect()
            if not self.told:
                break
        else:
            raise AssertionError("the queue never runs dry")
        assert_both_sides_agree(self.till.provider)
        assert_books_are_balanced()
        assert not models.Payment.objects.filter(status="waiting_for_capture").exists()


@pytest.mark.django_db
def test_no_run_unbalances_the_books() -> None:
    run_state_machine_as_test(
        LifeOfATill,
        settings=settings(property_settings(bounded=10, full=2_000), stateful_step_count=25),
    )
