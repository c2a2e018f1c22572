"""Two commands for one appointment at the same moment: one of them wins whole, the other is told so."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

import pytest

from apps.booking.application.ports import GivenConsents
from apps.booking.application.views import AppointmentView
from apps.booking.domain.appointment import Origin
from apps.booking.domain.cancellation import CanceledBy
from apps.booking.domain.lifecycle import AlreadyCanceled, TransitionNotAllowed
from apps.booking.domain.outcome import Outcome, ReasonCategory
from apps.booking.domain.outside_payment import PaymentAmountOutOfRange, PaymentMethod
from apps.booking.domain.service import MeetingFormat
from apps.booking.domain.slots import SlotTaken
from apps.booking.infrastructure import models
from apps.kernel.domain.actor import SYSTEM, Actor
from apps.kernel.domain.money import Money
from tests.booking.factories import (
    consented_client,
    make_appointment,
    make_hours,
    make_service,
    make_specialist,
    next_monday,
)
from tests.booking.infrastructure.practice_on_a_clock import PracticeOnAClock
from tests.counts import examples
from tests.faults.crowd import in_sessions

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = examples(bounded=6, full=60)
MINUTE = timedelta(minutes=1)
PRICE = Money(450_000)


def timeline(row: models.Appointment) -> list[str]:
    return list(row.timeline.order_by("id").values_list("event", flat=True))


@pytest.fixture
def service() -> models.Service:
    specialist = make_specialist()
    make_hours(specialist, start="00:00", end="24:00")
    return make_service(specialist)


def rounds(service: models.Service, **values: object) -> Iterator[models.Appointment]:
    """The same situation again and again, each at a time of its own."""
    for number in range(ROUNDS):
        start = next_monday(0) + 2 * number * timedelta(hours=1)
        yield make_appointment(service=service, start=start, **values)


def cancel(at: datetime, row: models.Appointment, by: CanceledBy) -> AppointmentView:
    return PracticeOnAClock(at).cancel_appointment(
        appointment_id=row.id, actor=SYSTEM, by=by, reason=ReasonCategory.EMERGENCY
    )


def close(at: datetime, row: models.Appointment) -> AppointmentView:
    return PracticeOnAClock(at).record_outcome(
        appointment_id=row.id,
        actor=SYSTEM,
        outcome=Outcome.ATTENDED,
        reason=ReasonCategory.NONE,
        notes="",
    )


def move(at: datetime, row: models.Appointment, by: CanceledBy, start: datetime) -> AppointmentView:
    return PracticeOnAClock(at).reschedule_appointment(
        appointment_id=row.id, actor=SYSTEM, by=by, start=start
    )


def pay(at: datetime, row: models.Appointment) -> AppointmentView:
    return PracticeOnAClock(at).record_outside_payment(
        appointment_id=row.id, actor=SYSTEM, amount=PRICE, method=PaymentMethod.CASH
    )


def test_a_payment_in_the_last_moment_and_the_worker_in_the_next(service: models.Service) -> None:
    for row in rounds(service, status="pending_payment"):
        last, over = row.hold_expires_at - timedelta(microseconds=1), row.hold_expires_at
        paid, released = in_sessions([partial(pay, last, row), PracticeOnAClock(over).release_overdue])
        row.refresh_from_db()
        if isinstance(paid, AppointmentView):
            assert (row.status, row.paid_minor, released) == ("confirmed", 450_000, 0)
            assert timeline(row) == ["OutsidePaymentRecorded", "AppointmentConfirmed"]
        else:
            assert isinstance(paid, TransitionNotAllowed)
            assert (row.status, row.paid_minor, released) == ("expired", 0, 1)
            assert timeline(row) == ["AppointmentExpired"]


def test_a_payment_recorded_twice_at_once_counts_once(service: models.Service) -> None:
    for row in rounds(service, status="pending_payment"):
        now = row.created_at + MINUTE
        first, second = in_sessions([partial(pay, now, row)] * 2)
        refusals = [each for each in (first, second) if isinstance(each, Exception)]
        assert [type(each) for each in refusals] == [PaymentAmountOutOfRange]
        row.refresh_from_db()
        assert (row.status, row.paid_minor) == ("confirmed", 450_000)


def test_a_cancellation_and_an_outcome(service: models.Service) -> None:
    for row in rounds(service):
        now = row.start + MINUTE
        canceled, closed = in_sessions(
            [partial(cancel, now, row, CanceledBy.SPECIALIST), partial(close, now, row)]
        )
        row.refresh_from_db()
        outcomes = list(row.outcomes.values_list("outcome", flat=True))
        if isinstance(canceled, AppointmentView):
            assert isinstance(closed, TransitionNotAllowed)
            assert (row.status, row.refund_minor, outcomes) == ("canceled", 450_000, ["canceled_by_provider"])
        else:
            assert isinstance(canceled, TransitionNotAllowed)
            assert (row.status, row.refund_minor, outcomes) == ("completed", 0, ["attended"])


def test_two_cancellations_refund_once(service: models.Service) -> None:
    for row in rounds(service):
        answers = in_sessions([partial(cancel, row.created_at, row, by) for by in CanceledBy])
        assert sorted(type(each) is AlreadyCanceled for each in answers) == [False, True]
        row.refresh_from_db()
        assert (row.status, row.refund_minor, row.outcomes.count()) == ("canceled", 450_000, 1)


def test_a_client_moves_while_the_specialist_moves(service: models.Service) -> None:
    for row in rounds(service):
        week = row.start + timedelta(days=7)
        answers = in_sessions(
            [
                partial(move, row.created_at, row, CanceledBy.CLIENT, week),
                partial(move, row.created_at, row, CanceledBy.SPECIALIST, week + timedelta(hours=1)),
            ]
        )
        # One after the other: both moves are allowed, the later one decides.
        assert all(isinstance(each, AppointmentView) for each in answers)
        row.refresh_from_db()
        assert row.outcomes.count() == 2
        assert row.reschedule_count == 1
        assert row.start in {answer.start for answer in answers}


def test_an_expired_hold_is_released_once_by_whoever_comes_first_and_its_time_taken_by_one(
    service: models.Service,
) -> None:
    client = consented_client()
    for hold in rounds(service, status="pending_payment"):
        practice = PracticeOnAClock(hold.hold_expires_at)

        def book(hold: models.Appointment = hold, practice: PracticeOnAClock = practice) -> AppointmentView:
            return practice.book_appointment(
                actor=Actor(user_id=client.id, role="client"),
                client_id=client.id,
                service_slug=service.slug,
                start=hold.start,
                meeting_format=MeetingFormat.ONLINE,
                time_zone="Europe/Moscow",
                given=GivenConsents(documents=[], evidence={}),
                origin=Origin(),
            )

        *answers, released = in_sessions([*[book] * 5, practice.release_overdue])
        assert isinstance(released, int)
        winners = [each for each in answers if isinstance(each, AppointmentView)]
        assert len(winners) == 1
        assert all(isinstance(each, SlotTaken) for each in answers if each not in winners)
        assert timeline(hold) == ["AppointmentExpired"]
        models.Appointment.objects.filter(id=winners[0].id).update(status="confirmed")
