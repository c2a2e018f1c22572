"""Sessions of others are of no use: planted before signing in, kept after it, or found in a dump or a log."""

import logging

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from apps.identity.infrastructure.models import ApiSession
from tests.booking.factories import make_client, make_staff, session_token, signed_in

pytestmark = pytest.mark.django_db

OWN = "/api/v1/appointments/"


def caller(token: str) -> APIClient:
    api = APIClient()
    api.credentials(HTTP_X_SESSION_TOKEN=token)
    return api


def test_a_session_planted_before_signing_in_does_not_become_theirs(client: Client) -> None:
    victim = make_staff(email="owner@example.org", password="a long password 7")
    client.get(reverse("admin:login"))
    planted = client.session
    planted["planted"] = "by the attacker"
    planted.save()
    client.cookies["sessionid"] = planted.session_key
    client.post(reverse("admin:login"), {"username": victim.email, "password": "a long password 7"})

    assert client.cookies["sessionid"].value != planted.session_key
    assert not Session.objects.filter(pk=planted.session_key).exists()
    thief = Client()
    thief.cookies["sessionid"] = planted.session_key
    assert thief.get(reverse("admin:index")).status_code == 302


def test_a_session_that_was_signed_out_is_gone(client: Client) -> None:
    client.force_login(make_staff())
    key = client.cookies["sessionid"].value
    client.post(reverse("admin:logout"))

    thief = Client()
    thief.cookies["sessionid"] = key
    assert thief.get(reverse("admin:index")).status_code == 302
    assert not Session.objects.filter(pk=key).exists()


@pytest.mark.parametrize("status", ["blocked", "deleted"])
def test_who_is_no_longer_active_is_out_at_once(client: Client, status: str) -> None:
    staff, person = make_staff(), make_client()
    client.force_login(staff)
    api = signed_in(person)
    assert api.get(OWN).status_code == 200
    for each in (staff, person):
        each.status = status
        each.save()

    assert client.get(reverse("admin:index")).status_code == 302
    assert api.get(OWN).status_code == 401


def test_what_a_dump_holds_of_a_session_opens_nothing() -> None:
    person = make_client()
    token = session_token(person)
    kept = ApiSession.objects.get(user=person).token_hash

    assert token not in kept
    for stolen in (kept, token[:-1], token.swapcase(), f"{token} ", ""):
        assert caller(stolen).get(OWN).status_code == 401


def test_a_token_leaves_no_trace_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    person = make_client()
    token = session_token(person)
    with caplog.at_level(logging.DEBUG):
        caller(token).get(OWN)
        caller(token).get(f"{OWN}?token={token}")

    assert token not in caplog.text


def test_a_token_is_not_a_cookie_and_a_cookie_is_not_a_token(client: Client) -> None:
    person = make_client()
    client.cookies["sessionid"] = session_token(person)
    assert client.get(OWN).status_code == 401

    client.force_login(make_staff())
    assert client.get(OWN).status_code == 401
