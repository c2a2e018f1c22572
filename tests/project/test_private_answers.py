"""Answers to people who are known are kept nowhere; signing out empties the browser."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.booking.factories import make_staff

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("header", ["X-Session-Token", "Authorization"])
def test_an_answer_to_somebody_known_is_stored_nowhere(client: Client, header: str) -> None:
    answer = client.get("/api/v1/services/", headers={header: "whatever"})

    assert answer["Cache-Control"] == "private, no-store"


def test_what_everybody_may_read_may_be_kept(client: Client) -> None:
    assert "no-store" not in client.get("/api/v1/services/").get("Cache-Control", "")


def test_pages_of_the_workspace_are_stored_nowhere(client: Client) -> None:
    client.force_login(make_staff())

    assert "no-store" in client.get(reverse("admin:index"))["Cache-Control"]


def test_signing_out_empties_what_the_browser_kept(client: Client) -> None:
    client.force_login(make_staff())

    answer = client.post(reverse("admin:logout"))

    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert "Clear-Site-Data" not in client.get(reverse("admin:login"))
