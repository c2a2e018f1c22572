"""Secrets are not guessed: each is locked in at most five tries, works once, and tells nobody who exists.

Proven elsewhere and not repeated here. Sign-in codes: used once, locked after five tries, also in parallel,
the same answer and statements for every address (``tests/identity/presentation/test_sign_in.py``).
Confirmation codes: the same, and no use to anybody else (``tests/identity/infrastructure/
test_confirmations.py``, ``tests/identity/presentation/test_profile.py``). The second factor: locked, used
once (``tests/identity/presentation/test_second_factor.py``), also at a step-up (``test_step_up.py``).
Invitations: work once, for three days (``test_staff_invitations.py``).
"""

import logging
import re
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.hashers import get_hashers
from django.db import connection, connections
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from apps.booking.infrastructure.models import Appointment
from apps.identity import facade as identity
from apps.identity.models import ApiSession, StaffInvitation, User
from apps.messaging.infrastructure.links import reminders_token
from apps.messaging.models import ReminderOptOut
from apps.payments.infrastructure.pay_links import pay_token
from tests.attacks.possessions import code_of
from tests.booking.factories import make_appointment, make_client, signed_in
from tests.client_cabinet.erasing import BASE, code_for, started
from tests.identity.people import PASSWORD, person
from tests.identity.presentation.test_sign_in import receive_code, sign_in
from tests.identity.second_factors import code_of as shown_code
from tests.identity.second_factors import enrol

pytestmark = pytest.mark.django_db

LOGIN = "/admin/login/"
TRIES = 5


