"""Free times by the days of the viewer's calendar."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from rest_framework.test import APIClient

from apps.booking.infrastructure.models import Service
from tests.booking.factories import (
    make_appointment,
    make_hours,
    make_override,
    make_service,
    make_specialist,
    next_monday,
)
from tests.booking.presentation.api.checks import assert_problem


def slots(api: APIClient, service: Service, first: date, last: date, **more: str) -> dict:
    answer = api.get(f"/api/v1/services/{service.slug}/slots/", {"from": first, "to": last, **more})
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()


def starts(answer: dict) -> list[str]:
    return [slot["start"] for day in answer["days"] for slot in day["slots"]]


def test_every_day_of_the_span_is_listed_with_its_times(guest: APIClient, service: Service) -> None:
    monday = next_monday().date()
    make_override(service.specialist, day=monday + timedelta(days=1))

    answer = slots(guest, service, monday, monday + timedelta(days=2), tz="Europe/Moscow")

    assert answer["time_zone"] == "Europe/Moscow"
    assert [day["date"] for day in answer["days"]] == [
        str(monday + timedelta(days=number)) for number in range(3)
    ]
    assert answer["days"][0]["slots"][0] == {
        "start": f"{monday}T10:00:00+03:00",
        "end": f"{monday}T10:50:00+03:00",
    }
    assert [len(day["slots"]) for day in answer["days"]] == [17, 0, 17]


def test_days_and_offsets_are_the_viewers(guest: APIClient, db: None) -> None:
    specialist = make_specialist()
    make_hours(specialist, start="20:00", end="23:00")
    service = make_service(specialist)
    monday = next_monday().date()

    answer = slots(guest, service, monday, monday, tz="Asia/Vladivostok")

    # The evening of Moscow's Sunday is Monday's morning in Vladivostok, seven hours ahead.
    assert starts(answer) == [
        f"{monday}T0{hour}:00+10:00" for hour in ("3:00", "3:30", "4:00", "4:30", "5:00")
    ]


def test_without_a_zone_the_specialists_counts(guest: APIClient, db: None) -> None:
    specialist = make_specialist(time_zone="Asia/Yekaterinburg")
    make_hours(specialist)
    answer = slots(guest, make_service(specialist), next_monday().date(), next_monday().date())
    assert answer["time_zone"] == "Asia/Yekaterinburg"
    assert starts(answer)[0] == f"{next_monday().date()}T10:00:00+05:00"


def test_a_booked_time_is_not_offered(guest: APIClient, service: Service) -> None:
    start = next_monday(12)
    make_appointment(service=service, start=start)
    monday = start.date()
    offered = starts(slots(guest, service, monday, monday, tz="Europe/Moscow"))
    clock = [text[11:16] for text in offered]
    # Ten minutes after each session keep 11:30 (to 12:20) and 12:30 (from 12:30) out, 11:00 and 13:00 in.
    assert "11:00" in clock
    assert "13:00" in clock
    assert not {"11:30", "12:00", "12:30"} & set(clock)


@pytest.mark.parametrize("days", [1, 62])
def test_spans_of_up_to_62_days_are_answered(guest: APIClient, service: Service, days: int) -> None:
    first = next_monday().date()
    answer = slots(guest, service, first, first + timedelta(days=days - 1))
    assert len(answer["days"]) == days


def test_days_far_away_or_past_are_simply_empty(guest: APIClient, service: Service) -> None:
    for first in (date(2000, 1, 1), date(2099, 12, 1)):
        assert starts(slots(guest, service, first, first + timedelta(days=30))) == []


@pytest.mark.parametrize(
    ("day", "zone", "expected"),
    [
        # Clocks in Berlin go from 2:00 to 3:00: the skipped hour is not offered.
        (date(2027, 3, 28), "Europe/Berlin", ["01:00+01:00", "01:30+01:00", "03:00+02:00", "03:30+02:00"]),
        # They go from 3:00 back to 2:00: that hour is offered twice, once for each instant.
        (
            date(2026, 10, 25),
            "Europe/Berlin",
            ["01:00+02:00", "01:30+02:00", "02:00+02:00", "02:30+02:00", "02:00+01:00", "02:30+01:00"],
        ),
    ],
)
def test_days_on_which_clocks_change_are_exact(
    guest: APIClient, db: None, day: date, zone: str, expected: list[str]
) -> None:
    with time_machine.travel(
        datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)) - timedelta(days=7)
    ):
        specialist = make_specialist(time_zone=zone)
        make_hours(specialist, start="01:00", end="04:00")
        service = make_service(specialist, duration_minutes=30, buffer_after_minutes=0)
        offered = [text[11:16] + text[19:] for text in starts(slots(guest, service, day, day, tz=zone))]
    assert offered[: len(expected)] == expected


def test_the_format_is_checked_where_it_is_given(guest: APIClient, db: None) -> None:
    hybrid = make_service(format="hybrid", address="Москва")
    monday = next_monday().date()
    for chosen in ("online", "offline"):
        assert starts(slots(guest, hybrid, monday, monday, meeting_format=chosen))


def ask(guest: APIClient, service: Service, **query: str) -> dict:
    return guest.get(f"/api/v1/services/{service.slug}/slots/", query)


@pytest.mark.parametrize(
    ("query", "code", "pointer", "detail"),
    [
        ({"to": "2026-12-02"}, "validation_error", "/from", "Обязательное поле"),
        ({"from": "2026-12-02"}, "validation_error", "/to", "Обязательное поле"),
        ({"from": "2026-12-31", "to": "2026-12-01"}, "span_reversed", "/to", "Последний день"),
        ({"from": "2026-12-01", "to": "2027-02-01"}, "span_too_long", "/to", "Запросите не больше 62 дней"),
        ({"from": "2026-02-30", "to": "2026-03-01"}, "validation_error", "/from", "Такой даты нет"),
        ({"from": "1.12.2026", "to": "2026-12-02"}, "validation_error", "/from", "Передайте дату"),
        ({"from": "2026-W49-2", "to": "2026-12-02"}, "validation_error", "/from", "Передайте дату"),
        ({"from": "0001-01-01", "to": "0001-01-02"}, "validation_error", "/from", ""),
        ({"from": "9999-12-30", "to": "9999-12-31"}, "validation_error", "/to", ""),
        (
            {"from": "2026-12-01", "to": "2026-12-02", "tz": "Mars/Base"},
            "validation_error",
            "/tz",
            "Такой часовой",
        ),
        ({"from": "2026-12-01", "to": "2026-12-02", "tz": "../etc"}, "validation_error", "/tz", ""),
        ({"from": "2026-12-01", "to": "2026-12-02", "tz": ""}, "validation_error", "/tz", ""),
        ({"from": "2026-12-01", "to": "2026-12-02", "tz": "\0"}, "null_character", None, ""),
        (
            {"from": "2026-12-01", "to": "2026-12-02", "meeting_format": "telepathy"},
            "validation_error",
            "/meeting_format",
            "",
        ),
        (
            {"from": "2026-12-01", "to": "2026-12-02", "meeting_format": "offline"},
            "wrong_meeting_format",
            "/meeting_format",
            "Эта услуга",
        ),
    ],
)
def test_bad_questions_are_told_what_is_wrong(
    guest: APIClient, service: Service, query: dict[str, str], code: str, pointer: str | None, detail: str
) -> None:
    assert_problem(ask(guest, service, **query), 422, code, pointer=pointer, detail=detail)


def test_an_unknown_zone_has_a_code_of_its_own(guest: APIClient, service: Service) -> None:
    answer = ask(guest, service, **{"from": "2026-12-01", "to": "2026-12-02", "tz": "Mars/Base"})
    assert answer.json()["errors"][0]["code"] == "unknown_time_zone"
