"""A client's own profile, contacts and sessions through the API."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from apps.audit.models import AuditRecord
from apps.identity import facade
from apps.identity.models import ApiSession, Confirmation, User
from tests.booking.factories import session_token, signed_in

pytestmark = pytest.mark.django_db

ME = "/api/v1/me/"
CONTACTS = "/api/v1/me/contacts/"
SESSIONS = "/api/v1/me/sessions/"


@pytest.fixture
def anna() -> User:
    return User.objects.create_user("anna@example.ru", display_name="Анна", phone="+79123456789")


@pytest.fixture
def api(anna: User) -> APIClient:
    return signed_in(anna)


def confirm_path(step: str) -> str:
    return f"{CONTACTS}{step}/confirm/"


def code_of(step: str) -> str:
    letter = facade.issue_confirmation_code(confirmation_id=step)
    assert letter is not None
    return letter.code


def ask(api: APIClient, kind: str, value: str | None) -> str:
    response = api.post(CONTACTS, {"kind": kind, "value": value})
    assert response.status_code == 202, response.json()
    return str(response.json()["confirmation_id"])


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def test_a_profile_tells_what_is_known_with_the_one_statement_that_signs_in(
    api: APIClient, anna: User
) -> None:
    with CaptureQueriesContext(connection) as queries:
        response = api.get(ME)
    assert response.json() == {
        "id": str(anna.pk),
        "display_name": "Анна",
        "time_zone": "Europe/Moscow",
        "language": "ru",
        "email": "anna@example.ru",
        "phone": "+79123456789",
        "telegram_linked": False,
        "created_at": anna.created_at.isoformat(),
    }
    assert response["Cache-Control"] == "private, no-store"
    assert len(queries) == 1


def test_a_name_a_zone_and_a_language_change_by_themselves(api: APIClient, anna: User) -> None:
    response = api.patch(ME, {"time_zone": "Asia/Omsk"})
    assert (response.status_code, response.json()["time_zone"]) == (200, "Asia/Omsk")
    response = api.patch(ME, {"display_name": " Анна  К.", "language": "en"})
    assert response.json()["display_name"] == "Анна К."
    anna.refresh_from_db()
    assert (anna.display_name, anna.time_zone, anna.language) == ("Анна К.", "Asia/Omsk", "en")
    records = AuditRecord.objects.filter(action="profile_changed").order_by("id")
    assert [record.changes for record in records] == [
        {"fields": [None, ["time_zone"]]},
        {"fields": [None, ["display_name", "language"]]},
    ]


@pytest.mark.parametrize(
    "body",
    [
        {"role": "owner"},
        {"status": "blocked"},
        {"email": "new@example.ru"},
        {"phone": "+79990000000"},
        {"telegram_id": 7},
        {"telegram_linked": True},
        {"id": "0f6c1c3e-0a53-4a05-9d3c-6f5e6a1b2c3d"},
        {"created_at": "2020-01-01T00:00:00Z"},
        {"is_staff": True},
        {"password": "a long password"},
        {"user": {"role": "owner"}},
    ],
    ids=lambda body: next(iter(body)),
)
def test_nothing_else_can_be_set_not_even_beside_what_can(
    api: APIClient, anna: User, body: dict[str, Any]
) -> None:
    before = User.objects.values().get(pk=anna.pk)
    response = api.patch(ME, {"display_name": "Другая", **body})
    assert response.status_code == 422
    (error,) = response.json()["errors"]
    assert (error["pointer"], error["code"]) == (f"/{next(iter(body))}", "unknown_field")
    assert User.objects.values().get(pk=anna.pk) == before


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"display_name": "  "}, "blank"),
        ({"display_name": "я" * 121}, "max_length"),
        ({"display_name": 7}, "invalid"),
        ({"time_zone": "Mars/Base"}, "unknown_time_zone"),
        ({"language": "xx"}, "invalid_choice"),
    ],
    ids=["blank name", "long name", "number", "zone", "language"],
)
def test_a_profile_is_checked(api: APIClient, body: dict[str, Any], code: str) -> None:
    response = api.patch(ME, body)
    assert response.status_code == 422
    assert [error["code"] for error in response.json()["errors"]] == [code]


def test_an_address_changes_by_the_code_that_was_sent_to_it(api: APIClient, anna: User) -> None:
    elsewhere = session_token(anna)
    step = ask(api, "email", " New@Example.RU ")
    anna.refresh_from_db()
    assert anna.email == "anna@example.ru"

    response = api.post(confirm_path(step), {"code": code_of(step)})

    assert (response.status_code, response.json()["email"]) == (200, "new@example.ru")
    anna.refresh_from_db()
    assert anna.email == "new@example.ru"
    assert api.get(ME).status_code == 200
    assert APIClient().get(ME, headers={"X-Session-Token": elsewhere}).status_code == 401
    actions = AuditRecord.objects.filter(entity_id=str(anna.pk)).order_by("id")
    assert [record.action for record in actions] == ["contact_change_requested", "contact_changed"]


def test_a_number_changes_and_goes_by_a_code_to_the_present_address(api: APIClient, anna: User) -> None:
    step = ask(api, "phone", "8 999 000-00-00")
    letter = facade.issue_confirmation_code(confirmation_id=step)
    assert letter is not None
    assert letter.email == "anna@example.ru"
    assert api.post(confirm_path(step), {"code": letter.code}).json()["phone"] == "+79990000000"
    step = ask(api, "phone", None)
    assert api.post(confirm_path(step), {"code": code_of(step)}).json()["phone"] is None


def test_the_contact_that_one_signs_in_by_stays(api: APIClient) -> None:
    response = api.post(CONTACTS, {"kind": "email", "value": None})
    assert (response.status_code, response.json()["code"]) == (409, "last_contact")


def test_five_wrong_tries_lock_the_change_although_each_is_refused(api: APIClient, anna: User) -> None:
    step = ask(api, "email", "new@example.ru")
    code = code_of(step)
    for _try in range(5):
        response = api.post(confirm_path(step), {"code": wrong(code)})
        assert (response.status_code, response.json()["code"]) == (422, "confirmation_code_invalid")
    assert api.post(confirm_path(step), {"code": code}).status_code == 422
    anna.refresh_from_db()
    assert anna.email == "anna@example.ru"


def test_tries_count_under_idempotency_keys_too(api: APIClient) -> None:
    step = ask(api, "email", "new@example.ru")
    code = code_of(step)
    for number in range(5):
        headers = {"Idempotency-Key": f"try-{number}"}
        assert api.post(confirm_path(step), {"code": wrong(code)}, headers=headers).status_code == 422
    assert api.post(confirm_path(step), {"code": code}).status_code == 422


def test_a_step_is_nobody_elses(api: APIClient, anna: User) -> None:
    boris = User.objects.create_user("boris@example.ru")
    step = ask(api, "email", "new@example.ru")
    code = code_of(step)
    stranger = signed_in(boris)
    refused = [
        stranger.post(confirm_path(step), {"code": code}),
        stranger.post(confirm_path(str(uuid4())), {"code": code}),
    ]
    assert {(each.status_code, each.json()["code"]) for each in refused} == {(404, "confirmation_not_found")}
    assert api.post(confirm_path(step), {"code": code}).status_code == 200
    boris.refresh_from_db()
    assert boris.email == "boris@example.ru"


@pytest.mark.parametrize(
    "email", ["boris@example.ru", "boss@example.ru", "gone@example.ru", "new@example.ru"]
)
def test_asking_tells_nobody_whose_an_address_is(api: APIClient, email: str) -> None:
    User.objects.create_user("boris@example.ru")
    User.objects.create_user("boss@example.ru", "a long password", role="owner")
    User.objects.create_user("gone@example.ru", status="blocked")
    _work_of_asking(api, "nobody@example.ru")  # makes what is made once: the person's key
    response = api.post(CONTACTS, {"kind": "email", "value": email})
    assert response.status_code == 202
    assert set(response.json()) == {"confirmation_id", "detail"}
    assert _work_of_asking(api, email) == _work_of_asking(api, "nobody@example.ru")


def _work_of_asking(api: APIClient, email: str) -> list[str]:
    """The statements of a call, without their values."""
    with CaptureQueriesContext(connection) as queries:
        api.post(CONTACTS, {"kind": "email", "value": email})
    return [query["sql"][:40] for query in queries if "SAVEPOINT" not in query["sql"]]


@pytest.mark.parametrize("role", ["client", "owner"])
def test_whoever_proves_an_address_of_somebody_else_is_told_and_has_used_the_code(
    api: APIClient, anna: User, role: str
) -> None:
    User.objects.create_user("boris@example.ru", "a long password", role=role)
    step = ask(api, "email", "boris@example.ru")
    code = code_of(step)
    response = api.post(confirm_path(step), {"code": code})
    assert (response.status_code, response.json()["code"]) == (409, "contact_taken")
    assert api.post(confirm_path(step), {"code": code}).status_code == 422
    anna.refresh_from_db()
    assert anna.email == "anna@example.ru"
    assert AuditRecord.objects.filter(action="contact_refused").count() == 1


def test_who_asks_too_often_is_told_when_to_come_back(api: APIClient) -> None:
    answers = [api.post(CONTACTS, {"kind": "phone", "value": f"+7999000000{each}"}) for each in range(4)]
    assert [each.status_code for each in answers] == [202, 202, 202, 429]
    assert answers[-1].json()["code"] == "too_many_codes"
    assert answers[-1]["Retry-After"] == "86400"


def test_neither_the_new_contact_nor_the_old_one_is_kept_readable(api: APIClient) -> None:
    step = ask(api, "email", "new@example.ru")
    api.post(confirm_path(step), {"code": code_of(step)})
    other = ask(api, "phone", "+79990000000")
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(row_to_json(step)::text, '') FROM identity_confirmation AS step")
        kept = cursor.fetchone()[0]
        cursor.execute("SELECT coalesce(string_agg(args::text, ''), '') FROM procrastinate_jobs")
        queued = cursor.fetchone()[0]
    audited = str(list(AuditRecord.objects.values()))
    assert other in kept
    for secret in ("new@example", "anna@example", "9990000000"):
        assert secret not in kept + queued + audited


def test_sessions_are_listed_and_ended_one_by_one_or_all_others_at_once(api: APIClient, anna: User) -> None:
    for _device in range(3):
        session_token(anna)
    expired = ApiSession.objects.create(
        token_hash="0" * 64,
        user=anna,
        created_at=timezone.now() - timedelta(days=31),
        expires_at=timezone.now() - timedelta(days=1),
        last_seen_at=timezone.now() - timedelta(days=2),
    )
    listed = api.get(SESSIONS).json()["results"]
    assert len(listed) == 4
    assert str(expired.pk) not in {each["id"] for each in listed}
    assert [each["current"] for each in listed].count(True) == 1
    assert set(listed[0]) == {"id", "created_at", "last_seen_at", "expires_at", "current"}

    other = next(each["id"] for each in listed if not each["current"])
    assert api.delete(f"{SESSIONS}{other}/").status_code == 204
    assert api.delete(f"{SESSIONS}{other}/").status_code == 404
    assert len(api.get(SESSIONS).json()["results"]) == 3

    assert api.delete(SESSIONS).json() == {"ended": 3}  # the expired one among them
    (left,) = api.get(SESSIONS).json()["results"]
    assert left["current"]
    assert api.delete(f"{SESSIONS}{left['id']}/").status_code == 204
    assert api.get(ME).status_code == 401


def test_nobody_sees_or_ends_sessions_of_others(api: APIClient) -> None:
    boris = User.objects.create_user("boris@example.ru")
    theirs = signed_in(boris)
    session = ApiSession.objects.get(user=boris)
    assert api.delete(f"{SESSIONS}{session.pk}/").status_code == 404
    assert str(session.pk) not in str(api.get(SESSIONS).json())
    api.delete(SESSIONS)
    assert theirs.get(ME).status_code == 200


CALLS = [
    ("get", ME, None),
    ("patch", ME, {"display_name": "Я"}),
    ("post", CONTACTS, {"kind": "email", "value": "new@example.ru"}),
    ("post", confirm_path("0f6c1c3e-0a53-4a05-9d3c-6f5e6a1b2c3d"), {"code": "123456"}),
    ("get", SESSIONS, None),
    ("delete", SESSIONS, None),
    ("delete", f"{SESSIONS}0f6c1c3e-0a53-4a05-9d3c-6f5e6a1b2c3d/", None),
]


@pytest.mark.parametrize(("method", "path", "body"), CALLS, ids=[f"{each[0]} {each[1]}" for each in CALLS])
def test_guests_and_staff_have_no_profile_here(method: str, path: str, body: dict[str, Any] | None) -> None:
    owner = User.objects.create_user("boss@example.ru", "a long password", role="owner")
    assert getattr(APIClient(), method)(path, body).status_code == 401
    assert getattr(signed_in(owner), method)(path, body).status_code == 403
    assert not Confirmation.objects.exists()
    assert mail.outbox == []


@pytest.mark.django_db(transaction=True)
def test_of_two_confirmations_at_once_one_changes_the_contact(anna: User) -> None:
    token = session_token(anna)
    api = APIClient(headers={"X-Session-Token": token})
    step = ask(api, "email", "new@example.ru")
    code = code_of(step)
    gate = threading.Barrier(3)

    def confirm() -> int:
        try:
            gate.wait()
            caller = APIClient(headers={"X-Session-Token": token})
            return int(caller.post(confirm_path(step), {"code": code}).status_code)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(3) as pool:
        outcomes = [each.result() for each in [pool.submit(confirm) for _caller in range(3)]]
    assert sorted(outcomes) == [200, 422, 422]
    assert AuditRecord.objects.filter(action="contact_changed").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_people_who_prove_the_same_number_at_once_one_gets_it(anna: User) -> None:
    boris = User.objects.create_user("boris@example.ru")
    tokens = [session_token(person) for person in (anna, boris)]
    steps = [ask(APIClient(headers={"X-Session-Token": token}), "phone", "+79990000000") for token in tokens]
    codes = [code_of(step) for step in steps]
    gate = threading.Barrier(2)

    def confirm(token: str, step: str, code: str) -> int:
        try:
            gate.wait()
            caller = APIClient(headers={"X-Session-Token": token})
            return int(caller.post(confirm_path(step), {"code": code}).status_code)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        waiting = [pool.submit(confirm, *each) for each in zip(tokens, steps, codes, strict=True)]
        outcomes = sorted(each.result() for each in waiting)
    assert outcomes == [200, 409]


def test_a_device_found_later_does_not_change_contacts(api: APIClient, anna: User) -> None:
    ApiSession.objects.update(created_at=timezone.now() - timedelta(minutes=16))

    response = api.post(CONTACTS, {"kind": "email", "value": "thief@example.ru"})

    assert (response.status_code, response.json()["code"]) == (403, "sign_in_again")
    assert not Confirmation.objects.exists()
