"""A form of another site changes nothing: every page of the workspace that takes a POST wants its token."""

import pytest
from django.test import Client

from tests.booking.factories import make_staff
from tests.project.test_access_matrix import PAGES, address, rows

__all__ = ["rows"]

pytestmark = pytest.mark.django_db

HARMLESS = {403, 404, 405}


def test_no_page_takes_a_post_without_its_token(rows) -> None:
    forger = Client(enforce_csrf_checks=True)
    forger.force_login(make_staff())
    taken = []
    for name, route in PAGES:
        url = address(name, route, rows)
        if url is None:
            continue
        for fetched in ({}, {"HTTP_HX_REQUEST": "true"}):
            answer = forger.post(url, {"action": "x", "_save": "1"}, **fetched)
            if answer.status_code not in HARMLESS:
                taken.append(f"{name} ({answer.status_code})")
    assert taken == []


def test_with_its_token_a_page_does_take_the_post() -> None:
    """The control: it is the token that decides."""
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(make_staff())
    page = browser.get("/admin/password_change/", follow=True)
    token = browser.cookies["csrftoken"].value if "csrftoken" in browser.cookies else ""
    assert page.status_code == 200
    answer = browser.post("/admin/logout/", {"csrfmiddlewaretoken": token})
    assert answer.status_code in {200, 302}
