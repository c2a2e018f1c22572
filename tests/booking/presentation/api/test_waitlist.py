"""Clients and guests wait for a time."""

from uuid import uuid4

import pytest
from django.db import connection
from rest_framework.test import APIClient

from apps.booking.infrastructure.models import Service, WaitlistRequest
from apps.identity.infrastructure.models import Consent, User
from tests.booking.factories import (
    CONSENT_VERSION,
    make_client,
    make_service,
    make_staff,
    publish_personal_data_consent,
    signed_in,
)
from tests.booking.presentation.api.checks import assert_problem, nothing_changes

CALL = "/api/v1/waitlist/"
GIVEN = [{"purpose": "personal_data", "version": CONSENT_VERSION}]


@pytest.fixture(autouse=True)
def consent_document(db: None) -> None:
    publish_personal_data_consent()


def asking(service: Service, **more: object) -> dict:
    body = {
        "service": service.slug,
        "name": "Мария",
        "preferred_contact": "email",
        "contact": "Maria@Example.ru",
        "window": "weekday_evening",
        "time_zone": "Europe/Moscow",
        "consents": GIVEN,
        **more,
    }
    return {name: value for name, value in body.items() if value is not ...}


def test_a_guest_joins_and_proves_it_later_by_a_token(guest: APIClient, service: Service) -> None:
    response = guest.post(CALL, asking(service))

    assert response.status_code == 201
    joined = response.json()
    token = joined.pop("guest_token")
    assert len(token) == 43
    row = WaitlistRequest.objects.get()
    assert joined == {
        "id": str(row.id),
        "service": service.slug,
        "preferred_contact": "email",
        "window": "weekday_evening",
        "status": "new",
        "created_at": joined["created_at"],
        "offer": None,
    }
    assert (row.name, row.contact, row.client) == ("Мария", "maria@example.ru", None)
    assert row.consent_version == CONSENT_VERSION
    mine = {"X-Guest-Token": token}
    assert guest.get(CALL, headers=mine).json()["results"] == [joined]
    assert guest.delete(f"{CALL}{row.id}/", headers=mine).status_code == 204
    assert guest.get(CALL, headers=mine).json()["results"] == [{**joined, "status": "closed"}]


def test_a_guest_who_brings_the_token_keeps_it(guest: APIClient, service: Service) -> None:
    token = guest.post(CALL, asking(service)).json()["guest_token"]
    again = guest.post(CALL, asking(service, window="any"), headers={"X-Guest-Token": token}).json()
    assert again["guest_token"] == token
    assert len(guest.get(CALL, headers={"X-Guest-Token": token}).json()["results"]) == 2


def test_without_their_token_a_guest_sees_and_closes_nothing(guest: APIClient, service: Service) -> None:
    joined = guest.post(CALL, asking(service)).json()
    for headers in ({}, {"X-Guest-Token": "A" * 43}):
        assert guest.get(CALL, headers=headers).json()["results"] == []
        with nothing_changes():
            answer = guest.delete(f"{CALL}{joined['id']}/", headers=headers)
            assert_problem(answer, 404, "waitlist_request_not_found", detail="Такой заявки нет")


def test_name_contact_and_token_are_not_readable_at_rest(guest: APIClient, service: Service) -> None:
    token = guest.post(CALL, asking(service), headers={"Idempotency-Key": "key"}).json()["guest_token"]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT row_to_json(r)::text FROM booking_waitlistrequest r UNION ALL"
            " SELECT body FROM kernel_idempotencyrecord UNION ALL"
            " SELECT args::text FROM procrastinate_jobs"
        )
        stored = [row[0] for row in cursor.fetchall()]
    assert len(stored) >= 2
    for secret in ("Мария", "maria@example.ru", token):
        assert not any(secret in text for text in stored)


def test_a_client_needs_to_say_little(api: APIClient, client: User, service: Service) -> None:
    body = asking(service, name=..., contact=..., window=..., consents=...)
    joined = api.post(CALL, body).json()
    assert "guest_token" not in joined
    assert joined["window"] == "any"
    row = WaitlistRequest.objects.get()
    assert (row.client, row.name, row.contact) == (client, client.display_name, client.email)
    assert [each["id"] for each in api.get(CALL).json()["results"]] == [str(row.id)]
    assert api.delete(f"{CALL}{row.id}/").status_code == 204


@pytest.mark.parametrize(
    ("kind", "account", "expected"),
    [
        ("phone", {"phone": "+79123456789"}, "+79123456789"),
        ("telegram", {"telegram_id": 12345678}, "12345678"),
    ],
)
def test_a_clients_other_contacts_are_taken_from_the_account(
    service: Service, kind: str, account: dict, expected: str
) -> None:
    api = signed_in(make_client(**account))
    assert api.post(CALL, asking(service, preferred_contact=kind, contact=...)).status_code == 201
    assert WaitlistRequest.objects.get().contact == expected


def test_a_clients_consent_goes_into_the_register(service: Service) -> None:
    client = make_client()
    api = signed_in(client)
    with nothing_changes():
        problem = assert_problem(api.post(CALL, asking(service, consents=...)), 422, "consent_required")
    assert problem["document"]["version"] == CONSENT_VERSION
    assert api.post(CALL, asking(service)).status_code == 201
    assert Consent.objects.get().user_id == client.pk


