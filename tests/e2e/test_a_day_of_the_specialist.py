"""The specialist's day in a browser: book, move, cancel with the consequences shown, record an outcome."""

from datetime import UTC, datetime, timedelta

import pytest

from apps.booking.models import Appointment, Service
from tests.booking.factories import make_appointment
from tests.e2e.steps import pick_a_time, run_command, send

SCREENS = pytest.mark.parametrize(
    ("width", "dark"), [(1440, False), (390, True)], ids=["wide-light", "narrow-dark"]
)


@SCREENS
def test_books_moves_and_cancels(sign_in, width, dark):
    page = sign_in("owner", width=width, dark=dark)
    assert page.locator(".ws-figure").count() == 6

    # book, first forgetting the client: the dialog says so and loses nothing
    run_command(page, "book")
    service = Service.objects.get(slug="first-consultation")
    page.select_option("#dialog select[name=service]", service.slug)
    wanted = pick_a_time(page)
    page.click("#dialog button[type=submit]")
    page.wait_for_selector("#dialog .errors")
    assert "Найдите клиента" in page.inner_text("#dialog")
    assert page.locator("#id_start input[name=start]:checked").get_attribute("value") == wanted

    page.fill("#id_client_search", "а")
    page.fill("#id_client_search", "анн")
    page.locator("#dialog .ws-found .ws-choice").first.click()
    send(page)
    page.wait_for_selector(".ws-hero")
    assert "Запись создана" in page.inner_text("#main")
    appointment = Appointment.objects.get(start=wanted, entry_point="admin")
    assert page.url.endswith(f"/{appointment.pk}/change/")

    # an outside payment confirms it
    run_command(page, "record_payment")
    send(page)
    page.wait_for_selector(".ws-status-confirmed")

    # move it
    run_command(page, "reschedule")
    moved_to = pick_a_time(page)
    send(page)
    page.wait_for_selector("text=Перенесена на другое время")
    appointment.refresh_from_db()
    assert appointment.start == datetime.fromisoformat(moved_to)

    # cancel it: what has to be given back is read first
    run_command(page, "cancel")
    assert "возвращается вся сумма" in page.inner_text("#dialog")
    page.check("#dialog input[name=by][value=specialist]")
    send(page)
    page.wait_for_selector(".ws-status-canceled")
    assert "К возврату" in page.inner_text("main")


@SCREENS
def test_records_how_a_session_ended(sign_in, width, dark):
    page = sign_in("owner", width=width, dark=dark)
    start = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=30)
    appointment = make_appointment(
        service=Service.objects.get(slug="first-consultation"), start=start, buffer_after_minutes=10
    )

    page.goto("/admin/booking/appointment/?tab=outcome")
    page.locator(f"a[href*='{appointment.pk}/change/']").first.click()
    run_command(page, "record_outcome")
    page.fill("#dialog textarea", "Договорились о встрече через неделю.")
    send(page)
    page.wait_for_selector(".ws-status-completed")
    assert "Договорились" not in page.inner_text("main")
    page.click("text=Прочитать заметки")
    page.click("label:has-text('Супервизия')")
    page.click("text=Открыть текст")
    page.wait_for_selector("text=Договорились о встрече через неделю.")


def test_drags_a_session_to_another_time(sign_in):
    page = sign_in("owner")
    page.goto("/admin/booking/appointment/calendar/")
    page.wait_for_selector(".fc-timegrid-slot")
    page.click(".fc-next-button")
    box = page.locator(".fc-event-draggable.ws-event-confirmed").first
    box.wait_for()
    appointment = Appointment.objects.get(pk=box.get_attribute("href").split("/")[-3])
    box.scroll_into_view_if_needed()
    place = box.bounding_box()
    slot = page.locator(".fc-timegrid-slot-lane").first.bounding_box()["height"]
    x, y = place["x"] + place["width"] / 2, place["y"] + 6
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y + slot, steps=5)
    page.mouse.move(x, y + 2 * slot, steps=5)
    page.mouse.up()
    page.wait_for_selector("#calendar-question[open]")
    page.click("#calendar-question button[value=no]")
    page.wait_for_selector("#calendar-question[open]", state="detached")
    before = appointment.start
    appointment.refresh_from_db()
    assert appointment.start == before


def test_finds_a_client_by_the_palette_and_the_keyboard(sign_in):
    page = sign_in("owner")
    page.keyboard.press("Control+k")
    page.locator("#search-input-command:focus").press_sequentially("анна")
    page.wait_for_selector("#command-results-list a")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/identity/client/**")


def test_a_dialog_is_closed_and_sent_by_the_keyboard(sign_in):
    page = sign_in("owner")
    page.goto("/admin/booking/appointment/?tab=answer")
    page.locator(".ws-row-menu button").first.focus()
    page.keyboard.press("Enter")
    page.locator(".ws-menu:visible a").first.wait_for()
    page.locator(".ws-menu:visible a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#dialog-title")
    page.keyboard.press("Escape")
    page.wait_for_selector("#dialog-title", state="hidden")
