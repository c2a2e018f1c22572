"""Staff sign in with a password; whoever guesses is locked out; all of it is written down."""

from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.test import Client as Browser
from django.utils import timezone

from apps.audit.models import AuditRecord
from apps.identity.models import User
from tests.identity.people import PASSWORD, browser_of, person

pytestmark = pytest.mark.django_db

LOGIN = "/admin/login/"


def try_to_sign_in(browser: Browser, email: str, password: str, ip: str = "192.0.2.1") -> bool:
    response = browser.post(
        LOGIN, {"username": email, "password": password}, REMOTE_ADDR=ip, HTTP_USER_AGENT="Firefox"
    )
    return response.status_code == 302


def actions() -> list[str]:
    return list(AuditRecord.objects.order_by("id").values_list("action", flat=True))


@pytest.mark.parametrize("role", ["owner", "assistant", "editor"])
def test_staff_sign_in_with_their_password(role: str) -> None:
    user = person(role, email="boss@example.ru")
    browser = Browser()
    assert try_to_sign_in(browser, " Boss@Example.RU ", PASSWORD)
    assert browser.get("/admin/").status_code == 200
    record = AuditRecord.objects.get()
    assert (record.action, record.actor_id, record.role, record.ip, record.user_agent) == (
        "staff_signed_in",
        user.pk,
        role,
        "192.0.2.1",
        "Firefox",
    )


def test_a_client_does_not_sign_in_to_the_workspace_even_with_a_password() -> None:
    client = person("client", email="anna@example.ru")
    client.set_password(PASSWORD)
    client.save()
    browser = Browser()
    assert not try_to_sign_in(browser, "anna@example.ru", PASSWORD)
    assert browser.get("/admin/").status_code == 302


@pytest.mark.parametrize("status", ["blocked", "deleted"])
def test_a_closed_account_does_not_sign_in(status: str) -> None:
    person("owner", email="boss@example.ru", status=status)
    assert not try_to_sign_in(Browser(), "boss@example.ru", PASSWORD)


def test_a_failed_try_is_written_down_without_the_address() -> None:
    try_to_sign_in(Browser(), "boss@example.ru", "wrong")
    record = AuditRecord.objects.get()
    assert (record.action, record.actor_id, record.role) == ("staff_sign_in_failed", None, "guest")
    assert "boss" not in record.entity_id
    assert len(record.entity_id) == 16


def test_guessing_is_locked_out_for_a_quarter_of_an_hour() -> None:
    person("owner", email="boss@example.ru")
    for _ in range(5):
        assert not try_to_sign_in(Browser(), "boss@example.ru", "wrong")
    assert not try_to_sign_in(Browser(), "boss@example.ru", PASSWORD)
    assert "staff_sign_in_locked" in actions()
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        assert try_to_sign_in(Browser(), "boss@example.ru", PASSWORD)


def test_whoever_is_locked_out_is_told_how_long_to_wait() -> None:
    answers = [Browser().post(LOGIN, {"username": "boss@example.ru", "password": "x"}) for _ in range(5)]
    assert answers[-1].status_code == 429
    assert answers[-1]["Retry-After"] == "900"
    assert "Подождите 15 минут" in answers[-1].content.decode()


def test_a_stranger_who_guesses_does_not_lock_the_owner_out_elsewhere() -> None:
    person("owner", email="boss@example.ru")
    for _ in range(6):
        try_to_sign_in(Browser(), "boss@example.ru", "wrong", ip="198.51.100.9")
    assert try_to_sign_in(Browser(), "boss@example.ru", PASSWORD, ip="192.0.2.1")


def test_signing_out_is_written_down() -> None:
    browser = browser_of(person("editor"))
    browser.post("/admin/logout/")
    assert actions() == ["staff_signed_in", "staff_signed_out"]


def test_a_blocked_member_of_staff_is_out_at_once() -> None:
    user = person("assistant")
    browser = browser_of(user)
    assert browser.get("/admin/").status_code == 200
    User.objects.filter(pk=user.pk).update(status="blocked")
    assert browser.get("/admin/").status_code == 302


def test_the_first_owner_is_made_by_a_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OWNER_PASSWORD", PASSWORD)
    call_command("create_owner", "Boss@example.ru", "Анна Орлова", stdout=StringIO())
    assert try_to_sign_in(Browser(), "boss@example.ru", PASSWORD)
    owner = User.objects.get()
    assert (owner.role, owner.display_name) == ("owner", "Анна Орлова")
    with pytest.raises(CommandError, match="контакт"):
        call_command("create_owner", "boss@example.ru", "Анна", stdout=StringIO())


def test_the_password_is_asked_for_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OWNER_PASSWORD", raising=False)
    answers = iter([PASSWORD, "another", PASSWORD, PASSWORD])
    monkeypatch.setattr(
        "apps.identity.management.commands.create_owner.getpass", lambda prompt: next(answers)
    )
    with pytest.raises(CommandError):
        call_command("create_owner", "boss@example.ru", "Анна", stdout=StringIO())
    call_command("create_owner", "boss@example.ru", "Анна", stdout=StringIO())
    assert User.objects.get().check_password(PASSWORD)


def test_a_weak_password_makes_no_owner(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OWNER_PASSWORD", "12345")
    with pytest.raises(CommandError):
        call_command("create_owner", "boss@example.ru", "Анна", stdout=StringIO())
    assert not User.objects.exists()


def test_djangos_own_command_makes_an_owner_too() -> None:
    owner = User.objects.create_superuser("boss@example.ru", PASSWORD)
    assert owner.role == "owner"
