"""What neighbours of booking may call: appointments, their money, and files for calendars."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from icalendar import Calendar

from apps.booking import facade
from apps.booking.domain.lifecycle import AppointmentStatus
from apps.booking.infrastructure import models
from apps.kernel.domain.money import Money
from apps.kernel.infrastructure.unit_of_work import enclosing_transaction
from tests.booking.factories import make_appointment, make_client, make_service, next_monday

pytestmark = pytest.mark.django_db
PRICE, DEPOSIT = Money(450_000), Money(100_000)
MINUTE = timedelta(minutes=1)


def now() -> datetime:
    return datetime.now(UTC)


def receive(row: models.Appointment, amount: Money = PRICE, **values: object) -> facade.PaymentTaken:
    return facade.receive_payment(
        **{
            "appointment_id": row.id,
            "payment_id": uuid4(),
            "amount": amount,
            "at": now(),
            **values,
        }
    )


class TestAppointment:
    def test_tells_everything_that_neighbours_need_in_one_query(self, django_assert_num_queries) -> None:
        service = make_service(deposit_minor=100_000, vat_code=4, payment_subject="job")
        row = make_appointment(service=service, status="pending_payment", time_zone="Asia/Omsk")
        with django_assert_num_queries(1):
            found = facade.appointment(row.id, at=now())
        assert found is not None
        assert (found.id, found.client_id, found.service_id) == (row.id, row.client_id, service.id)
        assert (found.service_name, found.specialist_name) == (service.name, "Анна Орлова")
        assert (found.status, found.time_zone) == (AppointmentStatus.PENDING_PAYMENT, "Asia/Omsk")
        assert (found.price, found.deposit, found.amount_due) == (PRICE, DEPOSIT, DEPOSIT)
        assert (found.paid, found.refund) == (Money(0), Money(0))
        assert (found.vat_code, found.payment_subject) == (4, "job")
        assert (found.start, found.end - found.start) == (row.start, timedelta(minutes=50))
        assert found.hold_expires_at == row.hold_expires_at

    def test_says_what_is_true_now_not_what_a_worker_has_written(self) -> None:
        row = make_appointment(status="pending_payment")
        found = facade.appointment(row.id, at=row.hold_expires_at)
        assert found is not None
        assert (found.status, found.amount_due) == (AppointmentStatus.EXPIRED, Money(0))

    def test_is_not_there_for_another_client_or_when_unknown(self) -> None:
        row = make_appointment()
        assert facade.appointment(row.id, at=now(), client_id=row.client_id) is not None
        assert facade.appointment(row.id, at=now(), client_id=make_client().id) is None
        assert facade.appointment(uuid4(), at=now()) is None

    def test_gives_the_link_of_the_meeting_only_once_confirmed(self) -> None:
        held, confirmed = make_appointment(status="pending_payment"), make_appointment()
        assert facade.appointment(held.id, at=now()).meeting_link == ""
        assert facade.appointment(confirmed.id, at=now()).meeting_link.startswith("https://")


class TestMoney:
    def test_confirms_a_hold(self) -> None:
        row = make_appointment(status="pending_payment")
        assert receive(row) == facade.PaymentTaken()
        row.refresh_from_db()
        assert (row.status, row.paid_minor, row.hold_expires_at) == ("confirmed", 450_000, None)
        assert list(row.timeline.order_by("id").values_list("event", flat=True)) == [
            "PaymentReceived",
            "AppointmentConfirmed",
        ]

    def test_confirms_an_ended_hold_whose_time_is_free_and_says_that_it_was_late(self) -> None:
        row = make_appointment(status="expired")
        assert facade.takes_payment(appointment_id=row.id, amount=PRICE, at=now()).late
        assert receive(row) == facade.PaymentTaken(late=True)
        row.refresh_from_db()
        assert row.status == "confirmed"

    def test_the_buffers_of_a_neighbour_count_too(self) -> None:
        service = make_service(buffer_after_minutes=10)
        row = make_appointment(service=service, status="expired")
        make_appointment(service=service, start=row.start + timedelta(minutes=59), status="pending_payment")
        assert receive(row).reason == "slot_taken"

    def test_a_neighbour_at_the_very_end_of_the_buffer_is_not_in_the_way(self) -> None:
        service = make_service(buffer_after_minutes=10)
        row = make_appointment(service=service, status="expired")
        make_appointment(service=service, start=row.start + timedelta(minutes=60))
        assert receive(row).late

    def test_an_overdue_hold_in_the_way_is_released(self) -> None:
        row = make_appointment(status="expired")
        other = make_appointment(
            service=row.service, start=row.start, status="pending_payment", hold_expires_at=now() - MINUTE
        )
        assert receive(row).late
        other.refresh_from_db()
        assert other.status == "expired"

    def test_another_specialist_is_not_in_the_way(self) -> None:
        row = make_appointment(status="expired")
        make_appointment(start=row.start)
        assert receive(row).late

    @pytest.mark.parametrize(
        ("status", "amount", "reason"),
        [
            ("pending_payment", PRICE - Money(1), "too_little"),
            ("pending_payment", PRICE + Money(1), "too_much"),
            ("confirmed", Money(1), "too_much"),
            ("completed", Money(1), "too_much"),
            ("no_show", Money(1), "too_much"),
            ("requested", PRICE, "closed"),
            ("declined", PRICE, "closed"),
            ("canceled", PRICE, "closed"),
        ],
    )
    def test_says_why_it_is_not_taken_and_changes_nothing(
        self, status: str, amount: Money, reason: str
    ) -> None:
        row = make_appointment(status=status)
        assert facade.takes_payment(appointment_id=row.id, amount=amount, at=now()).reason == reason
        assert receive(row, amount).reason == reason
        again = models.Appointment.objects.get(id=row.id)
        assert (again.status, again.paid_minor, again.version) == (status, row.paid_minor, row.version)
        assert not row.timeline.exists()

    def test_is_not_taken_for_what_has_begun_or_is_unknown(self) -> None:
        row = make_appointment(status="expired")
        assert receive(row, at=row.start).reason == "too_late"
        assert receive(row, appointment_id=uuid4()).reason == "unknown"

    def test_asking_changes_nothing(self) -> None:
        row = make_appointment(status="pending_payment")
        assert facade.takes_payment(appointment_id=row.id, amount=PRICE, at=now()) == facade.PaymentTaken()
        row.refresh_from_db()
        assert (row.status, row.paid_minor) == ("pending_payment", 0)

    def test_a_refusal_leaves_the_transaction_of_the_caller_whole(self) -> None:
        row = make_appointment(status="canceled")
        with enclosing_transaction():
            assert receive(row).reason == "closed"
            assert models.Appointment.objects.filter(id=row.id).exists()

    def test_shares_the_fate_of_the_transaction_of_the_caller(self) -> None:
        row = make_appointment(status="pending_payment")
        with transaction.atomic():
            receive(row)
            transaction.set_rollback(True)
        row.refresh_from_db()
        assert (row.status, row.paid_minor) == ("pending_payment", 0)


class TestInvitation:
    def test_names_the_one_who_invites_and_the_one_invited(self) -> None:
        row = make_appointment()
        event = self.event(row.id, "REQUEST")
        assert event["organizer"] == "mailto:practice@example.org"
        assert event["attendee"] == "mailto:irina@example.org"
        assert event["uid"] == str(row.id)

    def test_a_change_keeps_the_event_and_grows_its_sequence(self) -> None:
        service = make_service()
        row = make_appointment(service=service, status="pending_payment")
        seen = [self.event(row.id, "REQUEST")]
        receive(row)
        seen.append(self.event(row.id, "REQUEST"))
        receive(make_appointment(service=service, start=next_monday(15), status="pending_payment"))
        models.Appointment.objects.filter(id=row.id).update(version=5)
        seen.append(self.event(row.id, "CANCEL"))
        assert {each["uid"] for each in seen} == {str(row.id)}
        assert [int(each["sequence"]) for each in seen] == sorted({int(each["sequence"]) for each in seen})

    def test_a_cancellation_says_so(self) -> None:
        row = make_appointment(status="canceled")
        event = self.event(row.id, "CANCEL")
        assert event["status"] == "CANCELLED"

    def test_without_addresses_names_nobody(self) -> None:
        row = make_appointment()
        event = Calendar.from_ical(facade.invitation(row.id, method="REQUEST")).walk("VEVENT")[0]
        assert "organizer" not in event
        assert "attendee" not in event

    def test_there_is_none_for_an_unknown_appointment(self) -> None:
        assert facade.invitation(uuid4(), method="REQUEST") is None

    @staticmethod
    def event(appointment_id: object, method: str) -> object:
        file = facade.invitation(
            appointment_id, method=method, organizer="practice@example.org", attendee="irina@example.org"
        )
        calendar = Calendar.from_ical(file)
        assert calendar["method"] == method
        return calendar.walk("VEVENT")[0]
