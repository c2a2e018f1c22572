"""A real browser against a real server, with the demo practice behind it."""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from project.demo.practice import read_fixture
from tests.e2e import steps
from tests.e2e.whole_system import WholeSystem

ARTIFACTS = Path(os.environ.get("DATA_DIR") or "var") / "e2e"
QUIET = [
    "--no-first-run",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "e2e" in Path(item.fspath).parts:
            item.add_marker(pytest.mark.e2e)
            item.add_marker(pytest.mark.real_mfa)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    # The sync interface of Playwright keeps an event loop in this thread, which Django would refuse to share.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []  # root has no sandbox to offer
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM_PATH"), args=[*QUIET, *sandbox]
        )
        yield browser
        browser.close()


class Complaints:
    """What went wrong in the browser: errors of scripts, refused contents, failed requests."""

    def __init__(self, context: BrowserContext, ours: tuple[str, ...]) -> None:
        self.found: list[str] = []
        self._ours = ours
        context.on("console", lambda message: self._note(message.type == "error", message.text))
        context.on("weberror", lambda error: self._note(True, str(error.error)))
        context.on(
            "response", lambda answer: self._note(answer.status >= 400, f"{answer.status} {answer.url}")
        )
        context.on("request", lambda request: self._note(self._is_foreign(request.url), request.url))

    def _note(self, is_complaint: bool, text: str) -> None:
        if is_complaint:
            self.found.append(text)

    def _is_foreign(self, url: str) -> bool:
        return not url.startswith((*self._ours, "data:", "blob:", "about:"))


@pytest.fixture
def open_page(browser: Browser, live_server, request) -> Iterator[Callable[..., Page]]:
    """Opens a page in a new window; fails the test for anything that the browser complains about."""
    contexts: list[tuple[BrowserContext, Complaints]] = []

    def open_(path: str, *, width: int = 1440, dark: bool = False, **options) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            locale="ru-RU",
            **options,
        )
        context.set_default_timeout(15_000)
        contexts.append((context, Complaints(context, (live_server.url,))))
        page = context.new_page()
        page.goto(path)
        return page

    yield open_
    complaints = []
    for number, (context, heard) in enumerate(contexts):
        ARTIFACTS.mkdir(parents=True, exist_ok=True)
        name = re.sub(r"\W+", "-", request.node.name).strip("-")
        for page in context.pages:
            page.screenshot(path=ARTIFACTS / f"{name}-{number}.png")
        context.close()
        complaints += heard.found
    assert complaints == []


@pytest.fixture
def demo(transactional_db) -> dict:
    """The demo practice is loaded; returns its fixture."""
    call_command("load_demo", verbosity=0)
    steps.forget_codes()
    return read_fixture()


@pytest.fixture
def sign_in(open_page, demo) -> Callable[..., Page]:
    """Signs a member of the staff in, by role, and returns the page after it."""

    def sign_in_(role: str = "owner", **options) -> Page:
        person = next(each for each in demo["staff"] if each["role"] == role)
        page = open_page("/admin/", **options)
        steps.sign_in(page, person, demo["password"])
        return page

    return sign_in_


@pytest.fixture(scope="session")
def system_of_this_session() -> Iterator[WholeSystem]:
    system = WholeSystem()
    yield system
    system.remove()


@pytest.fixture
def whole_system(system_of_this_session: WholeSystem) -> WholeSystem:
    """What `make run` starts, running; shared, because it takes its time."""
    return system_of_this_session.start()
