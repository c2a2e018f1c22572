"""What somebody sends in is text to whoever reads it, on every page of the workspace and beside it.

Once as HTML, in which no attack may stand as anything but text; and once in a real browser, with the policy
of the pages and without it: nothing runs because it is escaped, and nothing would if it were not.
"""

from collections.abc import Iterator

import pytest
from django.test import Client as Browser
from django.urls import reverse
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Error

from apps.booking.models import Appointment
from apps.identity.infrastructure.models import User
from apps.messaging.infrastructure.links import reminders_token
from apps.payments.infrastructure.pay_links import pay_token
from tests.attacks.poisoned import MARKS, WORD, poison
from tests.booking.factories import make_staff
from tests.e2e.conftest import browser
from tests.project.test_access_matrix import PAGES, address, rows

__all__ = ["browser", "rows"]

NOT_OPENED = {"logout"}


@pytest.fixture
def pages(rows) -> Iterator[list[str]]:
    """The addresses of every page of the workspace, with and without filters, and of the public ones."""
    owner = make_staff("owner")
    poison()
    appointment = Appointment.objects.first()
    assert appointment is not None
    yield [
        f"/pay/{pay_token(appointment.pk)}/",
        f"/letters/reminders/{reminders_token(appointment.client_id)}/",
        *sorted(
            {url for name, route in PAGES if name not in NOT_OPENED and (url := address(name, route, rows))}
        ),
        f"{reverse('admin:search')}?s={WORD}",
        f"{reverse('admin:booking_appointment_changelist')}?q=%22%3E%3Cimg+src%3Dx+onerror%3Dpwned%3D1%3E",
        f"{reverse('admin:identity_client_changelist')}?q=%27);pwned=1;//",
        f"{reverse('admin:login')}?next=%22%3E%3Cimg+src%3Dx+onerror%3Dpwned%3D1%3E",
    ]
    assert User.objects.filter(pk=owner.pk).exists()


@pytest.mark.django_db
def test_no_attack_stands_in_the_html_of_any_page(pages: list[str]) -> None:
    staff = Browser(raise_request_exception=False)
    staff.force_login(User.objects.filter(role="owner").latest("created_at"))
    broken, through, shown = [], [], 0
    for url in pages:
        answer = staff.get(url)
        if answer.status_code >= 500:
            broken.append(url)
        if "html" not in answer.get("Content-Type", ""):
            continue
        text = answer.content.decode()
        shown += WORD in text
        through += [f"{url}: {mark}" for mark in MARKS if mark in text]
    assert broken == []
    assert through == []
    assert shown > 40


@pytest.mark.e2e
@pytest.mark.parametrize("policy", [True, False], ids=["with the policy", "without the policy"])
def test_nothing_runs_in_a_browser(
    browser: Chromium, live_server, transactional_db, pages: list[str], policy: bool
) -> None:
    staff = Browser()
    staff.force_login(User.objects.filter(role="owner").latest("created_at"))
    context = browser.new_context(base_url=live_server.url, locale="ru-RU", bypass_csp=not policy)
    context.set_default_timeout(10_000)
    context.add_cookies(
        [{"name": "sessionid", "value": staff.cookies["sessionid"].value, "url": live_server.url}]
    )
    heard: list[str] = []
    page = context.new_page()
    page.on("dialog", lambda dialog: (heard.append(f"{page.url}: {dialog.message}"), dialog.dismiss()))
    page.on(
        "console",
        lambda said: (
            heard.append(f"{page.url}: {said.text}")
            if "Content Security Policy" in said.text or "Content-Security-Policy" in said.text
            else None
        ),
    )
    seen = 0
    for url in [each for each in pages if WORD in staff.get(each).content.decode(errors="replace")]:
        try:
            page.goto(url, wait_until="load")
        except Error:
            continue  # a download
        if page.evaluate("typeof pwned !== 'undefined'"):
            heard.append(f"{url}: it ran")
        seen += WORD in page.evaluate("document.body ? document.body.innerText : ''")
    assert page.evaluate("() => { pwned = 1; return typeof pwned !== 'undefined' }"), "the control"
    context.close()
    assert heard == []
    assert seen > 30
