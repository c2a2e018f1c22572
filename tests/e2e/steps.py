"""What the specialist does in the workspace, again and again."""

import time

from playwright.sync_api import Page

from sandbox.authenticator import STEP, code_of

_used: dict[str, int] = {}


def fresh_code(secret: str) -> str:
    """A code not given before: each works once. The one to come is accepted already; else this waits."""
    step = max(int(time.time()) // STEP, _used.get(secret, 0) + 1)
    while step > int(time.time()) // STEP + 1:
        time.sleep(0.5)
    _used[secret] = step
    return code_of(secret, step)


def forget_codes() -> None:
    """The database is another one, in which no code was used."""
    _used.clear()


def sign_in(page: Page, person: dict[str, str], password: str) -> None:
    """From the sign-in page into the workspace: password, then the code of the person's authenticator."""
    page.fill("input[name=username]", person["email"])
    page.fill("input[name=password]", password)
    page.click("button[type=submit]")
    page.wait_for_url("**/second-factor/**")
    page.fill("input[name=second_factor]", fresh_code(person["totp_secret"]))
    page.click("form.ws-step button[type=submit]")
    page.wait_for_url(lambda url: "/second-factor/" not in url and "/login/" not in url)


def pick_a_time(page: Page) -> str:
    """Choose the first free time on offer; returns its instant."""
    page.wait_for_selector("#id_start input[name=start]")
    first = page.locator("#id_start input[name=start]").first
    first.check(force=True)
    return first.get_attribute("value") or ""


def send(page: Page) -> None:
    page.click("#dialog button[type=submit]")
    page.wait_for_selector("#dialog", state="detached")


def run_command(page: Page, command: str) -> None:
    page.locator(f"a[hx-get$='/{command}/']:visible").first.click()
    page.wait_for_selector("#dialog-title")


def book(page: Page, *, service: str = "first-consultation") -> str:
    """«Записать клиента», from the overview; returns the address of the appointment's page."""
    page.goto("/admin/")
    run_command(page, "book")
    page.select_option("#dialog select[name=service]", service)
    pick_a_time(page)
    page.fill("#id_client_search", "анн")
    page.locator("#dialog .ws-found .ws-choice").first.click()
    send(page)
    page.wait_for_selector(".ws-hero")
    return page.url
