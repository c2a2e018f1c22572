"""A newcomer follows a payment and a letter in the sandbox, with eyes and with a keyboard only."""

import pytest
from playwright.sync_api import Page, expect

from tests.sandbox.letters import letter, send, with_invitation
from tests.sandbox.shop import Shop

UNNAMED = """
() => [...document.querySelectorAll("a, button, input:not([type=hidden]), select, textarea, iframe, summary")]
    .filter((one) => !(one.labels?.length || one.textContent.trim() || one.title || one.ariaLabel))
    .map((one) => one.outerHTML)
"""


@pytest.fixture
def visit(browser, sandbox):
    """Opens a page of the sandbox; fails the test for what the browser complains about."""
    context = browser.new_context(
        base_url=sandbox.base_url, locale="ru-RU", viewport={"width": 1280, "height": 900}
    )
    context.set_default_timeout(15_000)
    complaints: list[str] = []
    context.on(
        "console", lambda message: complaints.append(message.text) if message.type == "error" else None
    )
    context.on("weberror", lambda error: complaints.append(str(error.error)))

    def visit_(path: str) -> Page:
        page = context.new_page()
        page.goto(path)
        return page

    yield visit_
    context.close()
    assert complaints == []


def test_the_front_page_shows_what_comes_while_one_looks(visit, sandbox):
    page = visit("/")
    expect(page.get_by_text("Писем пока нет.")).to_be_visible()

    send(sandbox, letter(subject="Код для входа"))
    Shop(sandbox).order("4500.00", description="Консультация")

    expect(page.get_by_role("link", name="Код для входа")).to_be_visible()
    payments = page.get_by_role("region", name="Платежи")
    expect(payments.get_by_text("ожидает оплаты")).to_be_visible()
    mailbox = page.get_by_role("region", name="Почта")
    assert abs(mailbox.bounding_box()["y"] - payments.bounding_box()["y"]) < 2


def test_a_payment_is_made_with_the_keyboard_alone(visit, sandbox):
    payment = Shop(sandbox).order(
        "4500.00", confirmation={"type": "redirect", "return_url": f"{sandbox.base_url}/letters"}
    )
    page = visit(f"/pay/{payment.id}")

    page.get_by_label("Банковская карта").focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("СБП")).to_be_checked()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Оплатить")).to_be_focused()
    page.keyboard.press("Enter")

    page.wait_for_url("**/letters")
    assert sandbox.payments()[0]["payment_method"]["type"] == "sbp"


def test_a_declined_try_is_told_and_repeated(visit, sandbox):
    payment = Shop(sandbox).order("4500.00")
    page = visit(f"/pay/{payment.id}")

    page.get_by_role("button", name="Отказать").click()

    expect(page.get_by_role("alert")).to_contain_text("недостаточно средств")
    assert sandbox.payments()[0]["status"] == "pending"


def test_a_letter_is_read_in_its_cage(visit, sandbox):
    send(sandbox, with_invitation(letter()))
    page = visit("/")

    page.get_by_role("link", name="Вы записаны").click()

    expect(page.frame_locator("iframe").get_by_text("Здравствуйте, Анна!")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="схема проезда.png").click()
    assert download.value.suggested_filename == "схема проезда.png"


def test_a_fault_is_switched_on_and_lifted(visit, sandbox):
    page = visit("/control")

    page.get_by_role("form", name="Вызовы ЮKassa").get_by_role("button", name="Сломать").click()
    expect(page.get_by_role("status")).to_contain_text("ответ не приходит")
    page.get_by_role("button", name="Снять все").click()

    expect(page.get_by_role("status")).to_have_count(0)
    assert sandbox.state()["faults"] == []


def test_everything_has_a_name_for_those_who_do_not_see(visit, sandbox):
    payment = Shop(sandbox).paid("4500.00")
    open_payment = Shop(sandbox).order("4500.00")
    send(sandbox, with_invitation(letter()))
    key = sandbox.letters()[0]["id"]

    for path in (
        "/",
        "/control",
        "/letters",
        f"/letters/{key}",
        f"/payments/{payment.id}",
        f"/pay/{open_payment.id}",
    ):
        page = visit(path)
        assert page.evaluate(UNNAMED) == [], path
        assert page.locator("h1").count() == 1, path
        assert page.locator("main").count() == 1, path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        page.set_viewport_size({"width": 360, "height": 700})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
