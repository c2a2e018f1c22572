"""The first page: the day at a glance, for whom it is meant."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.booking.models import WaitlistRequest
from tests.booking.factories import (
    make_appointment,
    make_client,
    make_hours,
    make_service,
    make_specialist,
)
from tests.booking.presentation.admin.pages import signed_in_as

pytestmark = pytest.mark.django_db

NOON = datetime(2027, 2, 3, 9, 0, tzinfo=UTC)
"""A Wednesday, 12:00 in Moscow."""


@pytest.fixture(autouse=True)
def _wednesday_noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def service():
    specialist = make_specialist()
    make_hours(specialist, weekdays=range(5), start="10:00", end="20:00")
    return make_service(specialist, name="Первая консультация", duration_minutes=60)


def page(role: str = "owner") -> str:
    browser = signed_in_as(role, display_name="Анна Орлова")
    response = browser.get(reverse("admin:index"))
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def at(hour: int, day: int = 3) -> datetime:
    return datetime(2027, 2, day, hour, tzinfo=ZoneInfo("Europe/Moscow")).astimezone(UTC)


def test_greets_by_the_specialists_clock(service):
    assert "Добрый день, Анна Орлова" in page()
    assert "Среда, 3 февраля" in page()


def test_shows_the_day_with_what_can_be_done(service):
    make_appointment(service=service, client=make_client(display_name="Вера Утренняя"), start=at(10))
    make_appointment(service=service, client=make_client(display_name="Павел Вечерний"), start=at(18))
    make_appointment(service=service, client=make_client(display_name="Завтрашний"), start=at(18, day=4))
    make_appointment(
        service=service, client=make_client(display_name="Отменённый"), start=at(15), status="canceled"
    )
    text = page()
    assert text.index("Вера Утренняя") < text.index("Павел Вечерний")
    assert "Завтрашний" not in text
    assert "Отменённый" not in text
    assert "/record_outcome/" in text
    assert "2 встречи" in text
    assert "занято 20 % рабочего времени" in text


def test_shows_what_awaits_an_answer_and_how_long_there_is(service):
    make_appointment(
        service=service,
        client=make_client(display_name="Пётр"),
        start=at(12, day=10),
        status="requested",
        answer_due_at=NOON + timedelta(hours=3, minutes=5),
    )
    text = page()
    assert "Пётр" in text
    assert "на ответ осталось 3\xa0ч\xa05\xa0мин".replace("\xa0", " ") in text.replace("\xa0", " ")
    assert "1 заявка" in text


def test_shows_the_load_of_the_week(service):
    make_appointment(service=service, start=at(10))
    make_appointment(service=service, start=at(12, day=5))
    text = page()
    assert "Занято 2 из 50 ч: 4 %" in text
    assert "3 февраля: 1 из 10 ч" in text
    assert "6 февраля: выходной" in text


def test_shows_the_waitlist_for_whom_time_was_freed(service):
    for opening in (None, NOON + timedelta(days=2)):
        WaitlistRequest.objects.create(
            service=service,
            guest_token_hash="0" * 64,
            preferred_contact="email",
            contact="guest@example.org",
            time_zone="Europe/Moscow",
            consent_version="1.0",
            created_at=NOON,
            opening_start=opening,
        )
    text = page()
    assert "2 человека" in text
    assert "подходящее время есть: 1" in text


def test_shows_the_next_free_time_with_a_link_to_book_it(service):
    text = page()
    assert "Первая консультация" in text
    assert "book/?service=" in text


def test_revenue_is_the_owners_matter(service):
    make_appointment(service=service, start=at(10), status="completed")
    assert "Выручка недели" in page("owner")
    assert "4\xa0500\xa0₽" in page("owner").replace(" ", "\xa0")
    assert "Выручка недели" not in page("assistant")


def test_an_empty_day_has_kind_words(service):
    assert "Спокойный день" in page()
    assert "Всем ответили" in page()


def test_a_new_practice_is_told_how_to_begin():
    assert "Начнём" in page()


def test_the_editor_sees_nothing_of_clients(service):
    make_appointment(service=service, client=make_client(display_name="Вера Утренняя"), start=at(10))
    text = page("editor")
    assert "Вера" not in text
    assert "Здесь будут ваши материалы" in text


def test_costs_the_same_statements_for_one_appointment_and_for_many(service):
    browser = signed_in_as("owner")
    browser.get(reverse("admin:index"))
    make_appointment(service=service, start=at(10))
    with CaptureQueriesContext(connection) as few:
        browser.get(reverse("admin:index"))
    for hour in (12, 14, 16, 18):
        make_appointment(service=service, start=at(hour))
        make_appointment(service=service, start=at(hour, day=9), status="requested")
        make_service(service.specialist)
    with CaptureQueriesContext(connection) as many:
        browser.get(reverse("admin:index"))
    assert len(many) == len(few) <= 17  # two are the money of the month, one the open tasks
