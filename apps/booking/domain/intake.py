"""The intake form of an appointment: answers are P2, drafted by the client, then final."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Self
from uuid import UUID

from apps.booking.domain.events import IntakeSubmitted
from apps.kernel.domain.aggregate import Aggregate
from apps.kernel.domain.errors import DomainError, NotFound, gettext_noop
from apps.kernel.domain.ids import NewId

MAX_ANSWER_LENGTH = 2_000
FEWEST_QUESTIONS, MOST_QUESTIONS = 5, 8
MAX_QUESTION_LENGTH = 300


class IntakeStatus(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"


class NoIntakeForm(NotFound):
    code = "no_intake_form"
    message = gettext_noop("This service has no intake form.")


class IntakeAlreadySubmitted(DomainError):
    code = "intake_already_submitted"
    message = gettext_noop("The form has been submitted and can no longer be changed.")


class IntakeClosed(DomainError):
    code = "intake_closed"
    message = gettext_noop("The form can be filled in only while the appointment is ahead.")


class WrongIntakeAnswers(DomainError):
    code = "wrong_intake_answers"
    message = gettext_noop("Give one answer per question, each up to %(limit)d characters.")


class WrongQuestions(DomainError):
    code = "wrong_questions"
    message = gettext_noop("Ask from %(fewest)d to %(most)d questions, one a line; there are %(count)d now.")


class QuestionTooLong(WrongQuestions):
    message = gettext_noop("A question is too long: at most %(limit)d characters.")


class QuestionTwice(WrongQuestions):
    message = gettext_noop("The same question is asked twice: %(question)s")


class IntakeIncomplete(DomainError):
    code = "intake_incomplete"
    message = gettext_noop("Please answer every question before submitting, or write a dash.")


@dataclass(kw_only=True, eq=False)
class IntakeForm(Aggregate):
    """``questions`` are copied from the service's template; ``answers`` stand in the same order."""

    appointment_id: UUID
    client_id: UUID
    questions: tuple[str, ...]
    answers: tuple[str, ...]
    status: IntakeStatus
    updated_at: datetime
    submitted_at: datetime | None

    @classmethod
    def blank(
        cls, *, appointment_id: UUID, client_id: UUID, questions: tuple[str, ...], now: datetime
    ) -> Self:
        """Raises NoIntakeForm when the service asks nothing."""
        if not questions:
            raise NoIntakeForm
        return cls(
            appointment_id=appointment_id,
            client_id=client_id,
            questions=questions,
            answers=("",) * len(questions),
            status=IntakeStatus.DRAFT,
            updated_at=now,
            submitted_at=None,
        )

    def fill(self, *, answers: tuple[str, ...], now: datetime) -> None:
        """Keep a draft. Raises IntakeAlreadySubmitted, WrongIntakeAnswers."""
        self._ensure_draft()
        if len(answers) != len(self.questions) or any(len(answer) > MAX_ANSWER_LENGTH for answer in answers):
            raise WrongIntakeAnswers(field="answers", limit=MAX_ANSWER_LENGTH)
        self.answers = answers
        self.updated_at = now

    def submit(self, *, new_id: NewId, now: datetime) -> None:
        """Make the answers final. Raises IntakeAlreadySubmitted, IntakeIncomplete."""
        self._ensure_draft()
        if not all(answer.strip() for answer in self.answers):
            raise IntakeIncomplete(field="answers")
        self.status = IntakeStatus.SUBMITTED
        self.submitted_at = self.updated_at = now
        self.record(
            IntakeSubmitted(
                event_id=new_id(),
                occurred_at=now,
                appointment_id=self.appointment_id,
                client_id=self.client_id,
            )
        )

    def _ensure_draft(self) -> None:
        if self.status is not IntakeStatus.DRAFT:
            raise IntakeAlreadySubmitted


def questions_of(text: str) -> tuple[str, ...]:
    """The questions of a template, one a line; empty lines do not count.
    Raises WrongQuestions, QuestionTooLong, QuestionTwice."""
    questions = tuple(" ".join(line.split()) for line in text.splitlines() if line.strip())
    if not FEWEST_QUESTIONS <= len(questions) <= MOST_QUESTIONS:
        raise WrongQuestions(
            field="questions", fewest=FEWEST_QUESTIONS, most=MOST_QUESTIONS, count=len(questions)
        )
    for position, question in enumerate(questions):
        if len(question) > MAX_QUESTION_LENGTH:
            raise QuestionTooLong(field="questions", limit=MAX_QUESTION_LENGTH)
        if question.casefold() in {each.casefold() for each in questions[:position]}:
            raise QuestionTwice(field="questions", question=question)
    return questions
