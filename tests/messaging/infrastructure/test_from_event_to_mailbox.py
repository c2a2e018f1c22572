"""The whole way: an event of a neighbour, the plan, the letter in the mailbox."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.core import mail
from icalendar import Calendar

from apps.booking.events import (
    AppointmentCanceled,
    AppointmentConfirmed,
    AppointmentDeclined,
    AppointmentHeld,
    AppointmentRescheduled,
)
from apps.booking.infrastructure.models import Appointment
from apps.kernel.domain.events import DomainEvent
from apps.kernel.infrastructure.event_bus import QueuedEventBus, subscriptions
from apps.messaging.models import Message
from apps.payments.events import PaymentSucceeded, RefundSucceeded
from tests.booking.factories import make_appointment, make_client, next_monday
from tests.messaging.letters import post_letters

pytestmark = pytest.mark.django_db


def happened(event: type[DomainEvent], appointment: Appointment, **values: object) -> None:
    """The event of ``appointment`` goes the way of all events, to the mailbox."""
    fields = {
        "event_id": uuid4(),
        "occurred_at": datetime.now(UTC),
        "appointment_id": appointment.id,
        "client_id": appointment.client_id,
        "specialist_id": appointment.specialist_id,
        "service_id": appointment.service_id,
        "start": appointment.start,
        **values,
    }
    known = event.__dataclass_fields__.keys()
    QueuedEventBus(subscriptions).publish([event(**{k: v for k, v in fields.items() if k in known})])
    post_letters()


def letters() -> dict[str, mail.EmailMultiAlternatives]:
    """What lies in the mailbox, by kind."""
    kinds = {str(row.id): row.kind for row in Message.objects.all()}
    return {kinds[each.extra_headers["Message-ID"][1:37]]: each for each in mail.outbox}


def calendar_of(letter: mail.EmailMultiAlternatives) -> Calendar:
    (found,) = [each for each in letter.alternatives if each.mimetype.startswith("text/calendar")]
    return Calendar.from_ical(found.content)


def appointment(**values: object) -> Appointment:
    client = make_client(email="maria@example.org", display_name="Мария")
    return make_appointment(client=client, start=next_monday(15), **values)


def test_a_confirmed_appointment_brings_the_letter_with_the_invitation() -> None:
    booked = appointment()
    happened(AppointmentConfirmed, booked)

    letter = letters()["booking_confirmed"]
    day = booked.start.astimezone().day
    assert letter.to == ["maria@example.org"]
    assert letter.subject.startswith(f"Запись подтверждена: {day} ")
    assert letter.subject.endswith("15:00 (МСК)")
    assert "Здравствуйте, Мария!" in letter.body
    assert "Анна Орлова" in letter.body
    assert "https://meet.example.org/orlova" in letter.body
    assert "Осталось оплатить" not in letter.body
    html = letter.alternatives[0].content
    assert 'href="https://meet.example.org/orlova"' in html
    assert "/pay/" in html
    calendar = calendar_of(letter)
    assert calendar["method"] == "REQUEST"
    assert calendar.walk("VEVENT")[0]["uid"] == str(booked.id)


def test_reminders_are_planned_and_wait_for_their_time() -> None:
    booked = appointment()
    happened(AppointmentConfirmed, booked)
    planned = Message.objects.filter(kind__startswith="reminder", status="planned").order_by("due_at")
    assert [(each.kind, booked.start - each.due_at) for each in planned] == [
        ("reminder_day", timedelta(hours=24)),
        ("reminder_hour", timedelta(hours=1)),
    ]


def test_hearing_the_event_again_sends_nothing_twice() -> None:
    booked = appointment()
    for _ in range(3):
        happened(AppointmentConfirmed, booked)
    assert len(mail.outbox) == len(letters())
    assert Message.objects.count() == 4


def test_a_moved_appointment_moves_its_reminders_and_its_event() -> None:
    booked = appointment()
    happened(AppointmentConfirmed, booked)
    before, after = booked.start, booked.start + timedelta(days=1)
    Appointment.objects.filter(pk=booked.pk).update(
        start=after,
        end=after + timedelta(minutes=50),
        blocked=(after, after + timedelta(minutes=60)),
        version=2,
    )
    booked.start = after
    happened(AppointmentRescheduled, booked, old_start=before)

    letter = letters()["appointment_moved"]
    assert "Прежнее время:" in letter.body
    first, second = (
        calendar_of(letters()[kind]).walk("VEVENT")[0] for kind in ("booking_confirmed", "appointment_moved")
    )
    assert first["uid"] == second["uid"]
    assert second["sequence"] > first["sequence"]
    reminders = Message.objects.filter(kind="reminder_day").order_by("start")
    assert [(each.start, each.status, each.result) for each in reminders] == [
        (before, "skipped", "moved"),
        (after, "planned", ""),
    ]


def test_a_canceled_appointment_takes_its_event_back_and_tells_of_the_refund() -> None:
    booked = appointment()
    happened(AppointmentConfirmed, booked)
    Appointment.objects.filter(pk=booked.pk).update(status="canceled")
    happened(AppointmentCanceled, booked, by="client", rule="half", refund_minor=225_000, currency="RUB")
    letter = letters()["appointment_canceled"]
    assert "2 250 ₽" in letter.body.replace("\xa0", " ")
    assert calendar_of(letter)["method"] == "CANCEL"
    assert not Message.objects.filter(status="planned").exists()


def test_money_that_comes_and_goes_is_written_about() -> None:
    booked = appointment()
    money = {"payment_id": uuid4(), "amount_minor": 450_000, "currency": "RUB"}
    happened(PaymentSucceeded, booked, taken=True, **money)
    happened(PaymentSucceeded, booked, taken=True, **money)
    happened(RefundSucceeded, booked, refund_id=uuid4(), **{**money, "amount_minor": 100_000})
    Message.objects.filter(kind="payment_returned").update(next_try_at=datetime.now(UTC))
    assert "4 500 ₽" in letters()["payment_received"].subject.replace("\xa0", " ")
    assert Message.objects.filter(kind="payment_received").count() == 1
    assert Message.objects.get(kind="payment_returned").facts["amount_minor"] == 100_000


def test_a_hold_of_the_practice_brings_a_link_to_pay_and_one_of_the_client_does_not() -> None:
    own = appointment(status="pending_payment")
    happened(AppointmentHeld, own, hold_expires_at=own.hold_expires_at, occurred_at=own.created_at)
    assert letters() == {}
    kept = make_appointment(status="pending_payment", entry_point="admin", start=next_monday(11))
    happened(AppointmentHeld, kept, hold_expires_at=kept.hold_expires_at, occurred_at=kept.created_at)
    letter = letters()["awaiting_payment"]
    assert "К оплате: 4 500 ₽" in letter.body.replace("\xa0", " ")
    assert "Перейти к оплате: http" in letter.body


def test_a_declined_request_is_told_unless_the_client_withdrew_it() -> None:
    asked = appointment(status="declined")
    happened(AppointmentDeclined, asked, by="client")
    assert letters() == {}
    happened(AppointmentDeclined, asked, by="specialist")
    assert "не получилось" in letters()["request_declined"].body


def test_the_letter_is_in_the_clients_language_and_zone() -> None:
    client = make_client(language="en", display_name="John")
    booked = make_appointment(client=client, start=next_monday(15), time_zone="Europe/Berlin")
    happened(AppointmentConfirmed, booked)
    letter = letters()["booking_confirmed"]
    assert letter.subject.startswith("Your booking is confirmed")
    assert "Berlin, UTC+" in letter.subject


def test_nothing_that_names_a_person_is_kept() -> None:
    booked = appointment()
    happened(AppointmentConfirmed, booked)
    for row in Message.objects.values():
        assert "maria" not in str(row)
        assert "Мария" not in str(row)
        assert UUID(row["recipient_id"]) == booked.client_id
