"""A booking through the real processes of `make run`: letter, payment, confirmation, money given back."""

import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from project.demo.practice import read_fixture
from tests.e2e.conftest import ARTIFACTS, Complaints
from tests.e2e.steps import book, run_command, send, sign_in
from tests.e2e.whole_system import WholeSystem, wait_until
from tests.sandbox_process import Sandbox

AT_ONCE = 5.0
"""Seconds: what a notification brings about. The sweep for payments nobody told of comes every minute."""


@pytest.fixture
def window(browser: Browser, whole_system: WholeSystem) -> Iterator[Callable[..., Page]]:
    """Opens the pages of web and sandbox; fails the test for what the browser complains about."""
    opened: list[tuple[BrowserContext, Complaints]] = []

    def open_(path: str, *, width: int = 1440) -> Page:
        context = browser.new_context(
            base_url=whole_system.base_url, viewport={"width": width, "height": 900}, locale="ru-RU"
        )
        context.set_default_timeout(30_000)
        ours = (whole_system.base_url, whole_system.sandbox.base_url)
        opened.append((context, Complaints(context, ours)))
        page = context.new_page()
        page.goto(path)
        return page

    yield open_
    ARTIFACTS.mkdir(parents=True, exist_ok=True)
    complaints = []
    for number, (context, heard) in enumerate(opened):
        for page in context.pages:
            page.screenshot(path=ARTIFACTS / f"journey-{number}.png", full_page=True)
        context.close()
        complaints += heard.found
    assert complaints == []


@pytest.fixture
def workspace(window) -> Page:
    """The overview of the owner."""
    demo = read_fixture()
    page = window("/admin/")
    owner = next(each for each in demo["staff"] if each["role"] == "owner")
    sign_in(page, owner, demo["password"])
    return page


def letter(system: WholeSystem, seen: set[str], **about: str) -> dict[str, Any]:
    """The first new letter whose subject or text holds what is asked for."""
    found: list[dict[str, Any]] = []

    def arrived() -> bool:
        new = [each for each in system.sandbox.letters() if each["id"] not in seen]
        found[:] = [each for each in new if all(re.search(about[name], each[name]) for name in about)]
        return bool(found)

    assert wait_until(arrived, 30), (about, [each["subject"] for each in system.sandbox.letters()])
    seen.add(found[0]["id"])
    return found[0]


def seconds_until(page: Page, selector: str, *, began: float) -> float:
    """Reload the page until it shows the selector; the seconds since ``began``."""
    shown = wait_until(lambda: (page.reload(), page.locator(selector).count() > 0)[1], 90)
    assert shown, page.inner_text("main")
    return time.monotonic() - began


def invitation(letter_: dict[str, Any]) -> dict[str, Any]:
    (found,) = letter_["attachments"]
    assert (found["filename"], found["content_type"]) == ("invite.ics", "text/calendar")
    return found


def pay_link(system: WholeSystem, letter_: dict[str, Any]) -> str:
    """It leads to web, whatever ports the other processes were given."""
    (link,) = set(re.findall(r"http\S+/pay/[^\s)>]+", letter_["text"]))
    assert link.startswith(f"{system.base_url}/pay/")
    return str(link)


def refunds_of(sandbox: Sandbox, payment: dict[str, Any]) -> list[str]:
    refunds = sandbox.state()["refunds"]
    return [each["amount"]["value"] for each in refunds if each["payment_id"] == payment["id"]]


