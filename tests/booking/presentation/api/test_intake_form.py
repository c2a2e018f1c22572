"""A client fills the intake form in: as a draft, then for good."""

import pytest
from django.db import connection
from django.utils import timezone
from rest_framework.test import APIClient

from apps.booking.infrastructure.models import Appointment, IntakeTemplate
from apps.identity import facade as identity
from apps.identity.infrastructure.models import User
from tests.booking.factories import make_appointment, make_intake_template, make_service
from tests.booking.presentation.api.checks import assert_problem, nothing_changes, of
from tests.client_cabinet.rows import consent_to_health_data

QUESTIONS = ["Что вас привело?", "Чего вы ждёте?"]


@pytest.fixture
def appointment(client: User) -> Appointment:
    consent_to_health_data(client)
    service = make_service(intake_template=make_intake_template(QUESTIONS))
    return make_appointment(client=client, service=service)


def test_a_blank_form_is_read(api: APIClient, appointment: Appointment) -> None:
    with nothing_changes():
        answer = api.get(of(appointment, "intake/"))
    assert answer.json() == {
        "appointment_id": str(appointment.id),
        "status": "draft",
        "questions": QUESTIONS,
        "answers": ["", ""],
        "submitted_at": None,
    }


def test_a_draft_is_saved_again_and_again_then_submitted(api: APIClient, appointment: Appointment) -> None:
    for answers in (["Тревога.", ""], ["Тревога.", "Спокойствия."]):
        saved = api.put(of(appointment, "intake/"), {"answers": answers})
        assert (saved.status_code, saved.json()["answers"]) == (200, answers)

    submitted = api.post(of(appointment, "intake/submit/")).json()

    assert submitted["status"] == "submitted"
    assert submitted["submitted_at"]
    assert api.get(of(appointment, "intake/")).json() == submitted


def test_the_questions_stay_as_they_were_asked(api: APIClient, appointment: Appointment) -> None:
    api.put(of(appointment, "intake/"), {"answers": ["а", "б"]})
    IntakeTemplate.objects.update(questions=["Другой вопрос"])
    assert api.get(of(appointment, "intake/")).json()["questions"] == QUESTIONS


def test_answers_are_ciphertext_at_rest_and_under_idempotency_keys(
    api: APIClient, appointment: Appointment
) -> None:
    secret = "Совсем личное"
    api.put(of(appointment, "intake/"), {"answers": [secret, ""]}, headers={"Idempotency-Key": "key"})
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT answers::text FROM booking_intakeform UNION ALL"
            " SELECT body FROM kernel_idempotencyrecord UNION ALL"
            " SELECT args::text FROM procrastinate_jobs"
        )
        stored = [row[0] for row in cursor.fetchall()]
    assert len(stored) >= 2
    assert not any(secret in text or "\\u0421" in text for text in stored)


def test_an_unanswered_question_keeps_it_a_draft(api: APIClient, appointment: Appointment) -> None:
    api.put(of(appointment, "intake/"), {"answers": ["Тревога.", "  "]})
    with nothing_changes():
        answer = api.post(of(appointment, "intake/submit/"))
        assert_problem(answer, 422, "intake_incomplete", detail="Пожалуйста, ответьте", pointer="/answers")


def test_a_submitted_form_never_changes(api: APIClient, appointment: Appointment) -> None:
    api.put(of(appointment, "intake/"), {"answers": ["а", "б"]})
    api.post(of(appointment, "intake/submit/"))
    with nothing_changes():
        for answer in (
            api.put(of(appointment, "intake/"), {"answers": ["в", "г"]}),
            api.post(of(appointment, "intake/submit/")),
        ):
            assert_problem(answer, 409, "intake_already_submitted", detail="Анкета уже отправлена")


@pytest.mark.parametrize("status", ["canceled", "completed", "expired"])
def test_the_form_of_an_appointment_that_is_over_is_closed(
    api: APIClient, appointment: Appointment, status: str
) -> None:
    over = make_appointment(
        client=appointment.client, service=appointment.service, start=appointment.start, status=status
    )
    with nothing_changes():
        for answer in (
            api.put(of(over, "intake/"), {"answers": ["а", "б"]}),
            api.post(of(over, "intake/submit/")),
        ):
            assert_problem(answer, 409, "intake_closed", detail="Анкету можно заполнить")


def test_a_service_without_questions_has_no_form(api: APIClient, client: User) -> None:
    appointment = make_appointment(client=client)
    with nothing_changes():
        for answer in (
            api.get(of(appointment, "intake/")),
            api.put(of(appointment, "intake/"), {"answers": []}),
        ):
            assert_problem(answer, 404, "no_intake_form", detail="Для этой услуги анкета")


@pytest.mark.parametrize(
    ("body", "code", "pointer"),
    [
        ({}, "validation_error", "/answers"),
        ({"answers": "а"}, "validation_error", "/answers"),
        ({"answers": ["а", 5]}, "validation_error", "/answers/1"),
        ({"answers": ["а", None]}, "validation_error", "/answers/1"),
        ({"answers": ["x" * 2001, ""]}, "validation_error", "/answers/0"),
        ({"answers": ["а\0", ""]}, "validation_error", "/answers/0"),
        ({"answers": [""] * 21}, "validation_error", "/answers"),
        ({"answers": ["а"]}, "wrong_intake_answers", "/answers"),
        ({"answers": ["а", "б", "в"]}, "wrong_intake_answers", "/answers"),
    ],
)
def test_answers_of_a_wrong_kind_or_number_are_refused(
    api: APIClient, appointment: Appointment, body: dict, code: str, pointer: str
) -> None:
    with nothing_changes():
        assert_problem(api.put(of(appointment, "intake/"), body), 422, code, pointer=pointer)


def test_answers_are_taken_from_nobody_who_withdrew_the_consent_to_data_of_health(
    api: APIClient, client: User, appointment: Appointment
) -> None:
    api.put(of(appointment, "intake/"), {"answers": ["Тревога.", "Спокойствия."]})
    identity.withdraw_consent(
        user_id=client.pk,
        purpose="health_data",
        channel="web",
        evidence={"ip": "192.0.2.1", "user_agent": "Browser"},
        at=timezone.now(),
    )

    refused = api.put(of(appointment, "intake/"), {"answers": ["Иное.", "Иное."]})

    assert_problem(refused, 422, "consent_required")
    assert refused.json()["document"]["purpose"] == "health_data"
    assert_problem(api.post(of(appointment, "intake/submit/")), 422, "consent_required")
    assert api.get(of(appointment, "intake/")).json()["answers"] == ["Тревога.", "Спокойствия."]
