"""Nobody reaches what belongs to somebody else: every call of the schema, by everybody who is not its owner.

The calls come from the schema and the rows from ``possessions``, which must have one for every parameter: a
new endpoint is attacked here from the day it is documented.
"""

from typing import Any
from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from apps.identity.domain.roles import STAFF
from apps.identity.infrastructure.models import User
from tests.attacks.api_walk import Call, calls
from tests.attacks.possessions import OWN_NAMES, PUBLIC, WORD, Possessions, belongings, every_row
from tests.booking.factories import consented_client, make_staff, session_token, signed_in
from tests.client_cabinet.rows import consent_to_health_data, make_entry
from tests.payments.provider import stand_in

pytestmark = pytest.mark.django_db

EVERY = calls("get", "post", "put", "patch", "delete")
OF_SOMEBODY = [each for each in EVERY if each.parameters - PUBLIC]
OF_SOMEBODY_BY_ID = [each for each in OF_SOMEBODY if each.parameters - PUBLIC - OWN_NAMES]
LISTS = [each for each in EVERY if each.verb == "get" and not each.parameters]
IDS_IN_BODIES = {
    "POST /api/v1/me/diary/{entry_id}/share/ appointment_id",
    "POST /api/v1/me/erasure/ entry_id",
    "GET /api/v1/me/erasure/plan/ entry_id",
}
"""The ids that calls take beside their path, each tried below."""
NO_ID = {"deep_link_id"}
PER_ANSWER = {"X-Request-ID", "ETag"}
"""Headers of each answer by itself: its own id, and the hash of a body that is compared anyway."""
GUESTS_TOO = {"delete /api/v1/waitlist/{request_id}/"}
"""A guest has requests of their own by a token: here what is somebody else's does not exist for them."""


