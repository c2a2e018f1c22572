"""Requests of people about their data: terms by the articles, and what may become of a request."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from apps.client_cabinet.domain.subject_request import (
    ENDED_BY_ERASURE,
    TERMS,
    ErasureNeedsPerson,
    ExtensionNotAllowed,
    NotEndedByErasure,
    ReasonRequired,
    ReceivedInFuture,
    RequestChannel,
    RequestKind,
    RequestStatus,
    SubjectRequest,
    SubjectRequestClosed,
    TermIsOver,
    deadline_of,
)

PERSON = UUID(int=7)
MONDAY = date(2026, 11, 2)
AT = datetime(2026, 11, 2, 9, tzinfo=UTC)


def five_day_week(day: date) -> bool:
    return day.weekday() < 5


def received(kind: RequestKind = RequestKind.ACCESS, **given) -> SubjectRequest:
    return SubjectRequest.receive(
        **{
            "id": UUID(int=1),
            "kind": kind,
            "channel": RequestChannel.LETTER,
            "person_id": PERSON,
            "received_on": MONDAY,
            "text": "Прошу сообщить…",
            "at": AT,
            "today": MONDAY,
            "by": None,
            "is_working": five_day_week,
            **given,
        }
    )


@pytest.mark.parametrize(
    ("kind", "deadline"),
    [
        (RequestKind.ACCESS, date(2026, 11, 16)),
        (RequestKind.RECTIFICATION, date(2026, 11, 11)),
        (RequestKind.STOP, date(2026, 11, 16)),
        (RequestKind.DESTRUCTION, date(2026, 11, 11)),
        (RequestKind.WITHDRAWAL, date(2026, 12, 2)),
    ],
    ids=lambda value: str(value),
)
def test_every_kind_has_the_term_of_its_article(kind, deadline):
    assert received(kind).deadline == deadline


def test_every_kind_has_a_term_and_names_its_article():
    assert set(TERMS) == set(RequestKind)
    assert all(term.law for term in TERMS.values())


@pytest.mark.parametrize("kind", sorted(kind for kind in TERMS if TERMS[kind].extension))
def test_a_reasoned_notice_adds_five_working_days_once(kind):
    request = received(kind)

    request.extend(reason="Нужно запросить архив.", today=MONDAY, is_working=five_day_week)

    assert request.deadline == date(2026, 11, 23)
    assert request.extension_reason == "Нужно запросить архив."
    with pytest.raises(ExtensionNotAllowed):
        request.extend(reason="Ещё раз.", today=MONDAY, is_working=five_day_week)


@pytest.mark.parametrize("kind", sorted(kind for kind in TERMS if not TERMS[kind].extension))
def test_other_terms_are_not_extended(kind):
    request = received(kind)

    with pytest.raises(ExtensionNotAllowed):
        request.extend(reason="Много работы.", today=MONDAY, is_working=five_day_week)
    assert request.deadline == deadline_of(kind, MONDAY, extended=True, is_working=five_day_week)


def test_a_term_that_is_over_is_not_extended():
    with pytest.raises(TermIsOver):
        received().extend(reason="Забыли.", today=date(2026, 11, 17), is_working=five_day_week)


@pytest.mark.parametrize("reason", ["", "  ", "я" * 4001], ids=["nothing", "blank", "too long"])
def test_extending_refusing_and_answering_say_why(reason):
    request = received()

    with pytest.raises(ReasonRequired):
        request.extend(reason=reason, today=MONDAY, is_working=five_day_week)
    with pytest.raises(ReasonRequired):
        request.refuse(reason=reason, by=None, at=AT)
    with pytest.raises(ReasonRequired):
        request.give_answer(answer=reason, by=None, at=AT)
    assert request.status is RequestStatus.OPEN


def test_what_has_not_come_yet_is_not_entered():
    with pytest.raises(ReceivedInFuture):
        received(received_on=date(2026, 11, 3))


def test_a_request_is_dealt_with_once():
    request = received()
    request.give_answer(answer="Отправили письмо.", by=PERSON, at=AT)

    assert (request.status, request.closed_at, request.closed_by) == (RequestStatus.ANSWERED, AT, PERSON)
    with pytest.raises(SubjectRequestClosed):
        request.refuse(reason="Передумали.", by=None, at=AT)
    with pytest.raises(SubjectRequestClosed):
        request.extend(reason="Поздно.", today=MONDAY, is_working=five_day_week)


@pytest.mark.parametrize("kind", sorted(ENDED_BY_ERASURE))
def test_an_erasure_fulfils_it_and_takes_the_words_along(kind):
    request = received(kind)

    assert request.person_to_erase() == PERSON
    request.fulfil_by_erasure(act_id=3, by=None, at=AT)

    assert (request.status, request.act_id, request.text) == (RequestStatus.ERASED, 3, "")


def test_nobody_is_erased_for_a_request_that_does_not_ask_for_it():
    with pytest.raises(NotEndedByErasure):
        received(RequestKind.ACCESS).person_to_erase()


def test_nobody_is_erased_for_a_request_of_somebody_unknown():
    with pytest.raises(ErasureNeedsPerson):
        received(RequestKind.WITHDRAWAL, person_id=None).person_to_erase()
