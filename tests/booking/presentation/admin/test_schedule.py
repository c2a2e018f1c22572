"""The week editor: what is typed is kept, checked at its row, shown before it touches anybody."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.booking.models import Appointment, DateOverride, WeeklyHours
from tests.booking.factories import (
    make_appointment,
    make_hours,
    make_override,
    make_service,
    make_specialist,
    next_monday,
)
from tests.booking.presentation.admin.pages import audited, said, signed_in_as, url

pytestmark = pytest.mark.django_db

PAGE = "weeklyhours_changelist"
MOSCOW = ZoneInfo("Europe/Moscow")


@pytest.fixture
def owner():
    return signed_in_as("owner")


@pytest.fixture
def specialist():
    specialist = make_specialist()
    make_hours(specialist, weekdays=range(5), start="10:00", end="19:00")
    return specialist


def typed_page(browser) -> dict[str, str]:
    """What the page as it stands would send."""
    editor = browser.get(url(PAGE)).context["editor"]
    return as_typed(editor)


def as_typed(editor) -> dict[str, str]:
    data = {
        "version": editor.version,
        "until": editor.until.isoformat() if editor.until else "",
        "hidden_count": str(editor.hidden_count),
        "weekly-total": str(len(editor.rows.weekly)),
        "override-total": str(len(editor.rows.overrides)),
    }
    for prefix, rows in (("weekly", editor.rows.weekly), ("override", editor.rows.overrides)):
        for index, row in enumerate(rows):
            data |= {f"{prefix}-{index}-{name}": value for name, value in row.items()}
    return data


def send(browser, data, do="save"):
    return browser.post(url(PAGE), data | {"do": do}, follow=True)


def press(browser, data, do) -> dict[str, str]:
    """Press a button beside a row; returns the page as it stands then."""
    return as_typed(send(browser, data, do).context["editor"])


def week() -> list[tuple[int, int, int]]:
    return list(
        WeeklyHours.objects.order_by("weekday", "start_minute").values_list(
            "weekday", "start_minute", "end_minute"
        )
    )


def errors_of(response) -> dict[str, dict[str, list[str]]]:
    editor = response.context["editor"]
    forms = [*editor.rows.hours_forms, *editor.rows.override_forms]
    return {form.prefix: dict(form.errors) for form in forms if form.errors}


def tomorrow(days: int = 1) -> date:
    return datetime.now(MOSCOW).date() + timedelta(days=days)


class TestSaving:
    def test_writes_the_week_and_an_audit_record(self, owner, specialist):
        data = typed_page(owner) | {"weekly-0-start": "9:30", "weekly-0-end": "24:00"}
        assert "Расписание сохранено" in said(send(owner, data))
        assert week()[0] == (0, 570, 1440)
        [record] = audited("schedule_changed")
        assert record.changes["weekly_hours"] == [["1: 10:00–19:00"], ["1: 09:30–24:00"]]
        assert record.entity_id == str(specialist.pk)

    def test_keeps_biweekly_hours_in_the_week_that_was_chosen(self, owner, specialist):
        data = press(owner, typed_page(owner), "add:5")
        row = len([name for name in data if name.endswith("-weekday")]) - 1
        choices = owner.get(url(PAGE)).context["editor"].rows.hours_forms[0].fields["week"].choices
        following = choices[2][0]
        send(owner, data | {f"weekly-{row}-week": following})
        saturday = WeeklyHours.objects.get(weekday=5)
        today = datetime.now(MOSCOW).date()
        assert saturday.every_weeks == 2
        weeks_apart = ((today - timedelta(days=today.weekday())) - saturday.anchor).days // 7
        assert weeks_apart % 2 == 1
        assert typed_page(owner)[f"weekly-{row}-week"] == following

    def test_keeps_dates_of_validity(self, owner, specialist):
        data = typed_page(owner) | {"weekly-0-valid_from": "2026-12-01", "weekly-0-valid_until": "2027-05-31"}
        send(owner, data)
        monday = WeeklyHours.objects.get(weekday=0)
        assert (monday.valid_from, monday.valid_until) == (date(2026, 12, 1), date(2027, 5, 31))

    @pytest.mark.parametrize(
        ("kind", "start", "end", "minutes"),
        [
            ("day_off", "", "", (None, None)),
            ("holiday", "", "", (None, None)),
            ("extra_hours", "20:00", "22:00", (1200, 1320)),
            ("time_off", "13", "1430", (780, 870)),
            ("day_off", "13:00", "14:00", (None, None)),
        ],
    )
    def test_writes_dates_that_differ(self, owner, specialist, kind, start, end, minutes):
        data = press(owner, typed_page(owner), f"add_date:{kind}") | {
            "override-0-date": tomorrow(3).isoformat(),
            "override-0-start": start,
            "override-0-end": end,
            "override-0-note": "обучение",
        }
        send(owner, data)
        override = DateOverride.objects.get()
        assert (override.kind, override.date, override.note) == (kind, tomorrow(3), "обучение")
        assert (override.start_minute, override.end_minute) == minutes

    def test_leaves_past_dates_alone(self, owner, specialist):
        past = make_override(specialist, day=tomorrow(-30))
        send(owner, typed_page(owner) | {"weekly-0-start": "11:00"})
        assert DateOverride.objects.filter(pk=past.pk).exists()

    def test_leaves_dates_alone_that_the_page_does_not_show(self, owner, specialist):
        DateOverride.objects.bulk_create(
            DateOverride(specialist=specialist, date=tomorrow(number), kind="day_off")
            for number in range(1, 201)
        )
        data = typed_page(owner)
        assert (data["override-total"], data["hidden_count"]) == ("120", "80")
        send(owner, press(owner, data, "remove_date:0"))
        assert DateOverride.objects.count() == 199
        assert not DateOverride.objects.filter(date=tomorrow()).exists()

    def test_changes_nothing_when_nothing_was_changed(self, owner, specialist):
        before = week()
        send(owner, typed_page(owner))
        assert week() == before
        assert not audited("schedule_changed")


class TestRefusing:
    @pytest.mark.parametrize(
        ("changes", "row", "field", "words"),
        [
            ({"weekly-1-start": "20:00"}, "weekly-1", "start", "Начало должно быть раньше"),
            ({"weekly-1-start": "19:00"}, "weekly-1", "start", "Начало должно быть раньше"),
            ({"weekly-1-start": ""}, "weekly-1", "start", "Обязательное поле"),
            ({"weekly-1-start": "утром"}, "weekly-1", "start", "Напишите время"),
            ({"weekly-1-end": "25:00"}, "weekly-1", "end", "Напишите время"),
            ({"weekly-1-end": "18:75"}, "weekly-1", "end", "Напишите время"),
            ({"weekly-1-week": "5"}, "weekly-1", "week", "Выберите корректный"),
            ({"weekly-1-valid_from": "31.13.2026"}, "weekly-1", "valid_from", "Введите правильную дату"),
            ({"weekly-1-valid_from": "0001-01-01"}, "weekly-1", "valid_from", "между 2000 и 2100"),
            (
                {"weekly-1-valid_from": "2027-02-01", "weekly-1-valid_until": "2027-01-01"},
                "weekly-1",
                "valid_until",
                "не может быть раньше",
            ),
        ],
    )
    def test_at_the_row_with_what_was_typed_kept(self, owner, specialist, changes, row, field, words):
        before = week()
        data = typed_page(owner) | changes
        response = send(owner, data)
        errors = errors_of(response)
        assert list(errors) == [row]
        assert words in errors[row][field][0]
        assert as_typed(response.context["editor"]) == data
        assert "Пока ничего не сохранено" in response.content.decode()
        assert week() == before

    def test_hours_that_overlap(self, owner, specialist):
        data = press(owner, typed_page(owner), "add:0") | {"weekly-1-start": "18:00", "weekly-1-end": "21:00"}
        errors = errors_of(send(owner, data))
        assert "10:00–19:00" in errors["weekly-1"]["start"][0]
        assert len(week()) == 5

    def test_but_not_hours_of_alternating_weeks(self, owner, specialist):
        data = press(owner, typed_page(owner), "add:0") | {
            "weekly-0-week": "0",
            "weekly-1-week": "1",
            "weekly-1-start": "12:00",
            "weekly-1-end": "21:00",
        }
        assert "Расписание сохранено" in said(send(owner, data))

    @pytest.mark.parametrize(
        ("values", "field", "words"),
        [
            ({"date": ""}, "date", "Обязательное поле"),
            ({"date": "2020-01-01"}, "date", "уже прошла"),
            ({"kind": "vacation"}, "kind", "Выберите корректный"),
            ({"kind": "extra_hours"}, "start", "нужны начало и конец"),
            ({"kind": "time_off", "start": "15:00", "end": "14:00"}, "start", "Начало должно быть раньше"),
            ({"note": "я" * 121}, "note", "не более 120"),
        ],
    )
    def test_dates_that_make_no_sense(self, owner, specialist, values, field, words):
        row = {
            "date": tomorrow(3).isoformat(),
            "kind": "day_off",
            "start": "",
            "end": "",
            "note": "",
        } | values
        data = press(owner, typed_page(owner), "add_date:day_off")
        data |= {f"override-0-{name}": value for name, value in row.items()}
        errors = errors_of(send(owner, data))
        assert words in errors["override-0"][field][0]
        assert not DateOverride.objects.exists()

    def test_the_same_date_twice(self, owner, specialist):
        make_override(specialist, day=tomorrow(3))
        data = press(owner, typed_page(owner), "add_date:day_off")
        errors = errors_of(send(owner, data | {"override-0-date": tomorrow(3).isoformat()}))
        assert "уже указано" in errors["override-1"]["date"][0]
        assert DateOverride.objects.count() == 1

    def test_a_stale_page_overwrites_nothing(self, owner, specialist):
        mine = typed_page(owner) | {"weekly-0-start": "11:00"}
        send(owner, typed_page(owner) | {"weekly-0-start": "12:00"})
        response = send(owner, mine)
        assert "расписание изменил кто-то другой" in response.content.decode()
        assert as_typed(response.context["editor"]) == mine
        assert week()[0] == (0, 720, 1140)

    @pytest.mark.parametrize("total", ["-1", "x", "999999999999", "", "²"])
    def test_nonsense_never_breaks_the_page(self, owner, specialist, total):
        response = send(owner, {"weekly-total": total, "override-total": total, "version": "", "until": "x"})
        assert response.status_code == 200
        assert len(week()) == 5

    def test_unknown_commands_change_nothing(self, owner, specialist):
        for do in (
            "drop",
            "add:9",
            "remove:99",
            "remove:x",
            "copy:0",
            "add_date:x",
            "holidays:1900",
            "remove_date:7",
        ):
            assert send(owner, typed_page(owner), do).status_code == 200
        assert len(week()) == 5


class TestAppointmentsInTheWay:
    def test_are_shown_first_and_nothing_is_saved(self, owner, specialist):
        service = make_service(specialist, name="Первая консультация")
        appointment = make_appointment(service=service, start=next_monday(18))
        response = send(owner, typed_page(owner) | {"weekly-0-end": "17:00"})
        [touched] = response.context["editor"].touched
        assert touched["id"] == str(appointment.pk)
        page = response.content.decode()
        assert "1 запись окажется вне рабочего времени" in page
        assert "18:00–18:50" in page
        assert week()[0] == (0, 600, 1140)

    def test_stay_as_they_are_when_the_change_is_confirmed(self, owner, specialist):
        appointment = make_appointment(service=make_service(specialist), start=next_monday(18))
        before = Appointment.objects.filter(pk=appointment.pk).values().get()
        response = send(owner, typed_page(owner) | {"weekly-0-end": "17:00"})
        data = as_typed(response.context["editor"]) | {"accepted": [str(appointment.pk)]}
        assert "остались как есть" in said(send(owner, data, "save_anyway"))
        assert week()[0] == (0, 600, 1020)
        assert Appointment.objects.filter(pk=appointment.pk).values().get() == before
        assert audited("schedule_changed")[0].changes["appointments_touched"] == [0, 1]

    def test_that_were_not_shown_are_shown_before_saving(self, owner, specialist):
        service = make_service(specialist)
        make_appointment(service=service, start=next_monday(18))
        shown = send(owner, typed_page(owner) | {"weekly-0-end": "17:00"}).context["editor"]
        make_appointment(service=service, start=next_monday(18, weeks=2))
        data = as_typed(shown) | {"accepted": [shown.touched[0]["id"], "nonsense"]}
        response = send(owner, data, "save_anyway")
        assert len(response.context["editor"].touched) == 2
        assert week()[0] == (0, 600, 1140)

    def test_are_asked_about_once(self, owner, specialist):
        appointment = make_appointment(service=make_service(specialist), start=next_monday(18))
        response = send(owner, typed_page(owner) | {"weekly-0-end": "17:00"})
        send(owner, as_typed(response.context["editor"]) | {"accepted": [str(appointment.pk)]}, "save_anyway")
        assert "Расписание сохранено" in said(send(owner, typed_page(owner) | {"weekly-1-end": "18:00"}))

    @pytest.mark.parametrize("status", ["canceled", "declined", "expired", "completed"])
    def test_are_only_those_that_still_stand(self, owner, specialist, status):
        make_appointment(service=make_service(specialist), start=next_monday(18), status=status)
        assert "Расписание сохранено" in said(send(owner, typed_page(owner) | {"weekly-0-end": "17:00"}))

    def test_are_found_on_a_day_off_too(self, owner, specialist):
        appointment = make_appointment(service=make_service(specialist), start=next_monday(12))
        data = press(owner, typed_page(owner), "add_date:day_off")
        day = appointment.start.astimezone(MOSCOW).date().isoformat()
        assert len(send(owner, data | {"override-0-date": day}).context["editor"].touched) == 1


class TestTheButtons:
    def test_add_hours_after_the_last_ones_of_the_day(self, owner, specialist):
        data = press(owner, typed_page(owner), "add:0")
        assert (data["weekly-1-weekday"], data["weekly-1-start"], data["weekly-1-end"]) == (
            "0",
            "20:00",
            "23:00",
        )
        assert len(week()) == 5

    def test_remove_hours(self, owner, specialist):
        send(owner, press(owner, typed_page(owner), "remove:0"))
        assert [weekday for weekday, _start, _end in week()] == [1, 2, 3, 4]

    def test_copy_a_day_to_others(self, owner, specialist):
        data = typed_page(owner) | {"weekly-0-start": "12:00", "copy-0": ["5", "6", "1"]}
        send(owner, press(owner, data, "copy:0"))
        assert week() == [
            (0, 720, 1140),
            (1, 720, 1140),
            (2, 600, 1140),
            (3, 600, 1140),
            (4, 600, 1140),
            (5, 720, 1140),
            (6, 720, 1140),
        ]

    def test_add_the_holidays_of_a_year_once(self, owner, specialist):
        year = datetime.now(MOSCOW).year + 1
        data = press(owner, typed_page(owner), f"holidays:{year}")
        assert data["override-total"] == "14"
        assert press(owner, data, f"holidays:{year}")["override-total"] == "14"
        assert not DateOverride.objects.exists()
        send(owner, data)
        assert DateOverride.objects.filter(kind="holiday", note="День Победы", date=date(year, 5, 9)).exists()

    def test_keep_what_was_typed_elsewhere(self, owner, specialist):
        data = press(owner, typed_page(owner) | {"weekly-3-start": "1"}, "add:6")
        assert data["weekly-3-start"] == "1"


class TestThePage:
    def test_without_a_specialist_says_so(self, owner):
        assert "Специалиста пока нет" in owner.get(url(PAGE)).content.decode()

    def test_shows_one_specialist_of_several(self, owner, specialist):
        other = make_specialist(display_name="Яна Белова")
        assert owner.get(url(PAGE)).context["editor"].specialist == specialist
        assert owner.get(url(PAGE), {"specialist": other.pk}).context["editor"].specialist == other
        assert owner.get(url(PAGE), {"specialist": "x"}).context["editor"].specialist == specialist

    def test_pictures_two_weeks_with_the_dates_that_differ(self, owner, specialist):
        today = datetime.now(MOSCOW).date()
        make_override(specialist, day=today + timedelta(days=7 - today.weekday()))
        monday = owner.get(url(PAGE)).context["picture"]["weeks"][1][0]
        assert (monday["text"], monday["is_special"]) == ("", True)

    def test_costs_the_same_statements_however_many_rows(self, owner, specialist):
        owner.get(url(PAGE))
        with CaptureQueriesContext(connection) as few:
            owner.get(url(PAGE))
        DateOverride.objects.bulk_create(
            DateOverride(specialist=specialist, date=tomorrow(number), kind="day_off")
            for number in range(1, 60)
        )
        make_hours(specialist, weekdays=range(7), start="20:00", end="21:00")
        with CaptureQueriesContext(connection) as many:
            owner.get(url(PAGE))
        assert len(many) == len(few) <= 9

    def test_changes_nothing_on_opening(self, owner, specialist):
        assert owner.get(url(PAGE), {"do": "save", "weekly-total": "0"}).status_code == 200
        assert len(week()) == 5


class TestWhoMay:
    def test_an_assistant_works_with_the_schedule(self, specialist):
        assistant = signed_in_as("assistant")
        assert "Расписание сохранено" in said(
            send(assistant, typed_page(assistant) | {"weekly-0-start": "11:00"})
        )
        assert audited("schedule_changed")[0].role == "assistant"

    def test_an_editor_and_a_guest_do_not(self, client, specialist):
        editor = signed_in_as("editor")
        assert editor.get(url(PAGE)).status_code == 403
        assert editor.post(url(PAGE), {"do": "save"}).status_code == 403
        assert client.post(url(PAGE), {"do": "save"}).status_code == 302
        assert len(week()) == 5

    def test_nobody_gets_at_single_rows(self, owner, specialist):
        row = WeeklyHours.objects.first()
        assert owner.get(url("weeklyhours_change", row.pk)).url == url(PAGE)
        assert owner.post(url("weeklyhours_change", row.pk), {"start_minute": 1}).status_code == 403
        assert owner.post(url("weeklyhours_delete", row.pk), {"post": "yes"}).status_code == 403
        assert owner.post(url("weeklyhours_add"), {"weekday": 1}).status_code == 403
        assert len(week()) == 5