@pytest.fixture(autouse=True)
def _provider(monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(monkeypatch)


@pytest.fixture
def anna(db: None) -> Possessions:
    return belongings()


def stranger() -> APIClient:
    """Another client, who has consented to all that Anna has."""
    client = consented_client()
    consent_to_health_data(client)
    return signed_in(client)


def call(api: APIClient, each: Call, known: dict[str, Any], body: dict[str, Any]) -> Any:
    sent = body if each.example is not None else None
    return getattr(api, each.verb)(
        each.address(**known), sent, headers={"Idempotency-Key": uuid4().hex} if each.verb == "post" else None
    )


def told(answer: Any) -> tuple[Any, ...]:
    """All that an answer tells, without what is different in every answer."""
    headers = {name: value for name, value in answer.headers.items() if name not in PER_ANSWER}
    body = answer.json() if "json" in answer.headers.get("Content-Type", "") else answer.content
    if isinstance(body, dict):
        body = {name: value for name, value in body.items() if name not in {"instance", "request_id"}}
    return answer.status_code, body, headers


def test_there_is_a_row_for_every_parameter_of_every_address(anna: Possessions) -> None:
    known = set(anna.known)
    missing = {f"{each} {name}" for each in EVERY for name in each.parameters - known}
    assert missing == set()
    assert len(OF_SOMEBODY) > 20


def test_every_id_beside_a_path_is_attacked() -> None:
    taken = {
        f"{each.verb.upper()} {each.path} {name}"
        for each in EVERY
        for name in (each.fields | each.query) - NO_ID
        if name.endswith(("_id", "_ids")) or name in {"id", "ids"}
    }
    assert taken == IDS_IN_BODIES


@pytest.mark.parametrize("each", OF_SOMEBODY_BY_ID, ids=str)
def test_what_belongs_to_somebody_else_does_not_exist(each: Call, anna: Possessions) -> None:
    """Not for another client, who learns no more than about an id that nobody has; not for staff, guests or
    its owner once they are blocked; and nothing changes. The owner, for whom it exists, is the control."""
    nobody = {name: value if name in PUBLIC else uuid4() for name, value in anna.known.items()}
    body = anna.body(each.path, each.example)
    boris, guest = stranger(), APIClient()
    staff = [signed_in(make_staff(role)) for role in STAFF]
    before = every_row()

    answer = call(boris, each, anna.known, body)
    assert answer.status_code == 404
    assert told(answer) == told(call(boris, each, nobody, body))
    assert WORD not in answer.content.decode()
    assert call(guest, each, anna.known, body).status_code == (404 if str(each) in GUESTS_TOO else 401)
    assert {call(api, each, anna.known, body).status_code for api in staff} == {403}
    assert before <= every_row()

    of_anna = User.objects.filter(pk=anna.client.pk)
    for status in ("blocked", "deleted"):
        of_anna.update(status=status)
        assert call(anna.api, each, anna.known, body).status_code == 401
    of_anna.update(status="active")
    assert before <= every_row()
    assert call(anna.api, each, anna.known, body).status_code in {200, 201, 202, 204, 403, 409, 422}


@pytest.mark.parametrize("each", [each for each in OF_SOMEBODY if each not in OF_SOMEBODY_BY_ID], ids=str)
def test_the_same_name_is_another_thing_in_the_hands_of_somebody_else(each: Call, anna: Possessions) -> None:
    before = every_row()
    assert call(stranger(), each, anna.known, {}).status_code in {200, 201, 204}
    assert before <= every_row()
    for api, status in ((APIClient(), 401), (signed_in(make_staff()), 403)):
        assert call(api, each, anna.known, {}).status_code == status
    assert before <= every_row()


@pytest.mark.parametrize("each", LISTS, ids=str)
def test_no_list_shows_anything_of_somebody_else(each: Call, anna: Possessions) -> None:
    hers = {str(value) for name, value in anna.known.items() if name not in {*PUBLIC, "kind", "purpose"}}
    hers |= {WORD, str(anna.client.pk), str(anna.client.email), str(anna.client.phone)}

    answer = stranger().get(each.path)

    assert [each for each in hers if each in answer.content.decode()] == []


def test_an_entry_is_not_shared_for_an_appointment_of_somebody_else(anna: Possessions) -> None:
    client = consented_client()
    consent_to_health_data(client)
    own, boris = make_entry(client), signed_in(client)
    share, before = f"/api/v1/me/diary/{own.pk}/share/", every_row()

    answers = [
        boris.post(share, {"appointment_id": str(each)}) for each in (anna.known["appointment_id"], uuid4())
    ]

    assert told(answers[0]) == told(answers[1])
    assert answers[0].status_code in {404, 422}
    assert before <= every_row()


def test_nobody_erases_or_looks_at_the_entry_of_somebody_else(anna: Possessions) -> None:
    boris, before = stranger(), every_row()
    for ask in (
        lambda entry: boris.post("/api/v1/me/erasure/", {"scope": "entry", "entry_id": str(entry)}),
        lambda entry: boris.get("/api/v1/me/erasure/plan/", {"scope": "entry", "entry_id": str(entry)}),
    ):
        answer = ask(anna.known["entry_id"])
        assert answer.status_code in {404, 409, 422}
        assert told(answer) == told(ask(uuid4()))
    assert before <= every_row()


def test_a_token_in_the_wrong_place_opens_nothing(anna: Possessions) -> None:
    """Not in an address, a cookie, a body or another header, and not beside a cookie of the workspace."""
    token = session_token(anna.client)
    path = f"/api/v1/appointments/{anna.known['appointment_id']}/"
    for headers in ({"Authorization": f"Bearer {token}"}, {"Cookie": f"X-Session-Token={token}"}):
        assert APIClient().get(path, headers=headers).status_code == 401
    assert APIClient().get(f"{path}?session_token={token}&X-Session-Token={token}").status_code == 401
    workspace = APIClient()
    workspace.force_login(make_staff())
    assert workspace.get(path).status_code == 401
