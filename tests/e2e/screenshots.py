"""Pictures for the README, from the demo practice: ``python -m tests.e2e.screenshots URL [SANDBOX_URL]``.

URL is the address of a running server (``make run``), whose sandbox listens ten ports further unless it is
given. Books and pays once, so that there is something to see. Writes docs/screenshots/*.png.
"""

import json
import os
import re
import sys
from pathlib import Path
from urllib.parse import urlsplit

import requests
from playwright.sync_api import Browser, Page, sync_playwright

from tests.e2e import steps
from tests.e2e.steps import book

ROOT = Path(__file__).resolve().parent.parent.parent
TARGET = ROOT / "docs" / "screenshots"
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
# Name, address or how to find it, size, colours, what is pressed before.
PICTURES = (
    ("overview", "/admin/", WIDE, "light", ""),
    ("security", "/admin/security/", WIDE, "light", ""),
    ("overview-dark", "/admin/", WIDE, "dark", ""),
    ("overview-phone", "/admin/", NARROW, "light", ""),
    ("calendar", "/admin/booking/appointment/calendar/", WIDE, "light", ".fc-next-button"),
    ("appointments", "/admin/booking/appointment/?tab=upcoming", WIDE, "light", ""),
    ("appointment", "first", WIDE, "light", ""),
    ("cancel", "first", WIDE, "light", "a[hx-get$='/cancel/']"),
    ("payments", "/admin/payments/payment/", WIDE, "light", ""),
    ("payment", "/admin/payments/payment/", WIDE, "light", "tr:has-text('2 500'):has-text('СБП') th a"),
    ("template", "/admin/messaging/messagetemplate/", WIDE, "light", "tr:has-text('подтвержд') th a"),
    ("pay-phone", "pay", NARROW, "light", ""),
    ("sandbox", "sandbox", WIDE, "light", ""),
    ("letter", "sandbox", WIDE, "light", "a:has-text('Запись подтверждена')"),
)


def sign_in(page: Page) -> None:
    practice = json.loads((ROOT / "fixtures" / "demo" / "practice.json").read_text())
    owner = next(each for each in practice["staff"] if each["role"] == "owner")
    page.goto("/admin/")
    steps.sign_in(page, owner, practice["password"])


def live_through_a_booking(page: Page, sandbox: str) -> str:
    """Book for a client and pay for them; returns the link to pay of one more booking, which awaits that."""
    book(page)
    page.wait_for_timeout(3000)
    page.goto(pay_link(sandbox))
    page.click("button.primary")
    page.wait_for_url(f"{sandbox}/pay/**")
    page.click("button.primary")
    page.wait_for_url("**/return/**")
    page.wait_for_timeout(5000)
    book(page)
    page.wait_for_timeout(3000)
    return pay_link(sandbox)


def pay_link(sandbox: str) -> str:
    """The link of the newest letter that has one."""
    letters = requests.get(f"{sandbox}/sandbox/mailbox/", timeout=30).json()
    return re.findall(r"http\S+/pay/[^\s)>]+", "\n".join(each["text"] for each in letters))[0]


def find(page: Page, path: str, pay: str, sandbox: str) -> None:
    if path == "first":
        page.goto("/admin/booking/appointment/?tab=upcoming")
        page.click("#result_list .field-when a >> nth=1")
    else:
        page.goto({"pay": pay, "sandbox": sandbox}.get(path, path))
    page.wait_for_load_state("networkidle")


def take(browser: Browser, base: str, sandbox: str) -> None:
    context = browser.new_context(base_url=base, viewport=WIDE, locale="ru-RU")
    page = context.new_page()
    sign_in(page)
    pay = live_through_a_booking(page, sandbox)
    state = context.storage_state()
    for name, path, size, scheme, press in PICTURES:
        context = browser.new_context(
            base_url=base, viewport=size, color_scheme=scheme, locale="ru-RU", storage_state=state
        )
        page = context.new_page()
        find(page, path, pay, sandbox)
        if press:
            page.locator(press).first.click()
            page.wait_for_load_state("networkidle")
        page.wait_for_timeout(700)
        page.screenshot(path=TARGET / f"{name}.png")
        context.close()


def main(base: str, sandbox: str = "") -> None:
    port = urlsplit(base).port or 8000
    TARGET.mkdir(parents=True, exist_ok=True)
    without = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ.get("CHROMIUM_PATH"), args=without)
        take(browser, base, sandbox or base.replace(f":{port}", f":{port + 10}"))
        browser.close()


if __name__ == "__main__":
    main(*(each.rstrip("/") for each in sys.argv[1:]))