def test_the_client_pays_and_the_specialist_cancels(whole_system, workspace, window):
    sandbox = whole_system.sandbox
    seen = {each["id"] for each in sandbox.letters()}
    known = {each["id"] for each in sandbox.payments()}
    appointment = book(workspace)
    asking = letter(whole_system, seen, text="/pay/")

    # the client, with a phone: letter → what is due → the provider's page → back
    client = window(pay_link(whole_system, asking), width=390)
    expect(client.get_by_text("Ждёт оплаты")).to_be_visible()
    assert client.evaluate("document.documentElement.scrollWidth <= innerWidth")
    client.locator("input[name=kind][value=full]").check()
    client.get_by_role("button", name="Оплатить").click()
    client.wait_for_url(f"{whole_system.sandbox.base_url}/pay/**")
    assert client.evaluate("document.documentElement.scrollWidth <= innerWidth")
    client.get_by_role("button", name="Оплатить").click()
    paid_at = time.monotonic()
    assert seconds_until(workspace, ".ws-status-confirmed", began=paid_at) <= AT_ONCE
    client.wait_for_url("**/return/**")
    expect(client.get_by_role("heading", name="Спасибо, оплата прошла")).to_be_visible(timeout=15_000)
    assert client.evaluate("document.documentElement.scrollWidth <= innerWidth")

    # because the provider has told web, and was understood the first time
    (payment,) = [each for each in sandbox.payments() if each["id"] not in known]
    (told,) = [each for each in sandbox.state()["webhooks"] if each["object"]["id"] == payment["id"]]
    assert told["event"] == "payment.succeeded"
    assert told["url"] == f"{whole_system.base_url}/webhooks/yookassa/"
    assert [each["status"] for each in told["tries"]] == [200]
    workspace.goto("/admin/payments/payment/")
    expect(workspace.locator("#result_list tbody tr").first).to_contain_text("оплачен")

    confirmed = letter(whole_system, seen, subject="подтвержд")
    assert confirmed["to"] == asking["to"]
    assert invitation(confirmed)["parameters"]["method"] == "REQUEST"
    letter(whole_system, seen, subject="[Оо]плат")

    # canceled by the specialist: the whole sum goes back by itself, and the event leaves the calendar
    workspace.goto(appointment)
    run_command(workspace, "cancel")
    workspace.check("#dialog input[name=by][value=specialist]")
    send(workspace)
    canceled = letter(whole_system, seen, subject="отменена")
    assert invitation(canceled)["parameters"]["method"] == "CANCEL"
    assert wait_until(lambda: refunds_of(sandbox, payment) == [payment["amount"]["value"]], 30)
    seconds_until(workspace, "text=Возвращено", began=time.monotonic())


def test_money_is_given_back_by_hand(whole_system, workspace):
    sandbox = whole_system.sandbox
    seen = {each["id"] for each in sandbox.letters()}
    known = {each["id"] for each in sandbox.payments()}
    book(workspace)
    link = pay_link(whole_system, letter(whole_system, seen, text="/pay/"))
    appointment = workspace.url

    # paid, and the client never comes back from the provider's page: only a notification can tell
    client = workspace.context.browser.new_context(base_url=whole_system.base_url)
    page = client.new_page()
    page.goto(link)
    page.locator("input[name=kind][value=full]").check()
    page.get_by_role("button", name="Оплатить").click()
    page.wait_for_url(f"{sandbox.base_url}/pay/**")
    client.close()
    (payment,) = [each for each in sandbox.payments() if each["id"] not in known]
    sandbox.pay(payment["id"], method="sbp")
    assert seconds_until(workspace, ".ws-status-confirmed", began=time.monotonic()) <= AT_ONCE

    workspace.goto(appointment)
    workspace.locator("a[href*='/payments/payment/'][href*='/change/']").first.click()
    workspace.wait_for_selector(".ws-hero")
    run_command(workspace, "refund")
    amount = workspace.locator("#dialog input[name=amount]")
    assert amount.input_value() == payment["amount"]["value"].removesuffix(".00")
    amount.fill("100")
    send(workspace)
    assert wait_until(lambda: refunds_of(sandbox, payment) == ["100.00"], 30)
    run_command(workspace, "refund")
    assert "100" in workspace.inner_text("#dialog")
    left = float(payment["amount"]["value"]) - 100
    assert float(workspace.locator("#dialog input[name=amount]").input_value()) == left
