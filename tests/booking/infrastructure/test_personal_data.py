"""What booking hands out about a person: all that is theirs, nothing of others, no notes of sessions."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.booking.infrastructure.models import Appointment, IntakeForm, OutcomeRecord, TimelineEntry
from apps.identity.infrastructure.models import User
from tests.booking.factories import (
    make_appointment,
    make_client,
    make_offer,
    make_service,
    make_staff,
    make_waitlist_request,
    next_monday,
)
from tests.client_cabinet.exports import records_of

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def told(client: User, **values: Any) -> Appointment:
    """An appointment with an outcome, private notes and a line of its timeline."""
    appointment = make_appointment(client=client, **values)
    OutcomeRecord.objects.create(
        appointment=appointment,
        **_of_client(OutcomeRecord, client),
        session_start=appointment.start,
        outcome="attended",
        reason="none",
        recorded_at=NOW,
        recorded_by=make_staff(display_name="Анна Орлова"),
        notes="Гипотеза: тревожная привязанность",
    )
    TimelineEntry.objects.create(
        appointment=appointment,
        event="AppointmentConfirmed",
        at=NOW,
        actor=make_staff(display_name="Анна Орлова"),
        actor_role="owner",
        data={"hours": 1},
    )
    return appointment


def _of_client(model: type[Any], client: User) -> dict[str, Any]:
    names = {field.name for field in model._meta.get_fields()}
    return {"client": client} if "client" in names else {}


def test_an_appointment_with_its_terms_outcome_and_timeline(db):
    client = make_client()
    appointment = told(client)
    make_appointment(client=make_client(), start=next_monday(16))
    [record] = records_of("appointments", client)
    assert record["id"] == str(appointment.pk)
    assert record["terms"]["price"] == {"amount": "4500.00", "currency": "RUB"}
    assert record["paid"] == {"amount": "4500.00", "currency": "RUB"}
    assert [each["outcome"] for each in record["outcomes"]] == ["attended"]
    assert record["timeline"] == [
        {"at": NOW.isoformat(), "event": "AppointmentConfirmed", "who": "owner", "data": {"hours": 1}}
    ]


def test_the_specialists_notes_and_the_names_of_staff_are_not_the_clients_data(db):
    client = make_client()
    told(client)
    sections = ("appointments", "intake_forms", "waitlist")
    everything = str([records_of(section, client) for section in sections])
    assert "привязанность" not in everything
    assert "recorded_by" not in everything


def test_answers_stand_beside_their_questions(db):
    client = make_client()
    appointment = make_appointment(client=client)
    IntakeForm.objects.create(
        appointment=appointment,
        client=client,
        questions=["Что вас привело?", "Чего вы ждёте?"],
        answers=["Плохо сплю", "Тишины"],
        status="submitted",
        updated_at=NOW,
        submitted_at=NOW,
    )
    [record] = records_of("intake_forms", client)
    assert record["appointment_id"] == str(appointment.pk)
    assert record["answers"] == [
        {"question": "Что вас привело?", "answer": "Плохо сплю"},
        {"question": "Чего вы ждёте?", "answer": "Тишины"},
    ]
    assert records_of("intake_forms", make_client()) == []


def test_waitlist_requests_with_their_contact_and_offers(db):
    client, service = make_client(), make_service()
    request = make_waitlist_request(service=service, client=client, contact="maria@example.org")
    make_waitlist_request(service=service)
    make_offer(request=request, client=client)
    [record] = records_of("waitlist", client)
    assert record["contact"] == "maria@example.org"
    assert [each["state"] for each in record["offers"]] == ["offered"]


@pytest.mark.parametrize("section", ["appointments", "waitlist"])
def test_more_records_of_one_page_take_no_more_statements(db, section):
    def statements(count: int) -> int:
        client, service = make_client(), make_service()
        for number in range(count):
            told(client, service=service, start=next_monday(8) + timedelta(hours=number))
            make_waitlist_request(service=service, client=client)
        with CaptureQueriesContext(connection) as captured:
            assert len(records_of(section, client)) == count
        return len(captured)

    assert statements(4) == statements(2)
