"""Pictures of the workspace for the README, from the demo practice: ``python -m tests.e2e.screenshots URL``.

URL is the address of a running server (``make run``). Writes docs/screenshots/*.png.
"""

import json
import os
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent.parent
TARGET = ROOT / "docs" / "screenshots"
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
PICTURES = (
    ("overview", "/admin/", WIDE, "light", ""),
    ("overview-dark", "/admin/", WIDE, "dark", ""),
    ("overview-phone", "/admin/", NARROW, "light", ""),
    ("calendar", "/admin/booking/appointment/calendar/", WIDE, "light", ".fc-next-button"),
    ("appointments", "/admin/booking/appointment/?tab=upcoming", WIDE, "light", ""),
    ("appointment", "first", WIDE, "light", ""),
    ("cancel", "first", WIDE, "light", "a[hx-get$='/cancel/']"),
)


def sign_in(page: Page, base: str) -> None:
    practice = json.loads((ROOT / "fixtures" / "demo" / "practice.json").read_text())
    owner = next(each for each in practice["staff"] if each["role"] == "owner")
    page.goto(f"{base}/admin/")
    page.fill("input[name=username]", owner["email"])
    page.fill("input[name=password]", practice["password"])
    page.click("button[type=submit]")
    page.wait_for_url(lambda url: "/login/" not in url)


def main(base: str) -> None:
    TARGET.mkdir(parents=True, exist_ok=True)
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ.get("CHROMIUM_PATH"), args=sandbox)
        state = None
        for name, path, size, scheme, press in PICTURES:
            context = browser.new_context(
                viewport=size, color_scheme=scheme, locale="ru-RU", storage_state=state
            )
            page = context.new_page()
            if state is None:
                sign_in(page, base)
                state = context.storage_state()
            if path == "first":
                page.goto(f"{base}/admin/booking/appointment/?tab=upcoming")
                page.click("#result_list .field-when a >> nth=1")
            else:
                page.goto(base + path)
            page.wait_for_load_state("networkidle")
            if press:
                page.click(press)
                page.wait_for_load_state("networkidle")
            page.wait_for_timeout(500)
            page.screenshot(path=TARGET / f"{name}.png")
            context.close()
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"))
