"""Repositories on PostgreSQL: what is saved is what is read, under locks, with the domain's own errors."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from psycopg import errors

from apps.booking.domain.appointment import Appointment, AppointmentNotFound, Origin
from apps.booking.domain.cancellation import CanceledBy
from apps.booking.domain.intake import IntakeForm
from apps.booking.domain.outcome import Outcome, ReasonCategory
from apps.booking.domain.outside_payment import PaymentMethod
from apps.booking.domain.repositories import Offering
from apps.booking.domain.schedule import DateOverride, OverrideKind, WeeklyHours
from apps.booking.domain.service import MeetingFormat, ServiceNotFound
from apps.booking.domain.slots import SlotTaken
from apps.booking.domain.waitlist import (
    PreferredContact,
    PreferredWindow,
    WaitlistRequest,
    WaitlistRequestNotFound,
    WaitlistStatus,
)
from apps.booking.infrastructure import mappers, models
from apps.booking.infrastructure.repositories.appointments import PostgresAppointmentRepository
from apps.booking.infrastructure.repositories.intake_forms import PostgresIntakeRepository
from apps.booking.infrastructure.repositories.offerings import PostgresOfferingRepository
from apps.booking.infrastructure.repositories.waitlist import PostgresWaitlistRepository
from apps.kernel.domain.actor import SYSTEM, Actor
from apps.kernel.domain.errors import StaleVersion
from apps.kernel.domain.period import Period
from tests.booking import domain_objects
from tests.booking.factories import (
    make_appointment,
    make_client,
    make_hours,
    make_intake_template,
    make_override,
    make_service,
    make_specialist,
    make_staff,
    next_monday,
)

appointments = PostgresAppointmentRepository()
offerings = PostgresOfferingRepository()
forms = PostgresIntakeRepository()
waitlist = PostgresWaitlistRepository()
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
SOON = {"first": date(2026, 11, 1), "last": date(2030, 1, 1)}


def values(entity: object) -> dict[str, object]:
    return {name: value for name, value in vars(entity).items() if name != "_events"}


def booked(service: models.Service, *, start: object = None, client_id: object = None) -> Appointment:
    offering = offerings.by_id(service.id, **SOON)
    return Appointment.book(
        id=uuid4(),
        new_id=uuid4,
        client_id=client_id or make_client().id,
        service=offering.service,
        specialist=offering.specialist,
        start=start or next_monday(12),
        meeting_format=MeetingFormat.ONLINE,
        time_zone="Asia/Omsk",
        origin=Origin(entry_point="site", topic="anxiety", deep_link_id="x1", utm={"source": "tg"}),
        now=timezone.now(),
    )


def actor_of(appointment: Appointment) -> Actor:
    return Actor(user_id=appointment.client_id, role="client")


def in_another_session[T](work: Callable[[], T]) -> T:
    """Run ``work`` in a transaction of its own, on a connection that waits 0.2 s for locks at most."""

    def run() -> T:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '200ms'")
                return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(run).result()


def waits(work: Callable[[], object]) -> bool:
    try:
        in_another_session(work)
    except OperationalError as error:
        if not isinstance(error.__cause__, errors.LockNotAvailable):
            raise
        return True
    return False


@pytest.mark.django_db
class TestAppointments:
    def test_a_new_one_is_read_back_whole(self) -> None:
        appointment = booked(make_service(buffer_before_minutes=5))
        appointments.add(appointment, actor=actor_of(appointment))
        assert values(appointments.get(appointment.id)) == values(appointment)

    def test_its_whole_life_is_saved_and_read_back(self) -> None:
        appointment = booked(make_service(deposit_minor=100_000))
        owner = Actor(user_id=make_staff().id, role="owner")
        appointments.add(appointment, actor=actor_of(appointment))
        now = timezone.now()
        appointment.record_outside_payment(
            amount=appointment.terms.due_to_confirm, method=PaymentMethod.CASH, new_id=uuid4, now=now
        )
        appointments.save(appointment, actor=owner)
        appointment.pull_events()
        appointment.reschedule(
            start=appointment.period.start + 2 * HOUR,
            by=CanceledBy.CLIENT,
            actor_id=appointment.client_id,
            new_id=uuid4,
            now=now,
        )
        appointments.save(appointment, actor=actor_of(appointment))
        appointment.pull_events()
        appointment.record_outcome(
            outcome=Outcome.ATTENDED,
            reason=ReasonCategory.NONE,
            notes="Заметка",
            actor_id=owner.user_id,
            new_id=uuid4,
            now=appointment.period.end,
        )
        appointments.save(appointment, actor=owner)
        read = appointments.get(appointment.id)
        assert values(read) == values(appointment)
        assert [record.outcome for record in read.outcomes] == [Outcome.RESCHEDULED, Outcome.ATTENDED]
        assert read.version == 4

    def test_the_timeline_tells_what_happened_when_and_by_whom(self) -> None:
        appointment = booked(make_service())
        appointments.add(appointment, actor=actor_of(appointment))
        appointment.pull_events()
        late = appointment.created_at + 20 * MINUTE
        appointment.expire(new_id=uuid4, now=late)
        appointments.save(appointment, actor=SYSTEM)
        held, expired = models.TimelineEntry.objects.order_by("id")
        assert (held.event, held.at, held.actor_id, held.actor_role) == (
            "AppointmentHeld",
            appointment.created_at,
            appointment.client_id,
            "client",
        )
        assert set(held.data) == {"start", "hold_expires_at"}
        assert (expired.event, expired.at, expired.actor_id, expired.actor_role) == (
            "AppointmentExpired",
            late,
            None,
            "system",
        )

    def test_one_saved_from_an_older_version_is_refused(self) -> None:
        appointment = booked(make_service())
        appointments.add(appointment, actor=SYSTEM)
        first, second = appointments.get(appointment.id), appointments.get(appointment.id)
        first.extend_hold(new_id=uuid4, now=timezone.now())
        appointments.save(first, actor=SYSTEM)
        second.extend_hold(new_id=uuid4, now=timezone.now())
        with pytest.raises(StaleVersion):
            appointments.save(second, actor=SYSTEM)
        assert values(appointments.get(appointment.id)) == values(first)

    def test_a_taken_time_is_the_domains_refusal_when_added_and_when_moved(self) -> None:
        service = make_service()
        make_appointment(service=service, start=next_monday(12))
        with pytest.raises(SlotTaken), transaction.atomic():
            appointments.add(booked(service), actor=SYSTEM)
        row = make_appointment(service=service, start=next_monday(15))
        moved = appointments.get(row.id)
        moved.reschedule(
            start=next_monday(12, 30),
            by=CanceledBy.SPECIALIST,
            actor_id=None,
            new_id=uuid4,
            now=timezone.now(),
        )
        with pytest.raises(SlotTaken), transaction.atomic():
            appointments.save(moved, actor=SYSTEM)
        assert appointments.get(row.id).period.start == next_monday(15)

    def test_other_refusals_of_the_database_are_not_taken_for_a_taken_time(self) -> None:
        appointment = booked(make_service())
        appointments.add(appointment, actor=SYSTEM)
        with pytest.raises(Exception, match="booking_appointment_pkey"), transaction.atomic():
            appointments.add(appointment, actor=SYSTEM)

    def test_one_of_another_client_or_of_nobody_does_not_exist(self) -> None:
        row = make_appointment()
        assert appointments.get(row.id, client_id=row.client_id).id == row.id
        with pytest.raises(AppointmentNotFound):
            appointments.get(row.id, client_id=make_client().id)
        with pytest.raises(AppointmentNotFound):
            appointments.get(uuid4())

    def test_overdue_ones_come_the_oldest_first_and_as_many_as_asked_for(self) -> None:
        now, service = timezone.now(), make_service()
        hold = {"service": service, "status": "pending_payment"}
        old = make_appointment(**hold, start=next_monday(10), hold_expires_at=now, created_at=now - HOUR)
        make_appointment(**hold, start=next_monday(12), hold_expires_at=now + MINUTE)
        older = make_appointment(
            service=service,
            status="requested",
            start=next_monday(14),
            answer_due_at=now - MINUTE,
            created_at=now - 2 * HOUR,
        )
        make_appointment(
            service=service, status="confirmed", start=next_monday(16), hold_expires_at=now - HOUR
        )
        make_appointment(service=service, status="expired", start=next_monday(16), hold_expires_at=now - HOUR)
        assert appointments.overdue(now=now, limit=10) == [older.id, old.id]
        assert appointments.overdue(now=now, limit=1) == [older.id]


@pytest.mark.django_db
class TestOccupancy:
    def test_active_ones_are_told_with_their_own_buffers_and_expired_waits_apart(self) -> None:
        now, service = timezone.now(), make_service(buffer_before_minutes=5)
        confirmed = make_appointment(service=service, start=next_monday(10))
        hold = make_appointment(service=service, start=next_monday(12), status="pending_payment")
        over = make_appointment(
            service=service, start=next_monday(14), status="pending_payment", hold_expires_at=now
        )
        unanswered = make_appointment(
            service=service, start=next_monday(16), status="requested", answer_due_at=now
        )
        make_appointment(service=service, start=next_monday(18), status="canceled")
        make_appointment(service=make_service(), start=next_monday(11))
        window = Period(next_monday(0), next_monday(23))
        found = appointments.occupancy(specialist_id=service.specialist_id, window=window, now=now)
        assert {(one.start, one.blocked_start, one.blocked_end) for one in found.occupied} == {
            (row.start, row.start - 5 * MINUTE, row.end + 10 * MINUTE) for row in (confirmed, hold)
        }
        assert {one.service_id for one in found.occupied} == {service.id}
        assert set(found.overdue) == {over.id, unanswered.id}
        assert found.overdue[over.id].blocked_start == over.start - 5 * MINUTE

    def test_a_buffer_that_reaches_into_the_window_counts_and_a_touching_one_does_not(self) -> None:
        service, now = make_service(), timezone.now()
        row = make_appointment(service=service, start=next_monday(12))
        end = row.end + 10 * MINUTE

        def occupied(window: Period) -> int:
            return len(
                appointments.occupancy(specialist_id=service.specialist_id, window=window, now=now).occupied
            )

        assert occupied(Period(end - MINUTE, end + HOUR)) == 1
        assert occupied(Period(end, end + HOUR)) == 0
        assert occupied(Period(row.start - HOUR, row.start)) == 0

    def test_one_may_be_left_out(self) -> None:
        service = make_service()
        row = make_appointment(service=service, start=next_monday(12))
        window = Period(next_monday(0), next_monday(23))
        found = appointments.occupancy(
            specialist_id=service.specialist_id, window=window, now=timezone.now(), but=row.id
        )
        assert found.occupied == []
        assert found.overdue == {}


@pytest.mark.django_db(transaction=True)
class TestLocks:
    """What waits for whom: tried from a second connection while the first holds its transaction."""

    def queue(self, specialist_id: object, hour: int, *, minutes: int = 60, day: date | None = None) -> None:
        start = next_monday(hour)
        appointments.queue_for_time(
            specialist_id=specialist_id,
            blocked=Period(start, start + minutes * MINUTE),
            limited_day=day,
        )

    def test_writers_of_the_same_time_wait_and_those_of_others_do_not(self) -> None:
        mine, other = uuid4(), uuid4()
        with transaction.atomic():
            self.queue(mine, 12)
            assert waits(lambda: self.queue(mine, 12, minutes=1))
            assert waits(lambda: self.queue(mine, 11, minutes=61))
            assert not waits(lambda: self.queue(mine, 13))
            assert not waits(lambda: self.queue(mine, 11))
            assert not waits(lambda: self.queue(other, 12))
        assert not waits(lambda: self.queue(mine, 12))

    def test_where_a_day_is_limited_writers_of_the_day_wait(self) -> None:
        mine, day = uuid4(), date(2026, 12, 4)
        with transaction.atomic():
            self.queue(mine, 10, day=day)
            assert waits(lambda: self.queue(mine, 18, day=day))
            assert not waits(lambda: self.queue(mine, 18, day=day + timedelta(days=1)))
            assert not waits(lambda: self.queue(mine, 18))

    def test_an_appointment_is_read_for_change_by_one_at_a_time(self) -> None:
        row, other = make_appointment(), make_appointment()
        with transaction.atomic():
            appointments.get(row.id)
            assert waits(lambda: appointments.get(row.id))
            assert not waits(lambda: appointments.get(other.id))

    def test_so_is_an_intake_form_and_a_waitlist_request(self) -> None:
        row = make_appointment()
        form = IntakeForm.blank(
            appointment_id=row.id, client_id=row.client_id, questions=("?",), now=timezone.now()
        )
        forms.save(form)
        request = waiting(make_service())
        waitlist.add(request)
        with transaction.atomic():
            forms.find(row.id)
            waitlist.get(request.id)
            assert waits(lambda: forms.find(row.id))
            assert waits(lambda: waitlist.get(request.id))
            assert waits(lambda: waitlist.waiting_for([request.service_id]))


@pytest.mark.django_db
class TestOfferings:
    def test_a_service_comes_with_its_specialist_schedule_and_questions(self) -> None:
        specialist = make_specialist(time_zone="Asia/Omsk", daily_limit=4)
        make_hours(specialist, weekdays=[0, 4], start="09:00", end="13:00")
        make_hours(
            specialist,
            weekdays=[2],
            start="15:00",
            end="24:00",
            every_weeks=2,
            anchor=date(2026, 12, 2),
            valid_from=date(2026, 12, 1),
            valid_until=date(2027, 6, 1),
        )
        day = date(2026, 12, 9)
        make_override(specialist, day=day, kind="time_off", start_minute=600, end_minute=660)
        make_override(specialist, day=day, kind="holiday")
        row = make_service(specialist, intake_template=make_intake_template(["Один?", "Два?"]))
        offering = offerings.by_slug(row.slug, first=day, last=day)
        row = models.Service.objects.get(id=row.id)
        assert offering.service == mappers.to_service(row, intake_questions=("Один?", "Два?"))
        assert offering.specialist == mappers.to_specialist(specialist)
        schedule = offering.schedule
        assert (schedule.specialist_id, schedule.time_zone, schedule.daily_limit) == (
            specialist.id,
            "Asia/Omsk",
            4,
        )
        assert set(schedule.weekly) == {
            WeeklyHours(weekday=0, start_minute=540, end_minute=780),
            WeeklyHours(weekday=4, start_minute=540, end_minute=780),
            WeeklyHours(
                weekday=2,
                start_minute=900,
                end_minute=1_440,
                every_weeks=2,
                anchor=date(2026, 12, 2),
                valid_from=date(2026, 12, 1),
                valid_until=date(2027, 6, 1),
            ),
        }
        assert set(schedule.overrides) == {
            DateOverride(date=day, kind=OverrideKind.TIME_OFF, start_minute=600, end_minute=660),
            DateOverride(date=day, kind=OverrideKind.HOLIDAY),
        }
        assert offerings.by_id(row.id, first=day, last=day) == offering

    def test_only_overrides_of_the_dates_asked_for_come_along(self) -> None:
        specialist = make_specialist()
        for day in range(1, 6):
            make_override(specialist, day=date(2026, 12, day))
        make_override(make_specialist(), day=date(2026, 12, 3))
        row = make_service(specialist)
        offering = offerings.by_slug(row.slug, first=date(2026, 12, 2), last=date(2026, 12, 4))
        assert sorted(override.date.day for override in offering.schedule.overrides) == [2, 3, 4]

    def test_it_takes_one_statement_however_long_the_schedule(self) -> None:
        specialist = make_specialist()
        for hour in range(6, 22, 2):
            make_hours(specialist, start=f"{hour:02d}:00", end=f"{hour + 1:02d}:00")
        row = make_service(specialist, intake_template=make_intake_template())
        with CaptureQueriesContext(connection) as statements:
            assert len(offerings.by_slug(row.slug, **SOON).schedule.weekly) == 56
        assert len(statements) == 1

    def test_a_calendar_has_what_takes_time_and_leaves_out_waits_that_are_over(self) -> None:
        now, row = timezone.now(), make_service(buffer_before_minutes=5)
        other = make_service(models.Specialist.objects.get(id=row.specialist_id))
        waiting = {"service": row, "status": "pending_payment"}
        make_appointment(service=row, start=next_monday(10))
        make_appointment(service=other, start=next_monday(12))
        make_appointment(**waiting, start=next_monday(14), hold_expires_at=now + MINUTE)
        make_appointment(**waiting, start=next_monday(16), hold_expires_at=now)
        make_appointment(service=row, status="requested", start=next_monday(18), answer_due_at=now)
        make_appointment(service=row, status="canceled", start=next_monday(20))
        make_appointment(service=make_service(), start=next_monday(20))
        make_appointment(service=row, start=next_monday(9, weeks=3))
        with CaptureQueriesContext(connection) as statements:
            calendar = offerings.calendar(
                row.slug, **SOON, taken_in=Period(next_monday(0), next_monday(23)), now=now
            )
        assert len(statements) == 1
        assert calendar.offering == offerings.by_slug(row.slug, **SOON)
        found = appointments.occupancy(
            specialist_id=row.specialist_id, window=Period(next_monday(0), next_monday(23)), now=now
        )
        taken = {(one.start, one.blocked_start, one.blocked_end) for one in calendar.occupied}
        assert taken == {(one.start, one.blocked_start, one.blocked_end) for one in found.occupied}
        assert {one.start for one in calendar.occupied if one.service_id == row.id} == {
            next_monday(10),
            next_monday(14),
        }
        assert len(taken) == 3

    def test_an_empty_calendar_has_nothing_in_it(self) -> None:
        row = make_service()
        taken_in = Period(next_monday(0), next_monday(23))
        assert offerings.calendar(row.slug, **SOON, taken_in=taken_in, now=timezone.now()).occupied == []

    def test_a_service_that_does_not_exist_is_not_found(self) -> None:
        with pytest.raises(ServiceNotFound):
            offerings.by_slug("nothing", **SOON)
        taken_in = Period(next_monday(0), next_monday(23))
        with pytest.raises(ServiceNotFound):
            offerings.calendar("nothing", **SOON, taken_in=taken_in, now=timezone.now())
        with pytest.raises(ServiceNotFound):
            offerings.by_id(uuid4(), **SOON)

    def test_one_without_questions_and_hours_comes_without(self) -> None:
        offering = offerings.by_id(make_service(make_specialist()).id, **SOON)
        assert (offering.service.intake_questions, offering.schedule.weekly) == ((), ())


@pytest.mark.django_db
class TestIntakeForms:
    def test_a_form_is_saved_saved_again_and_read_back(self) -> None:
        row, now = make_appointment(), timezone.now()
        assert forms.find(row.id) is None
        form = IntakeForm.blank(
            appointment_id=row.id, client_id=row.client_id, questions=("Один?", "Два?"), now=now
        )
        forms.save(form)
        form.fill(answers=("Да", "Нет"), now=now + MINUTE)
        form.submit(new_id=uuid4, now=now + HOUR)
        forms.save(form)
        assert values(forms.find(row.id)) == values(form)


def waiting(service: models.Service, **changes: object) -> WaitlistRequest:
    request = WaitlistRequest.join(
        id=uuid4(),
        new_id=uuid4,
        service_id=service.id,
        client_id=None,
        guest_token_hash="ab" * 32,
        name="Ирина",
        preferred_contact=PreferredContact.EMAIL,
        contact="irina@example.org",
        window=PreferredWindow.WEEKEND,
        time_zone="Europe/Moscow",
        consent_version="1.0",
        now=timezone.now(),
    )
    for name, value in changes.items():
        setattr(request, name, value)
    return request


@pytest.mark.django_db
class TestWaitlist:
    def test_a_request_is_saved_and_read_back(self) -> None:
        request = waiting(make_service())
        waitlist.add(request)
        assert values(waitlist.get(request.id)) == values(request)
        request.move_to(WaitlistStatus.OFFERED)
        request.opening_start = next_monday(12)
        waitlist.save(request)
        assert values(waitlist.get(request.id)) == values(request)

    def test_one_that_does_not_exist_is_not_found(self) -> None:
        with pytest.raises(WaitlistRequestNotFound):
            waitlist.get(uuid4())

    def test_those_who_still_wait_come_in_the_order_they_joined(self) -> None:
        service, other, now = make_service(), make_service(), timezone.now()
        late = waiting(service, created_at=now)
        early = waiting(service, created_at=now - HOUR)
        elsewhere = waiting(other)
        closed = waiting(service, status=WaitlistStatus.CLOSED)
        for request in (late, early, elsewhere, closed):
            waitlist.add(request)
        assert [request.id for request in waitlist.waiting_for([service.id])] == [early.id, late.id]
        assert len(waitlist.waiting_for([service.id, other.id])) == 3


def test_replacing_terms_keeps_the_schedule() -> None:
    offering = Offering(
        service=domain_objects.service(),
        specialist=domain_objects.specialist(),
        schedule=domain_objects.schedule(),
    )
    longer = domain_objects.terms(duration=90 * MINUTE)
    changed = offering.with_terms(longer)
    assert changed.service == replace(offering.service, terms=longer)
    assert (changed.schedule, changed.specialist) == (offering.schedule, offering.specialist)
