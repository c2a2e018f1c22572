"""What the specialist does in the workspace, again and again."""

from playwright.sync_api import Page


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
