"""The week editor in a real browser: hours are added, mended and saved by mouse and by keyboard."""

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Page, expect

from apps.booking.models import WeeklyHours
from apps.identity.infrastructure.staff_session_store import VISIT
from tests.booking.factories import make_appointment, make_hours, make_service, make_specialist, next_monday
from tests.booking.presentation.admin.pages import signed_in_as, url

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

PAGE = "weeklyhours_changelist"


@pytest.fixture
def specialist():
    specialist = make_specialist()
    make_hours(specialist, weekdays=range(5), start="10:00", end="19:00")
    return specialist


@pytest.fixture(params=[1440, 390], ids=["wide", "phone"])
def page(request, live_server, specialist, open_page) -> Page:
    visitor = signed_in_as("owner")
    visit = visitor.session
    visit[VISIT] = {**visit[VISIT], "factor_at": timezone.now().timestamp()}
    visit.save()
    session = visitor.cookies[settings.SESSION_COOKIE_NAME]
    cookie = {"name": session.key, "value": session.value, "url": live_server.url}
    page = open_page("/health/live", width=request.param)
    page.context.add_cookies([cookie])
    page.goto(url(PAGE))
    return page


def week() -> list[tuple[int, int, int]]:
    return list(
        WeeklyHours.objects.order_by("weekday", "start_minute").values_list(
            "weekday", "start_minute", "end_minute"
        )
    )


def test_hours_are_added_and_saved(page: Page) -> None:
    page.get_by_role("button", name="Добавить часы · суббота").click()
    start = page.locator("#id_weekly-5-start")
    expect(start).to_be_focused()
    start.fill("12:00")
    page.keyboard.press("Tab")
    page.keyboard.type("15:30")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Расписание сохранено.")).to_be_visible()
    assert week()[-1] == (5, 720, 930)


def test_an_overlap_is_told_at_its_row_and_mended(page: Page) -> None:
    page.get_by_role("button", name="Добавить часы · понедельник").click()
    expect(page.locator("#id_weekly-1-start")).to_be_focused()
    page.locator("#id_weekly-1-start").fill("18:00")
    page.get_by_role("button", name="Сохранить расписание").click()
    expect(page.locator(".bk-wrong .bk-error")).to_contain_text("пересекаются")
    assert len(week()) == 5
    expect(page.locator("#id_weekly-1-start")).to_have_value("18:00")
    page.locator("#id_weekly-1-start").fill("20:00")
    page.get_by_role("button", name="Сохранить расписание").click()
    expect(page.get_by_text("Расписание сохранено.")).to_be_visible()
    assert week()[1] == (0, 1200, 1380)


def test_appointments_in_the_way_are_shown_and_kept(page: Page, specialist) -> None:
    appointment = make_appointment(service=make_service(specialist), start=next_monday(18))
    page.locator("#id_weekly-0-end").fill("17:00")
    page.get_by_role("button", name="Сохранить расписание").click()
    expect(page.get_by_role("alert")).to_contain_text("1 запись окажется вне рабочего времени")
    assert week()[0] == (0, 600, 1140)
    page.get_by_role("button", name="Сохранить всё равно").click()
    expect(page.get_by_text("остались как есть")).to_be_visible()
    assert week()[0] == (0, 600, 1020)
    appointment.refresh_from_db()
    assert appointment.status == "confirmed"


def test_a_day_is_copied_and_hours_are_removed(page: Page) -> None:
    page.locator("#id_weekly-0-start").fill("13:00")
    monday = page.get_by_role("group", name="понедельник")
    monday.get_by_text("Скопировать на другие дни").click()
    monday.get_by_label("воскресенье").check()
    monday.get_by_role("button", name="Скопировать", exact=True).click()
    expect(page.locator("#id_weekly-5-start")).to_have_value("13:00")
    page.get_by_role("group", name="пятница").get_by_role("button", name="Убрать эти часы").click()
    expect(page.get_by_role("group", name="пятница").locator(".bk-hours")).to_have_count(0)
    page.get_by_role("button", name="Сохранить расписание").click()
    expect(page.get_by_text("Расписание сохранено.")).to_be_visible()
    assert [weekday for weekday, _start, _end in week()] == [0, 1, 2, 3, 6]
    assert week()[-1] == (6, 780, 1140)


def test_a_whole_day_off_asks_for_no_times_and_nothing_sticks_out(page: Page) -> None:
    page.get_by_role("button", name="Добавить дату").click()
    kind = page.locator("#id_override-0-kind")
    expect(page.locator("#id_override-0-start")).to_be_hidden()
    kind.select_option("time_off")
    expect(page.locator("#id_override-0-start")).to_be_visible()
    root = "document.documentElement"
    assert page.evaluate(f"{root}.scrollWidth <= {root}.clientWidth")
