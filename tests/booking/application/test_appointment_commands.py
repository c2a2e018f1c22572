"""What may be done to a booked appointment: by its client, by the specialist, by nobody else."""

from collections.abc import Callable
from typing import Any

import pytest

from apps.booking.application.views import AppointmentView
from apps.booking.domain.appointment import AppointmentNotFound
from apps.booking.domain.cancellation import CanceledBy, RefundRule
from apps.booking.domain.lifecycle import (
    AlreadyCanceled,
    AppointmentStatus,
    HoldExpired,
    TransitionNotAllowed,
)
from apps.booking.domain.outcome import Outcome, OutcomeBeforeStart, ReasonCategory
from apps.booking.domain.outside_payment import PaymentAmountOutOfRange, PaymentMethod
from apps.booking.domain.rescheduling import SameTime
from apps.booking.domain.service import ServiceStatus
from apps.booking.domain.slots import SlotTaken, SlotUnavailable
from apps.kernel.domain.errors import StaleVersion
from apps.kernel.domain.money import Money
from tests.booking.application.practice import CLIENT, OWNER, STRANGER, Practice
from tests.booking.domain_objects import (
    HOUR,
    LATER,
    MINUTE,
    NOW,
    PRICE,
    START,
    STRANGER_ID,
    booked,
    terms,
)

S = AppointmentStatus


def move(practice: Practice, view: AppointmentView, **values: Any) -> AppointmentView:
    return practice.reschedule_appointment(
        **{"appointment_id": view.id, "actor": CLIENT, "by": CanceledBy.CLIENT, "start": LATER, **values}
    )


def cancel(practice: Practice, view: AppointmentView, **values: Any) -> AppointmentView:
    return practice.cancel_appointment(
        **{
            "appointment_id": view.id,
            "actor": CLIENT,
            "by": CanceledBy.CLIENT,
            "reason": ReasonCategory.HEALTH,
            **values,
        }
    )


def pay(practice: Practice, view: AppointmentView, **values: Any) -> AppointmentView:
    return practice.record_outside_payment(
        **{
            "appointment_id": view.id,
            "actor": OWNER,
            "amount": PRICE,
            "method": PaymentMethod.CARD,
            **values,
        }
    )


def close(practice: Practice, view: AppointmentView, **values: Any) -> AppointmentView:
    return practice.record_outcome(
        **{
            "appointment_id": view.id,
            "actor": OWNER,
            "outcome": Outcome.ATTENDED,
            "reason": ReasonCategory.NONE,
            "notes": "",
            **values,
        }
    )


def extend(practice: Practice, view: AppointmentView, **values: Any) -> AppointmentView:
    return practice.extend_hold(**{"appointment_id": view.id, "actor": CLIENT, **values})


def accept(practice: Practice, view: AppointmentView, **values: Any) -> AppointmentView:
    return practice.accept_request(**{"appointment_id": view.id, "actor": OWNER, **values})


def decline(practice: Practice, view: AppointmentView, **values: Any) -> AppointmentView:
    return practice.decline_request(**{"appointment_id": view.id, "actor": OWNER, **values})


COMMANDS = [move, cancel, pay, close, extend, accept, decline]


class TestWhoMayReachAnAppointment:
    @pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.__name__)
    def test_to_another_client_it_does_not_exist(self, practice: Practice, command: Callable) -> None:
        view = practice.book()
        with pytest.raises(AppointmentNotFound):
            command(practice, view, actor=STRANGER)
        assert practice.kept(view.id).status is S.PENDING_PAYMENT
        assert practice.bus.names() == ["AppointmentHeld"]

    def test_nor_can_they_preview_its_cancellation(self, practice: Practice) -> None:
        view = practice.book()
        with pytest.raises(AppointmentNotFound):
            practice.preview_cancellation(appointment_id=view.id, actor=STRANGER, by=CanceledBy.CLIENT)

    def test_staff_reach_everybodys(self, practice: Practice) -> None:
        assert cancel(practice, practice.book(), actor=OWNER).status is S.CANCELED


class TestAStalePage:
    @pytest.mark.parametrize(
        "command", [move, cancel, pay, close, accept, decline], ids=lambda command: command.__name__
    )
    def test_is_told_and_nothing_is_overwritten(self, practice: Practice, command: Callable) -> None:
        view = practice.book()
        extend(practice, view)
        with pytest.raises(StaleVersion):
            command(practice, view, expected_version=1)
        assert practice.kept(view.id).version == 2
        assert practice.bus.names() == ["AppointmentHeld", "HoldExtended"]

    def test_a_fresh_page_is_obeyed(self, practice: Practice) -> None:
        assert pay(practice, practice.book(), expected_version=1).status is S.CONFIRMED


