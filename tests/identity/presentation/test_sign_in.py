"""Signing in, and up, by a code sent by e-mail."""

import hashlib
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from unittest.mock import ANY

import pytest
import time_machine
from django.core import mail
from django.db import connection, connections
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from apps.audit.models import AuditRecord
from apps.identity.models import ApiSession, SignInCode, User
from apps.kernel.application.retention import rule_of
from apps.kernel.infrastructure import retention
from apps.kernel.infrastructure.encryption import encryption_service
from tests.jobs import waiting
from tests.messaging.letters import EVENTS, post_letters

pytestmark = pytest.mark.django_db

CODE = "/api/v1/auth/code/"
SESSION = "/api/v1/auth/session/"


@pytest.fixture
def api() -> APIClient:
    return APIClient()


def ask(api: APIClient, email: str = "anna@example.ru", **extra: str) -> HttpResponse:
    return api.post(CODE, {"email": email}, **extra)


def code_from(letter: mail.EmailMessage) -> str:
    found = re.search(r"\b\d{6}\b", letter.body)
    assert found, letter.body
    return found[0]


def receive_code(api: APIClient, email: str = "anna@example.ru") -> str:
    ask(api, email)
    post_letters()
    return code_from(mail.outbox[-1])


def sign_in(api: APIClient, code: str, email: str = "anna@example.ru", **extra: str) -> HttpResponse:
    return api.post(SESSION, {"email": email, "code": code}, **extra)


def wrong(code: str) -> str:
    return f"{(int(code.replace('-', '')) + 1) % 100_000_000:08d}"


def test_a_newcomer_gets_an_account_by_the_code(api: APIClient) -> None:
    code = receive_code(api, " Anna.K@Example.RU ")
    assert not User.objects.exists()

    response = sign_in(api, code, "anna.k@example.ru")

    assert response.status_code == 200
    user = User.objects.get()
    assert (user.email, user.role, user.status) == ("anna.k@example.ru", "client", "active")
    assert not user.has_usable_password()
    assert response.json() == {
        "session_token": ANY,
        "expires_at": ANY,
        "user": {
            "id": str(user.pk),
            "display_name": "",
            "email": "anna.k@example.ru",
            "phone": None,
            "time_zone": "Europe/Moscow",
        },
    }
    assert [record.action for record in AuditRecord.objects.all()] == ["signed_up"]


def test_a_known_client_signs_in_to_their_account(api: APIClient) -> None:
    user = User.objects.create_user("anna@example.ru", display_name="Анна", time_zone="Asia/Omsk")
    response = sign_in(api, receive_code(api), REMOTE_ADDR="10.1.2.3", HTTP_USER_AGENT="Phone")
    assert response.json()["user"]["display_name"] == "Анна"
    assert User.objects.get() == user
    record = AuditRecord.objects.get()
    assert (record.action, record.actor_id, record.ip, record.user_agent) == (
        "signed_in",
        user.pk,
        "10.1.2.3",
        "Phone",
    )


def test_the_token_opens_what_needs_signing_in_and_is_kept_as_a_hash(api: APIClient) -> None:
    token = sign_in(api, receive_code(api)).json()["session_token"]
    session = ApiSession.objects.get()
    assert session.token_hash == hashlib.sha256(token.encode()).hexdigest()
    assert session.expires_at - session.created_at == timedelta(days=30)
    assert api.delete(SESSION, headers={"X-Session-Token": token}).status_code == 204


def test_signing_out_ends_this_session_only(api: APIClient) -> None:
    first = sign_in(api, receive_code(api)).json()["session_token"]
    second = sign_in(api, receive_code(api)).json()["session_token"]
    assert api.delete(SESSION, headers={"X-Session-Token": first}).status_code == 204
    assert api.delete(SESSION, headers={"X-Session-Token": first}).status_code == 401
    assert api.delete(SESSION, headers={"X-Session-Token": second}).status_code == 204
    assert AuditRecord.objects.filter(action="signed_out").count() == 2