def test_a_guest_must_consent_each_time(guest: APIClient, service: Service) -> None:
    for consents in (..., [], [{"purpose": "personal_data", "version": "0.9"}]):
        with nothing_changes():
            answer = guest.post(CALL, asking(service, consents=consents))
            assert_problem(answer, 422, "consent_required", pointer="/consents")


@pytest.mark.parametrize(
    ("kind", "contact", "kept"),
    [
        ("email", " Maria@EXAMPLE.ru ", "maria@example.ru"),
        ("phone", "8 (912) 345-67-89", "+79123456789"),
        ("phone", "+49 30 901820", "+4930901820"),
        ("telegram", "maria_orlova", "@maria_orlova"),
        ("telegram", "@maria_orlova", "@maria_orlova"),
        ("telegram", "123456789", "123456789"),
    ],
)
def test_contacts_are_kept_in_one_form(
    guest: APIClient, service: Service, kind: str, contact: str, kept: str
) -> None:
    body = asking(service, preferred_contact=kind, contact=contact)
    assert guest.post(CALL, body).status_code == 201
    assert WaitlistRequest.objects.get().contact == kept


@pytest.mark.parametrize(
    ("kind", "contact", "code", "detail"),
    [
        ("email", "maria", "invalid_email", ""),
        ("email", "+79123456789", "invalid_email", ""),
        ("phone", "maria@example.ru", "invalid_phone", ""),
        ("phone", "112", "invalid_phone", ""),
        ("telegram", "m", "invalid_telegram", "Укажите имя в Telegram"),
        ("telegram", "мария", "invalid_telegram", "Укажите имя в Telegram"),
        ("email", ..., "contact_required", "Пожалуйста, укажите, как с вами связаться"),
    ],
)
def test_contacts_that_are_none_are_refused(
    guest: APIClient, service: Service, kind: str, contact: object, code: str, detail: str
) -> None:
    body = asking(service, preferred_contact=kind, contact=contact)
    with nothing_changes():
        assert_problem(guest.post(CALL, body), 422, code, detail=detail, pointer="/contact")


def test_a_client_without_such_a_contact_must_name_one(api: APIClient, service: Service) -> None:
    body = asking(service, preferred_contact="telegram", contact=...)
    with nothing_changes():
        assert_problem(api.post(CALL, body), 422, "contact_required", pointer="/contact")


def test_the_window_goes_by_the_clock_of_the_practice_by_default(guest: APIClient, service: Service) -> None:
    body = asking(service)
    del body["time_zone"]
    assert guest.post(CALL, body).status_code == 201
    assert WaitlistRequest.objects.get().time_zone == "Europe/Moscow"


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("service", 1),
        ("name", ["x"]),
        ("name", "x" * 121),
        ("name", ""),
        ("preferred_contact", "pigeon"),
        ("contact", 79123456789),
        ("contact", "x" * 255),
        ("window", "midnight"),
        ("time_zone", "Mars/Base"),
        ("consents", {}),
        ("name", "a\0"),
    ],
)
def test_members_of_a_wrong_kind_are_refused(
    guest: APIClient, service: Service, member: str, value: object
) -> None:
    with nothing_changes():
        answer = guest.post(CALL, {**asking(service), member: value})
        assert_problem(answer, 422, "validation_error", pointer=f"/{member}")


def test_services_that_are_not_published_have_no_waitlist(guest: APIClient, db: None) -> None:
    for body in (asking(make_service(status="draft")), asking(Service(slug="nothing"))):
        with nothing_changes():
            assert_problem(guest.post(CALL, body), 404, "service_not_found", pointer="/service")


def test_leaving_twice_is_refused(api: APIClient, service: Service) -> None:
    address = f"{CALL}{api.post(CALL, asking(service)).json()['id']}/"
    api.delete(address)
    with nothing_changes():
        answer = api.delete(address)
        assert_problem(answer, 409, "waitlist_transition_not_allowed", detail="Заявка уже закрыта")


def test_somebody_elses_and_unknown_requests_do_not_exist(api: APIClient, service: Service) -> None:
    theirs = signed_in(make_client()).post(CALL, asking(service)).json()["id"]
    with nothing_changes():
        for request_id in (theirs, uuid4()):
            answer = api.delete(f"{CALL}{request_id}/")
            assert_problem(answer, 404, "waitlist_request_not_found")
    assert api.get(CALL).json()["results"] == []


def test_a_token_that_cannot_be_ours_is_refused(guest: APIClient, service: Service) -> None:
    for token in ("short", "A" * 44, "A" * 42 + "!"):
        headers = {"X-Guest-Token": token}
        with nothing_changes():
            for answer in (
                guest.get(CALL, headers=headers),
                guest.post(CALL, asking(service), headers=headers),
                guest.delete(f"{CALL}{uuid4()}/", headers=headers),
            ):
                assert_problem(answer, 422, "invalid_guest_token", detail="Этот гостевой ключ")


def test_a_session_that_has_ended_does_not_make_a_guest(guest: APIClient, service: Service) -> None:
    with nothing_changes():
        answer = guest.post(CALL, asking(service), headers={"X-Session-Token": "ended"})
        assert_problem(answer, 401, "session_invalid")


def test_staff_do_not_queue(service: Service) -> None:
    api = signed_in(make_staff("assistant"))
    with nothing_changes():
        for answer in (api.get(CALL), api.post(CALL, asking(service))):
            assert_problem(answer, 403, "clients_only")
