"""A client's own consents through the API: told, decided, withdrawn, and never somebody else's."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from rest_framework.test import APIClient

from apps.identity import facade
from apps.identity.domain.consent import Purpose
from apps.identity.domain.consent_withdrawal import AFTER_WITHDRAWAL
from apps.identity.models import Consent, User
from tests.booking.factories import make_staff, signed_in
from tests.client_cabinet.rows import PAYLOADS
from tests.identity.consents import chain_now, decline, grant, publish, verdict, withdraw
from tests.jobs import waiting

pytestmark = pytest.mark.django_db

CONSENTS = "/api/v1/me/consents/"
HISTORY = "/api/v1/me/consents/history/"


@pytest.fixture
def anna() -> User:
    return User.objects.create_user("anna@example.ru", display_name="Анна")


@pytest.fixture
def api(anna: User) -> APIClient:
    return signed_in(anna)


def withdrawal(purpose: str) -> str:
    return f"{CONSENTS}{purpose}/withdraw/"


def decision(purpose: str, act: str = "granted", version: str = "1.0") -> dict[str, str]:
    return {"purpose": purpose, "version": version, "act": act}


def told(api: APIClient) -> dict[str, dict]:
    return {each["purpose"]: each for each in api.get(CONSENTS).json()["results"]}


def acts() -> list[tuple[str, str, str]]:
    return list(Consent.objects.order_by("id").values_list("purpose", "version", "status"))


def test_each_purpose_tells_its_text_and_what_the_person_decided(api: APIClient, anna: User) -> None:
    publish("personal_data", "communications", "telegram", "health_data")
    at = timezone.now() - timedelta(minutes=5)
    grant(anna.pk, "personal_data", "telegram", at=at)
    decline(anna.pk, "communications")
    withdraw(anna.pk, "telegram")

    found = told(api)

    assert {purpose: each["state"] for purpose, each in found.items()} == {
        "personal_data": "granted",
        "communications": "declined",
        "telegram": "withdrawn",
        "health_data": "never_asked",
    }
    document = facade.document_in_force(purpose="personal_data", at=timezone.now())
    with translation.override("ru"):
        brings = [translation.gettext(each) for each in AFTER_WITHDRAWAL[Purpose.PERSONAL_DATA]]
    assert found["personal_data"] == {
        "purpose": "personal_data",
        "state": "granted",
        "version": "1.0",
        "decided_at": at.isoformat(),
        "channel": "web",
        "asked_again": False,
        "document": {
            "version": "1.0",
            "title": "Согласие personal_data 1.0",
            "text": "Текст personal_data 1.0\n",
            "sha256": document.sha256,
        },
        "withdrawal_brings": brings,
    }
    never = found["health_data"]
    assert (never["version"], never["decided_at"], never["channel"]) == (None, None, None)


def test_a_new_version_asks_again_those_who_decided_and_not_those_who_withdrew(
    api: APIClient, anna: User
) -> None:
    publish("personal_data", "communications", "telegram", "health_data")
    grant(anna.pk, "personal_data", "telegram")
    decline(anna.pk, "communications")
    withdraw(anna.pk, "telegram")
    publish("personal_data", "communications", "telegram", "health_data", version="2.0", since=timedelta(0))

    found = told(api)

    assert {purpose for purpose, each in found.items() if each["asked_again"]} == {
        "personal_data",
        "communications",
    }
    assert (found["personal_data"]["version"], found["personal_data"]["document"]["version"]) == (
        "1.0",
        "2.0",
    )
    answer = api.post(CONSENTS, {"consents": [decision("personal_data", version="2.0")]})
    again = {each["purpose"]: each["asked_again"] for each in answer.json()["results"]}
    assert again["personal_data"] is False


def test_a_text_that_is_not_in_force_yet_is_not_shown(api: APIClient) -> None:
    publish("personal_data")
    publish("personal_data", "telegram", version="2.0", since=timedelta(days=-1))
    assert {purpose: each["document"]["version"] for purpose, each in told(api).items()} == {
        "personal_data": "1.0"
    }


def test_several_decisions_are_acts_of_their_own_with_the_proof_of_the_call(
    api: APIClient, anna: User
) -> None:
    publish()
    body = {"consents": [decision("personal_data"), decision("communications", "declined")]}

    answer = api.post(CONSENTS, body, headers={"User-Agent": "Firefox"}, REMOTE_ADDR="192.0.2.7")

    assert answer.status_code == 200, answer.json()
    assert acts() == [("personal_data", "1.0", "granted"), ("communications", "1.0", "declined")]
    states = {each["purpose"]: each["state"] for each in answer.json()["results"]}
    assert (states["personal_data"], states["communications"], states["telegram"]) == (
        "granted",
        "declined",
        "never_asked",
    )
    for act in Consent.objects.all():
        assert (act.user_id, act.channel) == (anna.pk, "web")
        assert (act.evidence["ip"], act.evidence["user_agent"]) == ("192.0.2.7", "Firefox")
        assert act.evidence["request_id"]
    assert facade.has_consent(user_id=anna.pk, purpose="personal_data", at=timezone.now())
    chain_now()
    assert verdict().problems == ()


def test_the_same_decision_again_writes_nothing(api: APIClient) -> None:
    publish()
    body = {"consents": [decision("personal_data"), decision("telegram", "declined")]}
    headers = {"Idempotency-Key": uuid4().hex}

    answers = [
        api.post(CONSENTS, body, headers=headers),
        api.post(CONSENTS, body, headers=headers),
        api.post(CONSENTS, {"consents": [*body["consents"], decision("personal_data")]}),
    ]

    assert [each.status_code for each in answers] == [200, 200, 200]
    assert answers[1]["Idempotency-Replayed"] == "true"
    assert len(acts()) == 2


@pytest.mark.parametrize(
    ("wrong", "status", "code"),
    [
        (decision("communications", version="7.0"), 422, "consent_document_unknown"),
        (decision("communications", version="0.9"), 422, "consent_document_outdated"),
        (decision("personal_data", "declined"), 422, "consents_contradict"),
        (decision("telegram", "declined"), 409, "consent_stands"),
    ],
    ids=["unknown", "outdated", "contradictory", "standing"],
)
def test_one_wrong_decision_keeps_all_from_being_written(
    api: APIClient, anna: User, wrong: dict[str, str], status: int, code: str
) -> None:
    publish("communications", version="0.9", since=timedelta(days=2))
    publish()
    grant(anna.pk, "telegram")

    answer = api.post(CONSENTS, {"consents": [decision("personal_data"), wrong]})

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert acts() == [("telegram", "1.0", "granted")]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/consents"),
        ({"consents": []}, "/consents"),
        ({"consents": [decision("personal_data")] * 7}, "/consents"),
        ({"consents": [decision("everything")]}, "/consents/0/purpose"),
        ({"consents": [decision("personal_data", "withdrawn")]}, "/consents/0/act"),
        ({"consents": [{**decision("personal_data"), "version": 1}]}, "/consents/0/version"),
        ({"consents": [{**decision("personal_data"), "user_id": "x"}]}, "/consents/0/user_id"),
        ({"consents": [decision("personal_data")], "channel": "staff"}, "/channel"),
    ],
    ids=["nothing", "none", "too many", "purpose", "act", "number", "unknown in one", "unknown"],
)
def test_a_body_that_does_not_fit_is_refused_where_it_is_wrong(
    api: APIClient, body: dict, pointer: str
) -> None:
    publish()
    answer = api.post(CONSENTS, body)
    assert answer.status_code == 422
    assert pointer in {each["pointer"] for each in answer.json()["errors"]}
    assert acts() == []


def test_a_withdrawal_ends_the_consent_at_once_and_tells_what_follows(api: APIClient, anna: User) -> None:
    publish()
    grant(anna.pk, "personal_data", "health_data")

    answer = api.post(withdrawal("personal_data"), headers={"User-Agent": "Firefox"}, REMOTE_ADDR="192.0.2.7")

    act = Consent.objects.get(status="withdrawn")
    assert (answer.status_code, answer.json()["purpose"], answer.json()["version"]) == (
        200,
        "personal_data",
        "1.0",
    )
    assert answer.json()["withdrawn_at"] == act.at.isoformat()
    assert "в течение тридцати дней" in " ".join(answer.json()["follows"])
    assert (act.user_id, act.purpose, act.channel, act.evidence["ip"]) == (
        anna.pk,
        "personal_data",
        "web",
        "192.0.2.7",
    )
    now = timezone.now()
    assert not facade.has_consent(user_id=anna.pk, purpose="personal_data", at=now)
    assert facade.has_consent(user_id=anna.pk, purpose="health_data", at=now)
    assert {each["purpose"] for each in told(api).values() if each["state"] == "withdrawn"} == {
        "personal_data"
    }


def test_whoever_relied_on_a_consent_is_told_of_its_withdrawal_by_ids_alone(
    api: APIClient, anna: User
) -> None:
    publish()
    grant(anna.pk, "health_data")

    api.post(withdrawal("health_data"), REMOTE_ADDR="192.0.2.7")

    told_of = {
        each["subscriber"]: each["event"]
        for each in waiting("kernel.deliver_event")
        if each["event"].get("purpose") == "health_data"
    }
    assert "client_cabinet.enter_withdrawal" in told_of
    assert {each["user_id"] for each in told_of.values()} == {str(anna.pk)}
    assert "192.0.2.7" not in str(told_of)
    refused = api.post("/api/v1/me/diary/", {"type": "gratitude", "payload": PAYLOADS["gratitude"]})
    assert refused.json()["code"] == "consent_required"


def test_a_withdrawal_is_made_once(api: APIClient, anna: User) -> None:
    publish()
    grant(anna.pk, "telegram")
    headers = {"Idempotency-Key": uuid4().hex}

    answers = [api.post(withdrawal("telegram"), headers=headers) for _ in range(2)]
    later = api.post(withdrawal("telegram"))

    assert answers[0].json() == answers[1].json()
    assert (later.status_code, later.json()["code"]) == (409, "consent_not_given")
    assert acts() == [("telegram", "1.0", "granted"), ("telegram", "1.0", "withdrawn")]


def test_who_has_withdrawn_may_agree_again(api: APIClient, anna: User) -> None:
    publish()
    grant(anna.pk, "telegram")
    api.post(withdrawal("telegram"))
    api.post(CONSENTS, {"consents": [decision("telegram")]})
    assert told(api)["telegram"]["state"] == "granted"
    assert len(acts()) == 3


def test_a_consent_to_an_earlier_text_is_withdrawn_as_what_it_was(api: APIClient, anna: User) -> None:
    publish("telegram")
    grant(anna.pk, "telegram")
    publish("telegram", version="2.0", since=timedelta(0))
    assert api.post(withdrawal("telegram")).json()["version"] == "1.0"


def test_what_was_never_given_is_not_withdrawn(api: APIClient, anna: User) -> None:
    publish()
    decline(anna.pk, "communications")
    for purpose in ("telegram", "communications"):
        answer = api.post(withdrawal(purpose))
        assert (answer.status_code, answer.json()["code"]) == (409, "consent_not_given")
    assert api.post(withdrawal("everything")).status_code == 404
    assert acts() == [("communications", "1.0", "declined")]


def test_the_history_tells_every_act_page_by_page(api: APIClient, anna: User) -> None:
    publish()
    grant(anna.pk, "telegram", "personal_data")
    withdraw(anna.pk, "telegram")
    decline(anna.pk, "communications")

    first = api.get(HISTORY, {"limit": 3}).json()
    second = api.get(first["next"]).json()

    found = [*first["results"], *second["results"]]
    assert len(first["results"]) == 3
    assert [(each["purpose"], each["act"]) for each in found] == [
        ("communications", "declined"),
        ("telegram", "withdrawn"),
        ("personal_data", "granted"),
        ("telegram", "granted"),
    ]
    act = Consent.objects.get(purpose="personal_data")
    assert found[2] == {
        "id": str(act.uuid),
        "purpose": "personal_data",
        "act": "granted",
        "version": "1.0",
        "title": "Согласие personal_data 1.0",
        "sha256": act.sha256,
        "at": act.at.isoformat(),
        "channel": "web",
    }
    assert second["next"] is None


def test_nobody_sees_or_ends_the_consents_of_somebody_else(anna: User) -> None:
    publish()
    grant(anna.pk, "personal_data")
    boris = signed_in(User.objects.create_user("boris@example.ru", display_name="Борис"))

    assert {each["state"] for each in told(boris).values()} == {"never_asked"}
    assert boris.get(HISTORY).json()["results"] == []
    assert boris.post(withdrawal("personal_data")).json()["code"] == "consent_not_given"
    assert facade.has_consent(user_id=anna.pk, purpose="personal_data", at=timezone.now())


@pytest.mark.parametrize(
    ("verb", "path"),
    [("get", CONSENTS), ("post", CONSENTS), ("post", withdrawal("telegram")), ("get", HISTORY)],
    ids=["list", "decide", "withdraw", "history"],
)
def test_guests_and_staff_have_no_consents_here(verb: str, path: str) -> None:
    assert getattr(APIClient(), verb)(path).status_code == 401
    answer = getattr(signed_in(make_staff()), verb)(path)
    assert (answer.status_code, answer.json()["code"]) == (403, "clients_only")


def test_statements_do_not_grow_with_purposes_and_acts(api: APIClient, anna: User) -> None:
    publish("personal_data")
    grant(anna.pk, "personal_data")
    few = counts(api)
    publish("communications", "telegram", "health_data", "cross_border", "review_publication")
    for purpose in ("communications", "telegram", "health_data"):
        grant(anna.pk, purpose)
        withdraw(anna.pk, purpose)
    # One signs in; then the texts and the latest acts, and the history by itself.
    assert few == counts(api) == {CONSENTS: 3, HISTORY: 2}


def counts(api: APIClient) -> dict[str, int]:
    found = {}
    for path in (CONSENTS, HISTORY):
        with CaptureQueriesContext(connection) as queries:
            assert api.get(path).status_code == 200
        found[path] = len(queries)
    return found


def test_many_decisions_take_as_many_statements_as_one(anna: User) -> None:
    publish()
    taken = []
    for purposes in (["personal_data"], ["communications", "telegram", "health_data"]):
        api = signed_in(anna)
        api.get(CONSENTS)
        with CaptureQueriesContext(connection) as queries:
            answer = api.post(CONSENTS, {"consents": [decision(each) for each in purposes]})
        assert answer.status_code == 200
        taken.append(len(queries))
    assert taken[0] >= taken[1]


def test_every_purpose_tells_what_its_withdrawal_brings_in_russian() -> None:
    assert set(AFTER_WITHDRAWAL) == set(Purpose)
    with translation.override("ru"):
        for sentences in AFTER_WITHDRAWAL.values():
            assert sentences
            assert all(translation.gettext(each) != each for each in sentences)