@pytest.mark.parametrize("email", ["anna@example.ru", "new@example.ru", "boss@example.ru", "gone@example.ru"])
def test_the_answer_and_its_work_are_the_same_for_every_address(api: APIClient, email: str) -> None:
    User.objects.create_user("anna@example.ru")
    User.objects.create_user("boss@example.ru", "a long password", role="owner")
    User.objects.create_user("gone@example.ru", status="blocked")
    encryption_service().preload([None])  # the practice's key, which a process reads once a minute
    with CaptureQueriesContext(connection) as queries:
        response = ask(api, email)
    statements = [re.sub(r"'[^']*'", "…", query["sql"])[:60] for query in queries]
    assert response.status_code == 202
    assert response.json() == {"detail": ANY}
    assert response.json()["detail"].startswith("Если адрес указан верно")
    assert "user" not in " ".join(statements)
    work = [statement.split()[0] for statement in statements if "SAVEPOINT" not in statement]
    assert work == ["INSERT", "SELECT"]
    assert len(waiting(EVENTS)) == 1


def test_neither_the_address_nor_the_code_is_ever_queued_or_kept_readable(api: APIClient) -> None:
    code = receive_code(api)
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(string_agg(args::text, ''), '') FROM procrastinate_jobs")
        queued = cursor.fetchone()[0]
        cursor.execute("SELECT row_to_json(identity_signincode)::text FROM identity_signincode")
        kept = cursor.fetchone()[0]
    for secret in ("anna", "example.ru", code, code.replace("-", "")):
        assert secret not in queued
        assert secret not in kept


def test_the_letter_is_calm_russian_in_text_and_html(api: APIClient) -> None:
    code = receive_code(api)
    (letter,) = mail.outbox
    assert letter.to == ["anna@example.ru"]
    assert letter.subject == "Ваш код для входа"
    assert code not in letter.subject
    assert "Код действует один раз, 10 минут." in letter.body
    assert code in letter.alternatives[0].content
    assert "Здравствуйте!" in letter.alternatives[0].content


def test_the_letter_speaks_the_language_of_the_request(api: APIClient) -> None:
    ask(api, headers={"Accept-Language": "en"})
    post_letters()
    assert mail.outbox[0].subject == "Your sign-in code"


@pytest.mark.parametrize("role", ["owner", "assistant", "editor"])
def test_people_of_the_practice_get_a_letter_without_a_code(api: APIClient, role: str) -> None:
    User.objects.create_user("boss@example.ru", "a long password", role=role)
    ask(api, "boss@example.ru")
    post_letters()
    (letter,) = mail.outbox
    assert not re.search(r"\d{4}", letter.body)
    assert "паролем" in letter.body
    assert SignInCode.objects.get().code_hash == ""


def test_a_code_from_before_a_promotion_does_not_stand_in_for_the_password(api: APIClient) -> None:
    user = User.objects.create_user("anna@example.ru")
    code = receive_code(api)
    User.objects.filter(pk=user.pk).update(role="owner")
    response = sign_in(api, code)
    assert (response.status_code, response.json()["code"]) == (422, "sign_in_code_invalid")
    assert not ApiSession.objects.exists()


def test_a_code_works_once(api: APIClient) -> None:
    code = receive_code(api)
    assert sign_in(api, code).status_code == 200
    again = sign_in(api, code)
    assert (again.status_code, again.json()["code"]) == (422, "sign_in_code_invalid")


def test_a_code_may_be_typed_with_or_without_its_dash(api: APIClient) -> None:
    assert sign_in(api, receive_code(api).replace("-", " ")).status_code == 200
    assert sign_in(api, receive_code(api).replace("-", "")).status_code == 200


def test_a_code_lives_for_ten_minutes(api: APIClient) -> None:
    code = receive_code(api)
    with time_machine.travel(timezone.now() + timedelta(minutes=10, seconds=1)):
        assert sign_in(api, code).status_code == 422
    code = receive_code(api)
    with time_machine.travel(timezone.now() + timedelta(minutes=9, seconds=50)):
        assert sign_in(api, code).status_code == 200


def test_a_new_code_replaces_the_one_before(api: APIClient) -> None:
    first = receive_code(api)
    second = receive_code(api)
    assert sign_in(api, first).status_code == 422
    assert sign_in(api, second).status_code == 200


def test_after_five_wrong_tries_the_right_code_is_locked(api: APIClient) -> None:
    code = receive_code(api)
    answers = [sign_in(api, wrong(code)) for _ in range(5)]
    locked = sign_in(api, code)
    assert [answer.status_code for answer in [*answers, locked]] == [422] * 6
    assert len({answer.content for answer in [*answers, locked]}) == 1
    assert not User.objects.exists()


def test_four_wrong_tries_leave_the_fifth_to_the_right_code(api: APIClient) -> None:
    code = receive_code(api)
    for _ in range(4):
        sign_in(api, wrong(code))
    assert sign_in(api, code).status_code == 200


