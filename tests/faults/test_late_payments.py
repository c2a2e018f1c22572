"""Late money and new bookings want the same time at the same moment: one of them gets it."""

from collections.abc import Callable, Iterator
from functools import partial
from uuid import uuid4

import pytest
from django.db import connection

from apps.booking import facade
from apps.booking.application.ports import GivenConsents
from apps.booking.application.views import AppointmentView
from apps.booking.domain.appointment import Origin
from apps.booking.domain.service import MeetingFormat
from apps.booking.domain.slots import SlotTaken
from apps.booking.infrastructure import models
from apps.booking.infrastructure.models.appointment import NO_OVERLAP
from apps.booking.infrastructure.repositories.appointments import PostgresAppointmentRepository
from apps.kernel.domain.actor import Actor
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
from tests.clean_database import restore_seeds_only
from tests.counts import examples
from tests.faults.crowd import in_sessions

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = examples(bounded=5, full=60)
PRICE = Money(450_000)


class Race:
    """An ended hold, its late money and a client who books its time."""

    def __init__(self, number: int, service: models.Service, client_id: object, status: str) -> None:
        self.service, self.client_id = service, client_id
        self.row = make_appointment(service=service, start=next_monday(2 * number % 24), status=status)
        over = self.row.hold_expires_at or self.row.created_at
        self.practice = PracticeOnAClock(over)

    def pay(self) -> facade.PaymentTaken:
        return facade._taken(
            partial(
                self.practice.receive_payment,
                appointment_id=self.row.id,
                payment_id=uuid4(),
                amount=PRICE,
                at=self.practice.clock.now(),
            )
        )

    def book(self) -> AppointmentView:
        return self.practice.book_appointment(
            actor=Actor(user_id=self.client_id, role="client"),
            client_id=self.client_id,
            service_slug=self.service.slug,
            start=self.row.start,
            meeting_format=MeetingFormat.ONLINE,
            time_zone="Europe/Moscow",
            given=GivenConsents(documents=[], evidence={}),
            origin=Origin(),
        )

    def active(self) -> int:
        return models.Appointment.objects.filter(
            start=self.row.start, status__in=["pending_payment", "confirmed"]
        ).count()


def races(status: str) -> Iterator[Race]:
    specialist = make_specialist()
    make_hours(specialist, start="00:00", end="24:00")
    service = make_service(specialist, slot_step_minutes=60)
    client = consented_client()
    for number in range(ROUNDS):
        race = Race(number, service, client.id, status)
        yield race
        _move_away(race)


def _move_away(race: Race) -> None:
    """Free the time again, so that a later round may use it."""
    models.Appointment.objects.filter(start=race.row.start, status="pending_payment").update(status="expired")
    models.Appointment.objects.filter(start=race.row.start, status="confirmed").update(status="completed")


@pytest.mark.parametrize("status", ["expired", "pending_payment"])
def test_late_money_and_many_who_book_its_time(status: str) -> None:
    for race in races(status):
        paid, *booked = in_sessions([race.pay, *[race.book] * 4])
        assert isinstance(paid, facade.PaymentTaken)
        views = [each for each in booked if isinstance(each, AppointmentView)]
        assert all(isinstance(each, SlotTaken) for each in booked if each not in views)
        assert len(views) == (1 if paid.reason else 0)
        assert paid.reason in {"", "slot_taken"}
        race.row.refresh_from_db()
        assert race.row.status == ("expired" if paid.reason else "confirmed")
        assert race.row.paid_minor == (0 if paid.reason else PRICE.minor)
        assert race.active() == 1


def test_two_late_payments_for_one_time() -> None:
    for race in races("expired"):
        other = make_appointment(service=race.service, start=race.row.start, status="expired")
        rival = Race.__new__(Race)
        rival.__dict__.update({**race.__dict__, "row": other})
        answers = in_sessions([race.pay, rival.pay])
        assert sorted(each.reason for each in answers) == ["", "slot_taken"]
        assert race.active() == 1


@pytest.fixture
def constraint_dropped(transactional_db: None) -> Iterator[None]:
    constraint = next(each for each in models.Appointment._meta.constraints if each.name == NO_OVERLAP)
    with connection.schema_editor() as editor:
        editor.remove_constraint(models.Appointment, constraint)
    yield
    restore_seeds_only()
    with connection.schema_editor() as editor:
        editor.add_constraint(models.Appointment, constraint)


def test_the_queue_for_a_time_alone_sees_to_it(constraint_dropped: None) -> None:
    for race in races("expired"):
        paid, *booked = in_sessions([race.pay, *[race.book] * 4])
        assert (not paid.reason) + sum(isinstance(each, AppointmentView) for each in booked) == 1
        assert race.active() == 1


def test_control_without_both_the_time_is_given_away_twice(
    constraint_dropped: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PostgresAppointmentRepository, "queue_for_time", _nobody_queues(slowly=0.05))
    twice = 0
    for race in races("expired"):
        in_sessions([race.pay, *[race.book] * 4])
        twice += race.active() > 1
    assert twice


def _nobody_queues(*, slowly: float) -> Callable[..., None]:
    def queue_for_time(self: object, **values: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(%s)", [slowly])

    return queue_for_time
