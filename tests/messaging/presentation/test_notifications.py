"""Which letters a client gets, through the API."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse
from rest_framework.test import APIClient

from apps.audit.models import AuditRecord
from apps.identity.models import User
from apps.kernel.domain.actor import Actor
from apps.messaging import wiring
from apps.messaging.domain.delivery_rules import KindAlwaysOn
from apps.messaging.domain.kinds import REMINDER_LETTERS, MessageKind
from apps.messaging.infrastructure.links import reminders_token
from apps.messaging.models import ReminderOptOut
from tests.booking.factories import consented_client, make_client, make_staff, signed_in

pytestmark = pytest.mark.django_db

PATH = "/api/v1/me/notifications/"
OPTIONAL = ["how_to_prepare", "reminder_day", "reminder_hour", "material_shared"]


@pytest.fixture
def anna() -> User:
    return make_client(email="anna@example.ru")


@pytest.fixture
def api(anna: User) -> APIClient:
    return signed_in(anna)


def switched_on(answer: Any) -> list[str]:
    return [each["kind"] for each in answer.json()["letters"] if each["on"]]


def test_at_first_all_optional_letters_come_and_no_other_can_be_chosen(api: APIClient) -> None:
    answer = api.get(PATH)
    assert [each["kind"] for each in answer.json()["letters"]] == OPTIONAL
    assert switched_on(answer) == OPTIONAL
    assert answer.json()["letters"][1]["title"] == "Первое напоминание"
    assert answer.json()["quiet_hours"] == {"start": "21:00", "end": "09:00"}


def test_letters_are_switched_one_by_one_and_the_choice_is_the_whole_choice(
    api: APIClient, anna: User
) -> None:
    assert switched_on(api.put(PATH, {"switched_off": ["how_to_prepare"]})) == OPTIONAL[1:]
    assert switched_on(api.put(PATH, {"switched_off": ["material_shared"]})) == OPTIONAL[:3]
    assert switched_on(api.get(PATH)) == OPTIONAL[:3]
    assert wiring.opt_outs.of(anna.pk) == {MessageKind.MATERIAL_SHARED}
    assert switched_on(api.put(PATH, {"switched_off": []})) == OPTIONAL
    assert not ReminderOptOut.objects.exists()
    records = AuditRecord.objects.filter(action="notifications_chosen").order_by("id")
    assert [record.changes["switched_off"] for record in records] == [
        [[], ["how_to_prepare"]],
        [["how_to_prepare"], ["material_shared"]],
        [["material_shared"], []],
    ]


def test_choosing_the_same_again_changes_nothing(api: APIClient) -> None:
    for _time in range(2):
        api.put(PATH, {"switched_off": ["reminder_day", "reminder_day"]})
    assert AuditRecord.objects.filter(action="notifications_chosen").count() == 1


def test_the_link_of_a_letter_and_the_cabinet_tell_of_one_choice(api: APIClient, anna: User) -> None:
    page = reverse("messaging-reminders", kwargs={"token": reminders_token(anna.pk)})
    api.put(PATH, {"switched_off": ["material_shared"]})
    Browser().post(page, {"reminders": "off"})
    assert wiring.opt_outs.of(anna.pk) == REMINDER_LETTERS | {MessageKind.MATERIAL_SHARED}
    assert switched_on(api.get(PATH)) == []
    Browser().post(page, {"reminders": "on"})
    assert switched_on(api.get(PATH)) == OPTIONAL[:3]
    api.put(PATH, {"switched_off": ["reminder_day"]})
    assert "Отключить напоминания?" in Browser().get(page).content.decode()


@pytest.mark.parametrize(
    "body",
    [
        {"switched_off": ["sign_in_code"]},
        {"switched_off": ["booking_confirmed"]},
        {"switched_off": ["nothing"]},
        {"switched_off": "reminder_day"},
        {"switched_off": [{"kind": "reminder_day"}]},
        {},
        {"switched_off": [], "client_id": "0f6c1c3e-0a53-4a05-9d3c-6f5e6a1b2c3d"},
        {"switched_off": [], "letters": []},
    ],
    ids=["sign-in", "booking", "unknown", "text", "object", "empty", "somebody else", "read only"],
)
def test_nothing_else_is_taken(api: APIClient, body: dict[str, Any]) -> None:
    assert api.put(PATH, body).status_code == 422
    assert not ReminderOptOut.objects.exists()


def test_what_rests_on_a_consent_is_told() -> None:
    answer = signed_in(consented_client()).get(PATH).json()
    assert {each["purpose"]: each["granted"] for each in answer["consents"]} == {
        "personal_data": True,
        "communications": False,
        "telegram": False,
    }


def test_a_choice_is_ones_own(api: APIClient) -> None:
    boris = make_client()
    api.put(PATH, {"switched_off": OPTIONAL})
    assert switched_on(signed_in(boris).get(PATH)) == OPTIONAL
    assert APIClient().get(PATH).status_code == 401
    assert APIClient().put(PATH, {"switched_off": []}).status_code == 401
    assert signed_in(make_staff("owner")).put(PATH, {"switched_off": OPTIONAL}).status_code == 403


def test_a_choice_of_another_kind_is_refused_by_the_rule_too(anna: User) -> None:
    with pytest.raises(KindAlwaysOn):
        wiring.choose_letters(off=[MessageKind.SIGN_IN_CODE], actor=Actor(user_id=anna.pk, role="client"))
    assert wiring.people.consents(anna.pk, purposes=(), at=datetime.now(UTC)) == frozenset()
