"""Switching reminders off by the link of a letter."""

from uuid import uuid4

import pytest
from django.test import Client as Browser
from django.urls import reverse

from apps.audit.models import AuditRecord
from apps.messaging.infrastructure.links import reminders_token
from apps.messaging.models import ReminderOptOut
from tests.booking.factories import make_client

pytestmark = pytest.mark.django_db


def address(token: str) -> str:
    return reverse("messaging-reminders", kwargs={"token": token})


@pytest.fixture
def browser() -> Browser:
    return Browser(enforce_csrf_checks=True)


def test_looking_changes_nothing(browser: Browser) -> None:
    answer = browser.get(address(reminders_token(make_client().pk)))
    assert answer.status_code == 200
    assert "Отключить напоминания?" in answer.content.decode()
    assert not ReminderOptOut.objects.exists()


def test_one_click_of_a_mail_program_switches_off(browser: Browser) -> None:
    client = make_client()
    answer = browser.post(address(reminders_token(client.pk)), {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert ReminderOptOut.objects.get().client_id == client.pk
    record = AuditRecord.objects.get()
    assert (record.action, record.entity_id) == ("reminders_switched_off", str(client.pk))


def test_it_can_be_undone_and_repeated(browser: Browser) -> None:
    url = address(reminders_token(make_client().pk))
    for _ in range(2):
        assert "отключены" in browser.post(url, {"reminders": "off"}).content.decode()
    assert "Отключить напоминания?" in browser.post(url, {"reminders": "on"}).content.decode()
    assert not ReminderOptOut.objects.exists()
    assert AuditRecord.objects.count() == 2


def test_the_page_speaks_the_clients_language(browser: Browser) -> None:
    client = make_client(language="en")
    assert "Switch reminders off?" in browser.get(address(reminders_token(client.pk))).content.decode()


@pytest.mark.parametrize("token", ["x", "00000000000000000000000000000000:x", "%00"])
def test_a_forged_link_does_nothing(browser: Browser, token: str) -> None:
    for answer in (browser.get(address(token)), browser.post(address(token), {"reminders": "off"})):
        assert answer.status_code == 404
    assert not ReminderOptOut.objects.exists()


def test_a_link_of_somebody_who_is_gone_does_nothing(browser: Browser) -> None:
    assert browser.post(address(reminders_token(uuid4()))).status_code == 404


def test_nothing_of_the_page_leaks(browser: Browser) -> None:
    client = make_client(display_name="Мария", email="maria@example.org")
    answer = browser.get(address(reminders_token(client.pk)))
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer["Cache-Control"]
    assert "maria" not in answer.content.decode()
    assert client.email not in address(reminders_token(client.pk))
