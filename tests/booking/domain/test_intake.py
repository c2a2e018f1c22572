"""The intake form: drafted, then final."""

import pytest

from apps.booking.domain.events import IntakeSubmitted
from apps.booking.domain.intake import (
    MAX_ANSWER_LENGTH,
    IntakeAlreadySubmitted,
    IntakeForm,
    IntakeIncomplete,
    IntakeStatus,
    NoIntakeForm,
    WrongIntakeAnswers,
)
from tests.booking.domain_objects import CLIENT_ID, HOUR, NOW, counted_ids

QUESTIONS = ("Что привело вас?", "Чего вы ждёте?")
ANSWERS = ("Тревога", "—")
APPOINTMENT_ID = counted_ids(7)()


def blank() -> IntakeForm:
    return IntakeForm.blank(appointment_id=APPOINTMENT_ID, client_id=CLIENT_ID, questions=QUESTIONS, now=NOW)


def filled() -> IntakeForm:
    form = blank()
    form.fill(answers=ANSWERS, now=NOW)
    return form


def submitted() -> IntakeForm:
    form = filled()
    form.submit(new_id=counted_ids(), now=NOW + HOUR)
    return form


def test_a_blank_form_has_an_empty_answer_to_each_question() -> None:
    form = blank()
    assert form.answers == ("", "")
    assert form.status is IntakeStatus.DRAFT
    assert form.submitted_at is None


def test_a_service_that_asks_nothing_has_no_form() -> None:
    with pytest.raises(NoIntakeForm):
        IntakeForm.blank(appointment_id=APPOINTMENT_ID, client_id=CLIENT_ID, questions=(), now=NOW)


def test_a_draft_may_be_rewritten_and_left_unfinished() -> None:
    form = filled()
    form.fill(answers=("Бессонница", ""), now=NOW + HOUR)
    assert form.answers == ("Бессонница", "")
    assert form.updated_at == NOW + HOUR
    assert not form.pending_events


@pytest.mark.parametrize(
    "answers",
    [(), ("одна",), ("одна", "две", "три"), ("а" * (MAX_ANSWER_LENGTH + 1), "")],
    ids=["none", "too few", "too many", "too long"],
)
def test_answers_that_do_not_fit_the_questions_are_refused(answers: tuple[str, ...]) -> None:
    form = filled()
    with pytest.raises(WrongIntakeAnswers) as refusal:
        form.fill(answers=answers, now=NOW + HOUR)
    assert refusal.value.params == {"limit": MAX_ANSWER_LENGTH}
    assert form.answers == ANSWERS
    assert form.updated_at == NOW


def test_an_answer_may_be_as_long_as_the_limit() -> None:
    form = blank()
    form.fill(answers=("а" * MAX_ANSWER_LENGTH, ""), now=NOW)
    assert len(form.answers[0]) == MAX_ANSWER_LENGTH


def test_submitting_makes_it_final_and_tells_without_the_answers() -> None:
    form = submitted()
    assert form.status is IntakeStatus.SUBMITTED
    assert form.submitted_at == form.updated_at == NOW + HOUR
    [event] = form.pending_events
    assert isinstance(event, IntakeSubmitted)
    assert (event.appointment_id, event.client_id) == (APPOINTMENT_ID, CLIENT_ID)
    assert "Тревога" not in repr(event)


@pytest.mark.parametrize("answers", [("", ""), ("Тревога", "  \n")], ids=["empty", "blank"])
def test_an_unanswered_question_keeps_it_a_draft(answers: tuple[str, ...]) -> None:
    form = blank()
    form.fill(answers=answers, now=NOW)
    with pytest.raises(IntakeIncomplete):
        form.submit(new_id=counted_ids(), now=NOW)
    assert form.status is IntakeStatus.DRAFT
    assert not form.pending_events


def test_a_submitted_form_is_never_changed_or_submitted_again() -> None:
    form = submitted()
    with pytest.raises(IntakeAlreadySubmitted):
        form.fill(answers=("другое", "другое"), now=NOW + 2 * HOUR)
    with pytest.raises(IntakeAlreadySubmitted):
        form.submit(new_id=counted_ids(), now=NOW + 2 * HOUR)
    assert form.answers == ANSWERS
    assert form.submitted_at == NOW + HOUR
