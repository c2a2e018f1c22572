"""Money, instants and lengths as people of the practice read them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import translation

from apps.kernel.presentation.admin.wording import (
    day_text,
    hours_text,
    instant_text,
    length_text,
    money_text,
    span_text,
    zone_text,
)

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _russian():
    with translation.override("ru"):
        yield


@pytest.mark.parametrize(
    ("minor", "text"),
    [
        (0, "0 ₽"),
        (450_000, "4 500 ₽"),
        (450_050, "4 500,50 ₽"),
        (5, "0,05 ₽"),
        (-100, "−1 ₽"),
        (1_234_567_00, "1 234 567 ₽"),
    ],
)
def test_money(minor, text):
    assert money_text(minor) == text.replace(" ", "\N{NO-BREAK SPACE}")


def test_another_currency_is_named():
    assert money_text(100, "EUR").endswith("EUR")


@pytest.mark.parametrize(
    ("instant", "text"),
    [
        (datetime(2026, 11, 21, 11, 0, tzinfo=UTC), "сегодня, 14:00"),
        (datetime(2026, 11, 21, 21, 30, tzinfo=UTC), "завтра, 00:30"),
        (datetime(2026, 11, 20, 12, 0, tzinfo=UTC), "вчера, 15:00"),
        (datetime(2026, 11, 26, 11, 0, tzinfo=UTC), "чт, 26 ноября, 14:00"),
        (datetime(2027, 1, 2, 11, 0, tzinfo=UTC), "сб, 2 января 2027, 14:00"),
    ],
)
def test_instants_by_the_clock_of_a_zone(instant, text):
    assert instant_text(instant, "Europe/Moscow", now=NOW) == text


def test_instants_in_sentences_name_the_date():
    shown = instant_text(NOW, "Europe/Moscow", now=NOW, weekday=False, relative=False)
    assert shown == "21 ноября, 12:00"


def test_spans():
    assert span_text(NOW, NOW + timedelta(minutes=50), "Europe/Moscow", now=NOW) == "сегодня, 12:00–12:50"


def test_days():
    assert day_text(date(2026, 11, 22), today=date(2026, 11, 21)) == "завтра"


@pytest.mark.parametrize(
    ("zone", "text"),
    [
        ("Europe/Moscow", "Москва, UTC+3"),
        ("Asia/Yekaterinburg", "Екатеринбург, UTC+5"),
        ("Asia/Kabul", "Кабул, UTC+4:30"),
        ("America/New_York", "Нью-Йорк, UTC−5"),
    ],
)
def test_zones(zone, text):
    assert zone_text(zone, NOW) == text


@pytest.mark.parametrize(
    ("length", "text"),
    [
        (timedelta(seconds=59), "меньше минуты"),
        (timedelta(minutes=50), "50 мин"),
        (timedelta(minutes=90), "1 ч 30 мин"),
        (timedelta(hours=2), "2 ч"),
        (timedelta(days=2, hours=3, minutes=5), "2 д 3 ч"),
    ],
)
def test_lengths(length, text):
    assert length_text(length) == text.replace(" ", "\N{NO-BREAK SPACE}")


@pytest.mark.parametrize(
    ("hours", "text"), [(1, "1 час"), (2, "2 часа"), (5, "5 часов"), (11, "11 часов"), (21, "21 час")]
)
def test_hours_are_declined(hours, text):
    assert hours_text(hours) == text
