"""What rests on a consent is sent while it stands, asked at the moment of sending; the rest is not asked."""

from datetime import time

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.identity.models import User
from apps.messaging import wiring
from apps.messaging.domain.kinds import KINDS, MessageKind
from apps.messaging.models import DeliverySettings, Message
from tests.booking.factories import consented_client, make_appointment, make_client
from tests.identity.consents import grant, publish, withdraw
from tests.messaging.rows import make_letter

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_quiet_hours() -> None:
    DeliverySettings.objects.update(quiet_from=time(0), quiet_until=time(0))


def letter_to(client: User, kind: str) -> Message:
    appointment = make_appointment(client=client)
    return make_letter(client=client, appointment=appointment, kind=kind, start=appointment.start)


def sent() -> list[str]:
    wiring.deliver_due()()
    return list(Message.objects.filter(status="sent").values_list("kind", flat=True))


@pytest.mark.parametrize("kind", [MessageKind.REMINDER_DAY, MessageKind.HOW_TO_PREPARE])
def test_a_withdrawal_stops_what_is_already_planned(kind: MessageKind) -> None:
    client = consented_client(email="anna@example.org")
    letter = letter_to(client, kind.value)
    withdraw(client.pk, "personal_data")

    assert sent() == []
    letter.refresh_from_db()
    assert (letter.status, letter.result) == ("skipped", "no_consent")
    assert mail.outbox == []


def test_while_the_consent_stands_it_is_sent() -> None:
    letter_to(consented_client(email="anna@example.org"), "reminder_day")

    assert sent() == ["reminder_day"]


def test_a_confirmation_is_part_of_what_was_ordered_and_comes_all_the_same() -> None:
    client = consented_client(email="anna@example.org")
    letter_to(client, "booking_confirmed")
    withdraw(client.pk, "personal_data")

    assert sent() == ["booking_confirmed"]


def test_each_letter_asks_for_its_own_purpose() -> None:
    publish("communications")
    client, other = consented_client(email="a@example.org"), make_client(email="b@example.org")
    grant(other.pk, "communications")
    for each in (client, other):
        make_letter(client=each, kind="material_shared")

    assert sent() == ["material_shared"]
    assert [letter.to for letter in mail.outbox] == [["b@example.org"]]


def test_asking_takes_one_statement() -> None:
    client = consented_client(email="anna@example.org")
    with CaptureQueriesContext(connection) as asked:
        wiring.people.consents(client.pk, purposes=["personal_data"], at=wiring.clock.now())

    assert len(asked) == 1


def test_every_purpose_that_a_letter_rests_on_is_one_of_consents() -> None:
    from apps.identity.domain.consent import Purpose

    assert {rules.rests_on for rules in KINDS.values()} - {None} <= {each.value for each in Purpose}