def test_wrong_tries_under_an_idempotency_key_count_too(api: APIClient) -> None:
    code = receive_code(api)
    for number in range(5):
        sign_in(api, wrong(code), headers={"Idempotency-Key": f"try-{number}"})
    assert sign_in(api, code).status_code == 422


def test_a_repeated_sign_in_gets_the_same_token(api: APIClient) -> None:
    code = receive_code(api)
    first = sign_in(api, code, headers={"Idempotency-Key": "k"})
    again = sign_in(api, code, headers={"Idempotency-Key": "k"})
    assert first.status_code == again.status_code == 200
    assert first.json() == again.json()
    assert ApiSession.objects.count() == 1


def test_an_address_nobody_asked_for_answers_like_a_wrong_code(api: APIClient) -> None:
    code = receive_code(api)
    assert sign_in(api, wrong(code)).json() == sign_in(api, "1234-5678", "other@example.ru").json()


def test_a_blocked_person_is_told_so_only_with_the_right_code(api: APIClient) -> None:
    User.objects.create_user("anna@example.ru", status="blocked")
    code = receive_code(api)
    assert sign_in(api, wrong(code)).json()["code"] == "sign_in_code_invalid"
    refused = sign_in(api, code)
    assert (refused.status_code, refused.json()["code"]) == (403, "client_blocked")
    assert sign_in(api, code).json()["code"] == "sign_in_code_invalid"


@pytest.mark.parametrize(
    "email", ["", "anna", "anna@", "@example.ru", "a b@example.ru", "a@localhost", "a@@b.ru"]
)
def test_a_malformed_address_is_refused(api: APIClient, email: str) -> None:
    response = ask(api, email)
    assert response.status_code == 422
    assert response.json()["errors"][0]["pointer"] == "/email"
    assert not waiting(EVENTS)


def test_no_more_than_five_letters_an_hour_leave_and_nobody_is_told(api: APIClient) -> None:
    answers = []
    for _ in range(7):
        answers.append(ask(api).content)
        post_letters()
    assert len(set(answers)) == 1
    assert len(mail.outbox) == 5
    code = code_from(mail.outbox[-1])
    assert sign_in(api, code).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        ask(api)
        post_letters()
    assert len(mail.outbox) == 6


def test_a_flood_of_requests_does_not_keep_the_last_allowed_letter_from_leaving(api: APIClient) -> None:
    for _ in range(9):
        ask(api)
    post_letters()
    assert len(mail.outbox) == 1
    assert sign_in(api, code_from(mail.outbox[0])).status_code == 200


def test_an_old_token_is_not_in_the_way_of_signing_in(api: APIClient) -> None:
    code = receive_code(api)
    assert sign_in(api, code, headers={"X-Session-Token": "expired"}).status_code == 200


def forget_what_is_over() -> None:
    for code in ("sign_in_codes", "api_sessions", "staff_sessions"):
        retention.apply(rule_of(code), at=timezone.now())


def test_what_is_over_is_forgotten(api: APIClient) -> None:
    sign_in(api, receive_code(api))
    forget_what_is_over()
    assert (SignInCode.objects.count(), ApiSession.objects.count()) == (1, 1)
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        forget_what_is_over()
    assert (SignInCode.objects.count(), ApiSession.objects.count()) == (0, 0)


@pytest.mark.django_db(transaction=True)
def test_brute_force_in_parallel_gets_five_tries_in_all() -> None:
    code = receive_code(APIClient())
    start = threading.Barrier(12)

    def guess(number: int) -> int:
        try:
            start.wait(20)
            return sign_in(APIClient(), f"{number:08d}", REMOTE_ADDR=f"10.0.0.{number}").status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(12) as pool:
        assert set(pool.map(guess, range(12))) == {422}
    assert sign_in(APIClient(), code).status_code == 422
    assert SignInCode.objects.get().code_hash == ""


@pytest.mark.django_db(transaction=True)
def test_one_code_used_by_many_at_once_opens_one_session() -> None:
    code = receive_code(APIClient())
    start = threading.Barrier(8)

    def use(number: int) -> int:
        try:
            start.wait(20)
            return sign_in(APIClient(), code).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        statuses = sorted(pool.map(use, range(8)))
    assert statuses == [200] + [422] * 7
    assert (ApiSession.objects.count(), User.objects.count()) == (1, 1)
