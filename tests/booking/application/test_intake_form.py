"""The client fills in the intake form; staff read it, and every reading is recorded."""

from typing import Any
from uuid import UUID

import pytest

from apps.booking.application.views import AppointmentView
from apps.booking.domain.appointment import AppointmentNotFound
from apps.booking.domain.cancellation import CanceledBy
from apps.booking.domain.intake import (
    IntakeAlreadySubmitted,
    IntakeClosed,
    IntakeIncomplete,
    NoIntakeForm,
    WrongIntakeAnswers,
)
from apps.booking.domain.outcome import ReasonCategory
from apps.kernel.domain.readings import ReadingReason
from tests.booking.application.practice import CLIENT, OWNER, Practice
from tests.booking.domain_objects import CLIENT_ID, HOUR, NOW, START, STRANGER_ID

ANSWERS = ("Тревога по вечерам", "Понять, что делать")


@pytest.fixture
def view(practice: Practice) -> AppointmentView:
    return practice.book_and_pay()


def fill(
    practice: Practice, view: AppointmentView, answers: Any = ANSWERS, client_id: UUID = CLIENT_ID
) -> Any:
    return practice.fill_intake(appointment_id=view.id, client_id=client_id, answers=answers)


def submit(practice: Practice, view: AppointmentView, client_id: UUID = CLIENT_ID) -> Any:
    return practice.submit_intake(appointment_id=view.id, client_id=client_id)


def read(practice: Practice, view: AppointmentView) -> Any:
    return practice.read_intake(appointment_id=view.id, reason=ReadingReason.PREPARATION, actor=OWNER)


def test_it_opens_blank_and_is_not_kept_until_it_is_saved(practice: Practice, view: AppointmentView) -> None:
    form = practice.open_intake(appointment_id=view.id, client_id=CLIENT_ID)
    assert form.questions == practice.offering.service.intake_questions
    assert (form.answers, form.status) == (("", ""), "draft")
    assert practice.forms.rows == {}


def test_a_draft_is_kept_and_opened_again(practice: Practice, view: AppointmentView) -> None:
    fill(practice, view)
    form = practice.open_intake(appointment_id=view.id, client_id=CLIENT_ID)
    assert (form.answers, form.updated_at) == (ANSWERS, NOW)


def test_a_draft_keeps_its_questions_when_the_template_changes(
    practice: Practice, view: AppointmentView
) -> None:
    fill(practice, view)
    practice.offer(intake_questions=("Другой вопрос?",))
    assert practice.open_intake(appointment_id=view.id, client_id=CLIENT_ID).answers == ANSWERS


def test_submitting_is_final_and_told(practice: Practice, view: AppointmentView) -> None:
    fill(practice, view)
    form = submit(practice, view)
    assert (form.status, form.submitted_at) == ("submitted", NOW)
    assert practice.bus.names()[-1] == "IntakeSubmitted"
    with pytest.raises(IntakeAlreadySubmitted):
        fill(practice, view)
    with pytest.raises(IntakeAlreadySubmitted):
        submit(practice, view)


def test_an_unfinished_form_is_not_submitted(practice: Practice, view: AppointmentView) -> None:
    with pytest.raises(IntakeIncomplete):
        submit(practice, view)
    fill(practice, view, ("Тревога", ""))
    with pytest.raises(IntakeIncomplete):
        submit(practice, view)
    assert practice.forms.rows[view.id].status == "draft"


def test_wrong_answers_leave_the_draft_as_it_was(practice: Practice, view: AppointmentView) -> None:
    fill(practice, view)
    with pytest.raises(WrongIntakeAnswers):
        fill(practice, view, ("одна",))
    assert practice.forms.rows[view.id].answers == ANSWERS


@pytest.mark.parametrize("call", [fill, submit], ids=lambda call: call.__name__)
def test_of_somebody_elses_appointment_it_does_not_exist(
    practice: Practice, view: AppointmentView, call: Any
) -> None:
    with pytest.raises(AppointmentNotFound):
        call(practice, view, client_id=STRANGER_ID)
    with pytest.raises(AppointmentNotFound):
        practice.open_intake(appointment_id=view.id, client_id=STRANGER_ID)
    assert practice.forms.rows == {}


@pytest.mark.parametrize("call", [fill, submit], ids=lambda call: call.__name__)
def test_once_the_session_has_begun_it_is_closed_but_can_be_read(
    practice: Practice, view: AppointmentView, call: Any
) -> None:
    fill(practice, view)
    practice.clock.instant = START
    with pytest.raises(IntakeClosed):
        call(practice, view)
    assert practice.open_intake(appointment_id=view.id, client_id=CLIENT_ID).answers == ANSWERS


def test_of_a_canceled_appointment_it_is_closed(practice: Practice, view: AppointmentView) -> None:
    practice.cancel_appointment(
        appointment_id=view.id, actor=CLIENT, by=CanceledBy.CLIENT, reason=ReasonCategory.NONE
    )
    with pytest.raises(IntakeClosed):
        fill(practice, view)


def test_a_service_that_asks_nothing_has_none(practice: Practice, view: AppointmentView) -> None:
    practice.offer(intake_questions=())
    with pytest.raises(NoIntakeForm):
        practice.open_intake(appointment_id=view.id, client_id=CLIENT_ID)
    with pytest.raises(NoIntakeForm):
        fill(practice, view)


class TestReadingByStaff:
    def test_shows_the_answers_and_is_recorded_each_time(
        self, practice: Practice, view: AppointmentView
    ) -> None:
        fill(practice, view)
        for hour in range(2):
            practice.clock.instant = NOW + hour * HOUR
            assert read(practice, view).answers == ANSWERS
        assert practice.audit.rows == [
            ("owner", "private_text_read", "intake_form", str(view.id), NOW),
            ("owner", "private_text_read", "intake_form", str(view.id), NOW + HOUR),
        ]

    def test_shows_nothing_when_it_cannot_be_recorded(
        self, practice: Practice, view: AppointmentView
    ) -> None:
        fill(practice, view)

        def full_disk(**_: Any) -> None:
            raise OSError("no space left")

        practice.audit.record = full_disk
        with pytest.raises(OSError, match="no space"):
            read(practice, view)

    def test_of_a_form_that_nobody_began_records_nothing(
        self, practice: Practice, view: AppointmentView
    ) -> None:
        with pytest.raises(NoIntakeForm):
            read(practice, view)
        assert practice.audit.rows == []