def at_once(count: int, guess: Callable[[int], Any]) -> list[Any]:
    """What ``guess`` answers to so many callers who begin at the same moment."""
    gate = threading.Barrier(count)

    def one(number: int) -> Any:
        try:
            gate.wait(20)
            return guess(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def give_password(email: str, password: str, browser: Browser | None = None, **extra: str) -> Any:
    return (browser or Browser()).post(LOGIN, {"username": email, "password": password}, **extra)


@pytest.mark.django_db(transaction=True)
def test_passwords_guessed_at_once_are_tried_five_times_in_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    owner = person("owner", email="boss@example.ru")
    tried: list[str] = []
    check = User.check_password

    def counted(self: User, raw_password: str) -> bool:
        tried.append(raw_password)
        return check(self, raw_password)

    monkeypatch.setattr(User, "check_password", counted)
    statuses = at_once(12, lambda number: give_password(str(owner.email), f"guess {number}").status_code)

    assert len(tried) <= TRIES
    assert statuses.count(429) >= 12 - TRIES
    assert give_password(str(owner.email), PASSWORD).status_code == 429
    assert len(tried) <= TRIES


@pytest.mark.real_mfa
def test_a_borrowed_seat_is_no_place_to_guess_the_password() -> None:
    """Changing it asks for a fresh second factor before it looks at the old one."""
    owner = person("owner")
    enrol(owner)
    browser = Browser()
    give_password(str(owner.email), PASSWORD, browser)
    browser.post("/admin/second-factor/", {"second_factor": shown_code(owner)})
    page = "/admin/password_change/"
    assert browser.get(page).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        for guess in ("guess", PASSWORD):
            new = {"old_password": guess, "new_password1": "тихая река 7", "new_password2": "тихая река 7"}
            answer = browser.post(page, new)
            assert answer.status_code == 302
            assert answer["Location"].startswith("/admin/second-factor/confirm/")
    owner.refresh_from_db()
    assert owner.check_password(PASSWORD)


@pytest.mark.real_mfa
@pytest.mark.django_db(transaction=True)
def test_second_factors_guessed_at_once_are_tried_five_times_in_all() -> None:
    owner = person("owner")
    enrol(owner)
    browsers = [Browser() for _ in range(8)]
    for each in browsers:
        assert give_password(str(owner.email), PASSWORD, each).status_code == 302

    at_once(8, lambda number: browsers[number].post("/admin/second-factor/", {"second_factor": "000000"}))

    answer = browsers[0].post("/admin/second-factor/", {"second_factor": shown_code(owner)})
    assert "Слишком много неверных кодов" in answer.content.decode()
    assert browsers[0].get("/admin/").status_code == 302


@pytest.mark.real_mfa
@pytest.mark.django_db(transaction=True)
def test_one_second_factor_used_by_many_at_once_lets_one_in() -> None:
    owner = person("owner")
    enrol(owner)
    browsers = [Browser() for _ in range(6)]
    for each in browsers:
        give_password(str(owner.email), PASSWORD, each)
    code = shown_code(owner)

    at_once(6, lambda number: browsers[number].post("/admin/second-factor/", {"second_factor": code}))

    assert [each.get("/admin/").status_code for each in browsers].count(200) == 1


def test_a_spelling_of_the_address_is_no_new_account_to_guess_at() -> None:
    """Nor is a header that claims to come from elsewhere."""
    person("owner", email="boss@example.ru")
    spelled = [
        "boss@example.ru",
        "BOSS@example.ru",
        " boss@example.ru",
        "Boss@Example.RU ",
        "boss@EXAMPLE.ru",
    ]
    for number, each in enumerate(spelled):
        give_password(each, "guess", headers={"X-Forwarded-For": f"203.0.113.{number}"})
    refused = give_password("boss@example.ru", PASSWORD, headers={"X-Forwarded-For": "203.0.113.77"})
    assert refused.status_code == 429


def test_a_password_tells_nobody_who_exists(monkeypatch: pytest.MonkeyPatch) -> None:
    """Known, unknown, blocked, deleted, a client: one answer, as many statements, one hash to compute."""
    person("owner", email="boss@example.ru")
    person("assistant", email="shut@example.ru", status="blocked")
    person("client", email="anna@example.ru")
    hashed: list[str] = []
    hasher = type(get_hashers()[0])
    encode = hasher.encode

    def counted(self: Any, password: str, *args: Any, **kwargs: Any) -> Any:
        hashed.append(password)
        return encode(self, password, *args, **kwargs)

    monkeypatch.setattr(hasher, "encode", counted)
    give_password("warm@example.ru", "up")
    told = {}
    for number, email in enumerate(
        ["boss@example.ru", "nobody@example.ru", "shut@example.ru", "anna@example.ru"]
    ):
        hashed.clear()
        with CaptureQueriesContext(connection) as queries:
            answer = give_password(email, "guess", REMOTE_ADDR=f"192.0.2.{number}")
        page = answer.content.decode().replace(email, "…")
        told[email] = (answer.status_code, _without_tokens(page), len(queries), len(hashed))

    assert len({each[:2] for each in told.values()}) == 1
    assert len({each[2] for each in told.values()}) == 1, {who: each[2] for who, each in told.items()}
    assert {each[3] for each in told.values()} == {1}, {who: each[3] for who, each in told.items()}


def _without_tokens(page: str) -> str:
    return re.sub(r'(csrfmiddlewaretoken" value=|nonce=)"[^"]*"', "", page)


def test_signing_in_tells_nobody_who_exists() -> None:
    """A wrong code for an address with a letter on its way, without one, of staff, of somebody blocked."""
    User.objects.create_user("anna@example.ru")
    User.objects.create_user("gone@example.ru", status="blocked")
    person("owner", email="boss@example.ru")
    addresses = ["anna@example.ru", "gone@example.ru", "boss@example.ru", "nobody@example.ru"]
    for each in addresses:
        APIClient().post("/api/v1/auth/code/", {"email": each})
    told = set()
    for each in [*addresses, "never-asked@example.ru"]:
        answer = APIClient().post("/api/v1/auth/session/", {"email": each, "code": "000000"})
        headers = tuple(
            (name, value) for name, value in answer.headers.items() if name not in {"X-Request-ID", "ETag"}
        )
        body = {name: value for name, value in answer.json().items() if name != "request_id"}
        told.add((answer.status_code, str(body), headers))
    assert len(told) == 1
    assert told.pop()[0] == 422


def test_five_wrong_codes_stop_an_erasure_and_its_code_works_once() -> None:
    client = make_client()
    api = signed_in(client)
    erasure = started(api)
    code = code_for(erasure)
    for _ in range(TRIES):
        assert api.post(f"{BASE}{erasure}/confirmation/", {"code": wrong(code)}).status_code == 422
    assert api.post(f"{BASE}{erasure}/confirmation/", {"code": code}).status_code == 422
    assert User.objects.get(pk=client.pk).status == "active"


def test_a_code_for_one_thing_serves_no_other() -> None:
    """Of a contact, of an erasure, of a sign-in: each is another lock."""
    client = make_client()
    api = signed_in(client)
    step = api.post("/api/v1/me/contacts/", {"kind": "email", "value": "new@example.ru"}).json()
    contact = code_of(step["confirmation_id"])
    erasure = started(api)
    erase = code_for(erasure)
    if contact != erase:
        assert api.post(f"{BASE}{erasure}/confirmation/", {"code": contact}).status_code == 422
        path = f"/api/v1/me/contacts/{step['confirmation_id']}/confirm/"
        assert api.post(path, {"code": erase}).status_code == 422
    for code in (contact, erase):
        answer = APIClient().post("/api/v1/auth/session/", {"email": client.email, "code": code})
        assert answer.status_code == 422
    assert ApiSession.objects.filter(user=client).count() == 1


def changed(token: str) -> list[str]:
    """Tokens near a good one: letters swapped, cut, added, another salt's, another encoding's."""
    flipped = [
        token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :]
        for at in range(0, len(token), max(1, len(token) // 12))
    ]
    return [*flipped, token[:-1], f"{token}A", token.swapcase(), token[::-1], token.replace(":", "%3A%3A")]


def test_a_link_to_pay_or_to_be_left_alone_is_not_found_by_trying() -> None:
    client = make_client()
    held = make_appointment(client=client, status="pending_payment")
    pay, leave = pay_token(held.pk), reminders_token(client.pk)
    assert Browser().get(f"/pay/{pay}/").status_code == 200
    for token in [*changed(pay), leave, f"{held.pk.hex}:{leave.partition(':')[2]}"]:
        assert Browser().get(f"/pay/{token}/").status_code == 404, token
    path = "/letters/reminders/{}/"
    assert Browser().get(path.format(leave)).status_code == 200
    for token in [*changed(leave), pay, f"{client.pk.hex}:{pay.partition(':')[2]}"]:
        assert Browser().post(path.format(token), {"reminders": "off"}).status_code == 404, token
    assert not ReminderOptOut.objects.exists()
    assert Appointment.objects.get(pk=held.pk).status == "pending_payment"


def test_an_invitation_is_not_found_by_trying() -> None:
    somebody = person("assistant")
    now = timezone.now()
    invitation = StaffInvitation.objects.create(
        user=somebody, created_at=now, expires_at=now + timedelta(days=1)
    )
    letter = identity.invitation_letter(invitation_id=invitation.pk, at=now)
    assert letter is not None
    good = identity.invitation_path(letter.token)
    assert Browser().get(good).status_code == 200
    kept = StaffInvitation.objects.get().token_hash
    for token in [*changed(letter.token), str(kept), str(invitation.pk), invitation.pk.hex]:
        if token == letter.token:
            continue
        answer = Browser().post(
            identity.invitation_path(token), {"password": "тихая река", "again": "тихая река"}
        )
        assert answer.status_code == 404, token
    assert User.objects.get(pk=somebody.pk).check_password(PASSWORD)


class TestTheLogs:
    """Nothing that opens anything is in the log of any way in, even at its most talkative."""

    def test_of_a_sign_in_hold_neither_code_nor_token(self, caplog: pytest.LogCaptureFixture) -> None:
        with caplog.at_level(logging.DEBUG):
            caplog.handler.setLevel(logging.DEBUG)
            code = receive_code(APIClient())
            sign_in(APIClient(), "999999")
            token = sign_in(APIClient(), code).json()["session_token"]
            signed = APIClient()
            signed.credentials(HTTP_X_SESSION_TOKEN=token)
            signed.get("/api/v1/me/")
        said = _without_statements(caplog)
        assert [each for each in (code, token, "anna@example.ru") if each in said] == []

    def test_of_confirmations_hold_no_code(self, caplog: pytest.LogCaptureFixture) -> None:
        with caplog.at_level(logging.DEBUG):
            client = make_client()
            api = signed_in(client)
            step = api.post("/api/v1/me/contacts/", {"kind": "email", "value": "new@example.ru"}).json()
            code = code_of(step["confirmation_id"])
            path = f"/api/v1/me/contacts/{step['confirmation_id']}/confirm/"
            api.post(path, {"code": wrong(code)})
            assert api.post(path, {"code": code}).status_code == 200
        said = _without_statements(caplog)
        assert [each for each in (code, "new@example.ru", str(client.email)) if each in said] == []

    @pytest.mark.real_mfa
    def test_of_staff_hold_no_password_secret_code_or_session(self, caplog: pytest.LogCaptureFixture) -> None:
        browser = Browser()
        with caplog.at_level(logging.DEBUG):
            owner = person("owner", email="boss@example.ru")
            secret = enrol(owner)
            recovery = enrol(owner, recovery=True)
            give_password("boss@example.ru", "a wrong password")
            give_password("boss@example.ru", PASSWORD, browser)
            browser.post("/admin/second-factor/", {"second_factor": "000000"})
            code = shown_code(owner)
            browser.post("/admin/second-factor/", {"second_factor": code})
            assert browser.get("/admin/").status_code == 200
            editor = person("editor")
            browser.post(f"/admin/identity/user/{editor.pk}/invite_again/", {"_form_submitted": "1"})
            now = timezone.now()
            letter = identity.invitation_letter(
                invitation_id=StaffInvitation.objects.get(user=editor).pk, at=now
            )
            assert letter is not None
            Browser().get(identity.invitation_path(letter.token))
        session = browser.cookies["sessionid"].value
        said = _without_statements(caplog)
        secrets = [PASSWORD, "a wrong password", secret, code, *recovery, letter.token, session]
        assert [each for each in secrets if each in said] == []


def _without_statements(caplog: pytest.LogCaptureFixture) -> str:
    """What was logged, but for the statements that Django logs in development alone."""
    return "\n".join(
        str(record.__dict__) for record in caplog.records if not record.name.startswith("django.db")
    )
