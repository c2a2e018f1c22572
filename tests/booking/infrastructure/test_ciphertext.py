"""What clients write (P2) and what waiting guests leave (P1) is ciphertext wherever the database keeps it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from apps.booking import wiring
from apps.booking.application.ports import GivenConsents
from apps.booking.domain.outcome import Outcome, ReasonCategory
from apps.booking.domain.waitlist import PreferredContact, PreferredWindow
from apps.booking.infrastructure.models import IntakeForm, OutcomeRecord, WaitlistRequest
from apps.kernel.domain.actor import Actor
from tests.booking.factories import (
    CONSENT_VERSION,
    consented_client,
    make_appointment,
    make_intake_template,
    make_service,
    make_staff,
)
from tests.client_cabinet.rows import consent_to_health_data

SECRETS = ("панические атаки", "плакала весь час", "Секретова Ирина", "irina.secret@example.org")


def whole_database() -> str:
    """Every row of every table, the queue's and the histories' included, as text."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        texts = []
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT coalesce(string_agg(t::text, chr(10)), '') FROM \"{table}\" AS t")
            texts.append(cursor.fetchone()[0])
    return "\n".join(texts)


@pytest.mark.django_db
def test_no_word_of_theirs_is_readable_in_any_table() -> None:
    client, owner = consented_client(), make_staff()
    service = make_service(intake_template=make_intake_template(["Что привело вас?"]))
    ahead = make_appointment(service=service, client=client)
    begun_at = timezone.now() - timedelta(hours=1)
    begun = make_appointment(client=client, start=begun_at)
    consent_to_health_data(client)
    wiring.fill_intake(appointment_id=ahead.id, client_id=client.id, answers=(SECRETS[0],))
    wiring.submit_intake(appointment_id=ahead.id, client_id=client.id)
    wiring.record_outcome(
        appointment_id=begun.id,
        actor=Actor(user_id=owner.id, role="owner"),
        outcome=Outcome.ATTENDED,
        reason=ReasonCategory.NONE,
        notes=SECRETS[1],
    )
    wiring.join_waitlist(
        client_id=None,
        guest_token="",
        service_slug=service.slug,
        name=SECRETS[2],
        preferred_contact=PreferredContact.EMAIL,
        contact=SECRETS[3],
        window=PreferredWindow.ANY,
        time_zone="Europe/Moscow",
        given=GivenConsents(documents=[("personal_data", CONSENT_VERSION)], evidence={"ip": "192.0.2.1"}),
    )
    kept = whole_database()
    assert str(ahead.id) in kept
    for secret in SECRETS:
        assert secret not in kept
        assert secret.encode("unicode_escape").decode() not in kept

    assert IntakeForm.objects.get().answers == [SECRETS[0]]
    assert OutcomeRecord.objects.get().notes == SECRETS[1]
    waiting = WaitlistRequest.objects.get()
    assert (waiting.name, waiting.contact) == SECRETS[2:]


@pytest.mark.django_db
def test_the_search_does_find_what_is_kept_plain() -> None:
    """The control: a word in a plain column is found."""
    make_appointment(topic=f"word-{uuid4()}"[:60], entry_point="findme")
    assert "findme" in whole_database()
