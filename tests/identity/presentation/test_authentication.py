"""Calls signed in by a session token: one statement, and no access for whoever lost it."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from apps.identity import wiring
from apps.identity.domain.roles import Role
from apps.identity.infrastructure.sessions import DjangoSessions
from apps.identity.models import ApiSession, User
from apps.kernel.domain.actor import SYSTEM
from tests.identity.people import person

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.kernel.presentation.plumbing_urls")]


@pytest.fixture
def client() -> User:
    return person()


@pytest.fixture
def token(client: User) -> str:
    token, _ = DjangoSessions().open(user_id=client.pk, at=timezone.now())
    return token


def call(token: str | None) -> HttpResponse:
    headers = {} if token is None else {"X-Session-Token": token}
    return APIClient().get("/api/members/", headers=headers)


def test_the_token_says_who_calls(client: User, token: str) -> None:
    assert call(token).json() == {"user": str(client.pk)}


def test_signing_a_call_in_is_one_statement(token: str) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert call(token).status_code == 200
    assert len(queries) == 1


def test_tokens_are_long_and_never_the_same(client: User) -> None:
    tokens = {DjangoSessions().open(user_id=client.pk, at=timezone.now())[0] for _ in range(20)}
    assert len(tokens) == 20
    assert min(map(len, tokens)) >= 43


@pytest.mark.parametrize("wrong", ["", "x", "x" * 5000, "токен"])
def test_an_unknown_token_is_refused(token: str, wrong: str) -> None:
    response = call(wrong.encode().decode("latin-1"))
    assert (response.status_code, response.json()["code"]) == (401, "session_invalid")
    assert "X-Session-Token" in response["WWW-Authenticate"]


def test_without_a_token_a_call_is_a_guests() -> None:
    response = call(None)
    assert (response.status_code, response.json()["code"]) == (401, "not_authenticated")


def test_a_session_ends_after_thirty_days(token: str) -> None:
    with time_machine.travel(timezone.now() + timedelta(days=29, hours=23)):
        assert call(token).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(days=30, seconds=1)):
        assert call(token).status_code == 401


@pytest.mark.parametrize("status", ["blocked", "deleted"])
def test_who_is_blocked_or_deleted_loses_access_at_once(client: User, token: str, status: str) -> None:
    assert call(token).status_code == 200
    User.objects.filter(pk=client.pk).update(status=status)
    assert call(token).status_code == 401


def test_a_change_of_role_ends_the_sessions(client: User, token: str) -> None:
    wiring.change_role()(
        user_id=client.pk, role=Role.EDITOR, reason="Работает у нас", actor=SYSTEM, at=timezone.now()
    )
    assert call(token).status_code == 401


def test_when_a_session_was_last_seen_is_written_once_an_hour(token: str) -> None:
    began = ApiSession.objects.get().last_seen_at
    with time_machine.travel(began + timedelta(minutes=59)):
        call(token)
    assert ApiSession.objects.get().last_seen_at == began
    with time_machine.travel(began + timedelta(minutes=61)):
        call(token)
    assert ApiSession.objects.get().last_seen_at > began
