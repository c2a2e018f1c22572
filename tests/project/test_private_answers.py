"""Answers to people who are known are kept nowhere; signing out empties the browser."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.booking.factories import make_client, make_staff, signed_in

pytestmark = pytest.mark.django_db


def test_an_answer_for_one_person_is_stored_nowhere_and_can_be_asked_after() -> None:
    answer = signed_in(make_client()).get("/api/v1/appointments/")

    assert answer["Cache-Control"] == "private, no-store"
    assert answer["ETag"]


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
