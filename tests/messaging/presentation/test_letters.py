"""The log of letters in the workspace, and its panels on the pages of clients and appointments."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.audit.models import AuditRecord
from apps.messaging.domain.kinds import REMINDER_LETTERS
from apps.messaging.infrastructure.repositories import PostgresOptOuts
from apps.messaging.models import Message
from tests.booking.factories import make_appointment, make_client, make_staff
from tests.identity.people import browser_of
from tests.messaging.letters import post_letters
from tests.messaging.rows import make_letter

pytestmark = pytest.mark.django_db
SENT = {"_form_submitted": "True"}
LIST = reverse("admin:messaging_message_changelist")


@pytest.fixture
def owner() -> Browser:
    return browser_of(make_staff("owner"))


def page(browser: Browser, url: str) -> str:
    return browser.get(url).content.decode()


def command(letter: Message, name: str) -> str:
    return reverse(f"admin:messaging_message_{name}", args=[letter.pk])


def test_the_list_tells_what_to_whom_when_and_how_it_went(owner: Browser) -> None:
    client = make_client(display_name="Мария Иванова", email="maria@example.org")
    make_letter(client=client, status="failed", result="smtp_550", attempts=3)
    shown = page(owner, LIST)
    for words in ("Запись подтверждена", "Мария Иванова", "не доставлено", "почтовый сервер ответил 550"):
        assert words in shown
    assert reverse("admin:identity_client_change", args=[client.pk]) in shown
    assert "maria@example.org" not in shown


def test_the_list_costs_the_same_however_long(owner: Browser) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            owner.get(LIST)
        return len(queries)

    make_letter(client=make_client())
    owner.get(LIST)
    few = cost()
    for _ in range(12):
        make_letter(client=make_client())
    assert cost() == few


def test_a_letter_is_found_by_its_client(owner: Browser) -> None:
    make_letter(client=make_client(display_name="Мария"), kind="payment_received")
    make_letter(client=make_client(display_name="Ольга"), kind="reminder_day")
    shown = page(owner, f"{LIST}?q=мария")
    assert "Мария" in shown
    assert "Ольга" not in shown


def test_a_letter_whose_time_has_passed_is_not_called_planned(owner: Browser) -> None:
    make_letter(useful_until=datetime.now(UTC) - timedelta(minutes=1))
    assert "уже поздно" in page(owner, LIST)


@pytest.mark.parametrize("status", ["failed", "unknown", "skipped"])
def test_what_did_not_arrive_is_sent_again_by_hand(owner: Browser, status: str) -> None:
    client = make_client(email="maria@example.org")
    letter = make_letter(
        client=client, appointment=make_appointment(client=client), status=status, attempts=4
    )
    url = command(letter, "send_again")
    assert owner.get(url).status_code == 200
    assert Message.objects.get().status == status
    owner.post(url, SENT)
    post_letters()
    assert Message.objects.get().status == "sent"
    assert [each.to for each in mail.outbox] == [["maria@example.org"]]
    record = AuditRecord.objects.get(action="letter_sent_again")
    assert record.changes == {"status": [status, "planned"]}


@pytest.mark.parametrize("status", ["sent", "planned"])
def test_what_has_arrived_or_will_is_not_offered_to_be_sent_again(owner: Browser, status: str) -> None:
    letter = make_letter(status=status)
    assert owner.post(command(letter, "send_again"), SENT).status_code in {302, 403}
    assert Message.objects.get().status == status
    assert not AuditRecord.objects.filter(action="letter_sent_again").exists()


def test_a_letter_that_comes_too_late_is_not_sent_by_hand(owner: Browser) -> None:
    letter = make_letter(status="failed", useful_until=datetime.now(UTC) - timedelta(hours=1))
    assert "уже поздно" in owner.post(command(letter, "send_again"), SENT).content.decode()
    assert Message.objects.get().status == "failed"


def test_a_planned_letter_is_called_off(owner: Browser) -> None:
    letter = make_letter()
    owner.post(command(letter, "call_off"), SENT)
    letter.refresh_from_db()
    assert (letter.status, letter.result) == ("skipped", "by_hand")
    assert AuditRecord.objects.filter(action="letter_called_off", entity_id=str(letter.pk)).exists()
    post_letters()
    assert mail.outbox == []


def test_the_editor_sees_no_letters() -> None:
    assert browser_of(make_staff("editor")).get(LIST).status_code == 403


@pytest.mark.parametrize("name", ["send_again", "call_off"])
def test_commands_on_nothing_change_nothing(owner: Browser, name: str) -> None:
    for nothing in ("x", "00000000-0000-0000-0000-000000000000"):
        url = reverse(f"admin:messaging_message_{name}", args=[nothing])
        assert owner.post(url, SENT).status_code < 500
    assert not AuditRecord.objects.filter(entity="message").exists()


@pytest.mark.parametrize("whose", ["appointment", "client"])
def test_pages_of_appointments_and_clients_show_their_letters(owner: Browser, whose: str) -> None:
    client = make_client()
    appointment = make_appointment(client=client)
    make_letter(client=client, appointment=appointment, status="failed", result="no_address")
    name = "booking_appointment_change" if whose == "appointment" else "identity_client_change"
    shown = page(
        owner, reverse(f"admin:{name}", args=[(appointment if whose == "appointment" else client).pk])
    )
    assert "Письма" in shown
    assert "не доставлено" in shown
    assert "адрес почты неизвестен" in shown


def test_the_page_of_a_client_tells_that_reminders_are_off(owner: Browser) -> None:
    client = make_client()
    PostgresOptOuts().set(client.pk, off=REMINDER_LETTERS, at=datetime.now(UTC))
    assert "отключил напоминания" in page(owner, reverse("admin:identity_client_change", args=[client.pk]))