class TestRequests:
    @pytest.fixture
    def view(self, practice: Practice) -> AppointmentView:
        practice.offer(requires_confirmation=True)
        return practice.book()

    def test_an_accepted_one_waits_for_payment(self, practice: Practice, view: AppointmentView) -> None:
        practice.clock.pass_(HOUR)
        accepted = accept(practice, view)
        assert (accepted.status, accepted.hold_expires_at) == (S.PENDING_PAYMENT, NOW + 25 * HOUR)
        assert practice.appointments.timeline == [
            ("AppointmentRequested", "client"),
            ("AppointmentHeld", "owner"),
        ]

    def test_a_declined_one_frees_its_time(self, practice: Practice, view: AppointmentView) -> None:
        assert decline(practice, view).status is S.DECLINED
        assert practice.bus.names()[-2:] == ["AppointmentDeclined", "SlotFreed"]
        assert practice.book().status is S.REQUESTED

    def test_one_that_nobody_answered_is_shown_as_declined(
        self, practice: Practice, view: AppointmentView
    ) -> None:
        practice.clock.pass_(24 * HOUR)
        kept = practice.kept(view.id)
        assert kept.status is S.REQUESTED
        shown = AppointmentView.of(kept, now=practice.clock.now())
        assert (shown.status, shown.amount_due) == (S.DECLINED, Money(0))
        with pytest.raises(HoldExpired):
            accept(practice, view)


class TestHolds:
    def test_an_extension_is_shown(self, practice: Practice) -> None:
        extended = extend(practice, practice.book())
        assert (extended.hold_expires_at, extended.hold_extended) == (NOW + 40 * MINUTE, True)

    def test_an_overdue_one_is_shown_as_expired_though_nobody_wrote_it_down(self, practice: Practice) -> None:
        view = practice.book()
        practice.clock.pass_(20 * MINUTE)
        shown = AppointmentView.of(practice.kept(view.id), now=practice.clock.now())
        assert (shown.status, shown.amount_due) == (S.EXPIRED, Money(0))

    @pytest.mark.parametrize("command", [extend, pay, cancel], ids=lambda command: command.__name__)
    def test_an_overdue_one_takes_nothing_any_more(self, practice: Practice, command: Callable) -> None:
        view = practice.book()
        practice.clock.pass_(20 * MINUTE)
        with pytest.raises(HoldExpired):
            command(practice, view)
        assert practice.kept(view.id).version == 1


class TestOutsidePayments:
    def test_one_confirms_and_is_written_with_the_one_who_recorded_it(self, practice: Practice) -> None:
        paid = pay(practice, practice.book())
        assert (paid.status, paid.paid, paid.amount_due) == (S.CONFIRMED, PRICE, Money(0))
        assert practice.appointments.timeline[1:] == [
            ("OutsidePaymentRecorded", "owner"),
            ("AppointmentConfirmed", "owner"),
        ]

    def test_a_wrong_amount_changes_nothing(self, practice: Practice) -> None:
        view = practice.book()
        with pytest.raises(PaymentAmountOutOfRange):
            pay(practice, view, amount=Money(1))
        assert practice.kept(view.id).paid == Money(0)


class TestMoving:
    def test_it_takes_the_new_time_and_frees_the_old_one(self, practice: Practice) -> None:
        view = practice.book_and_pay()
        moved = move(practice, view)
        assert (moved.start, moved.reschedule_count, moved.status) == (LATER, 1, S.CONFIRMED)
        assert practice.book(actor=STRANGER).start == START

    def test_the_old_time_is_kept_when_the_new_one_is_taken(self, practice: Practice) -> None:
        view = practice.book_and_pay()
        practice.book(start=LATER)
        with pytest.raises(SlotTaken):
            move(practice, view)
        kept = practice.kept(view.id)
        assert (kept.period.start, kept.reschedule_count, kept.version) == (START, 0, 2)
        assert "AppointmentRescheduled" not in practice.bus.names()

    @pytest.mark.parametrize("start", [LATER + 7 * MINUTE, START.replace(hour=2), NOW - HOUR])
    def test_the_old_time_is_kept_when_the_new_one_is_not_on_offer(
        self, practice: Practice, start: object
    ) -> None:
        view = practice.book_and_pay()
        with pytest.raises(SlotUnavailable):
            move(practice, view, start=start)
        assert practice.kept(view.id).period.start == START

    def test_the_old_time_is_kept_when_somebody_was_faster_by_a_moment(self, practice: Practice) -> None:
        view = practice.book_and_pay()
        faster = booked(start=LATER, client_id=STRANGER_ID, appointment_id=STRANGER_ID)
        practice.appointments.queue_for_time = lambda **_: None

        def take_it(**_: Any) -> Any:
            answer = type(practice.appointments).occupancy(practice.appointments, **_)
            practice.appointments.add(faster, actor=STRANGER)
            return answer

        practice.appointments.occupancy = take_it
        with pytest.raises(SlotTaken):
            move(practice, view)
        assert practice.kept(view.id).period.start == START

    def test_it_may_move_into_the_time_that_it_takes_itself(self, practice: Practice) -> None:
        view = practice.book_and_pay()
        assert move(practice, view, start=START + 30 * MINUTE).start == START + 30 * MINUTE

    def test_it_keeps_the_length_and_buffers_it_was_booked_with(self, practice: Practice) -> None:
        view = practice.book_and_pay()
        practice.offer(terms=terms(duration=90 * MINUTE, buffer_after=30 * MINUTE))
        practice.book(start=START + 2 * HOUR)
        # Ends, with the old buffer, exactly where the longer session begins.
        moved = move(practice, view, start=START + HOUR)
        assert moved.end - moved.start == 50 * MINUTE

    def test_a_full_day_does_not_hinder_a_move_within_it(self, practice: Practice) -> None:
        practice.limit_days_to(1)
        assert move(practice, practice.book_and_pay()).start == LATER

    def test_it_works_for_a_service_that_has_been_archived(self, practice: Practice) -> None:
        view = practice.book_and_pay()
        practice.offer(status=ServiceStatus.ARCHIVED)
        assert move(practice, view, actor=OWNER, by=CanceledBy.SPECIALIST).start == LATER

    def test_onto_itself_and_before_payment_it_is_refused(self, practice: Practice) -> None:
        view = practice.book()
        with pytest.raises(TransitionNotAllowed):
            move(practice, view)
        pay(practice, view)
        with pytest.raises(SameTime):
            move(practice, view, start=START)

    def test_an_expired_hold_in_the_way_gives_place(self, practice: Practice) -> None:
        view = practice.book_and_pay()
        hold = practice.book(start=LATER)
        practice.clock.pass_(20 * MINUTE)
        assert move(practice, view).start == LATER
        assert practice.kept(hold.id).status is S.EXPIRED


class TestCanceling:
    def test_the_preview_is_what_then_happens(self, practice: Practice) -> None:
        view = practice.book_and_pay()
        practice.clock.instant = START - 20 * HOUR
        shown = practice.preview_cancellation(appointment_id=view.id, actor=CLIENT, by=CanceledBy.CLIENT)
        assert (shown.rule, shown.refund) == (RefundRule.HALF, Money(225_000))
        assert practice.kept(view.id).status is S.CONFIRMED
        canceled = cancel(practice, view)
        assert (canceled.status, canceled.refund) == (S.CANCELED, Money(225_000))

    def test_the_time_is_free_again(self, practice: Practice) -> None:
        cancel(practice, practice.book_and_pay())
        assert practice.bus.names()[-2:] == ["AppointmentCanceled", "SlotFreed"]
        assert practice.book(actor=STRANGER).status is S.PENDING_PAYMENT

    def test_twice_is_told(self, practice: Practice) -> None:
        view = practice.book_and_pay()
        cancel(practice, view)
        with pytest.raises(AlreadyCanceled):
            cancel(practice, view)
        with pytest.raises(AlreadyCanceled):
            practice.preview_cancellation(appointment_id=view.id, actor=CLIENT, by=CanceledBy.CLIENT)
        assert practice.kept(view.id).refund == PRICE


class TestOutcomes:
    def test_before_the_start_is_refused(self, practice: Practice) -> None:
        view = practice.book_and_pay()
        with pytest.raises(OutcomeBeforeStart):
            close(practice, view)
        assert practice.kept(view.id).outcomes == []

    def test_after_it_the_session_is_closed_with_its_notes(self, practice: Practice) -> None:
        view = practice.book_and_pay()
        practice.clock.instant = START + HOUR
        assert close(practice, view, notes="Домашнее задание").status is S.COMPLETED
        [record] = practice.kept(view.id).outcomes
        assert (record.notes, record.recorded_by) == ("Домашнее задание", OWNER.user_id)
        assert "Домашнее" not in repr(practice.bus.rows)


class TestReleasingWhatIsOverdue:
    def test_expires_holds_and_declines_requests_one_by_one(self, practice: Practice) -> None:
        hold = practice.book()
        practice.offer(requires_confirmation=True)
        request = practice.book(start=LATER)
        practice.clock.pass_(24 * HOUR)
        assert practice.release_overdue() == 2
        assert practice.kept(hold.id).status is S.EXPIRED
        assert practice.kept(request.id).status is S.DECLINED
        assert practice.appointments.timeline[2:] == [
            ("AppointmentExpired", "system"),
            ("SlotFreed", "system"),
            ("AppointmentDeclined", "system"),
            ("SlotFreed", "system"),
        ]
        assert practice.unit_of_work.committed == 4

    def test_leaves_the_rest_alone_and_finds_nothing_the_second_time(self, practice: Practice) -> None:
        confirmed = practice.book_and_pay()
        fresh = practice.book(start=LATER)
        assert practice.release_overdue() == 0
        practice.clock.pass_(20 * MINUTE)
        assert practice.release_overdue() == 1
        assert practice.release_overdue() == 0
        assert practice.kept(confirmed.id).status is S.CONFIRMED
        assert practice.kept(fresh.id).status is S.EXPIRED

    def test_passes_over_one_that_was_paid_since_it_was_listed(self, practice: Practice) -> None:
        view = practice.book()
        practice.clock.pass_(20 * MINUTE)
        listed = practice.appointments.overdue(now=practice.clock.now(), limit=5)
        assert listed == [view.id]
        practice.clock.pass_(-MINUTE)
        pay(practice, view)
        practice.clock.pass_(MINUTE)
        practice.appointments.overdue = lambda **_: listed
        assert practice.release_overdue() == 0
        assert practice.kept(view.id).status is S.CONFIRMED
