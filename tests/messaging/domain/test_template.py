"""Texts of messages: what is refused on saving, with its place; versions that only grow."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from apps.kernel.domain.errors import DomainError, StaleVersion
from apps.messaging.domain import template as t
from apps.messaging.domain.kinds import KINDS, Channel, MessageKind
from apps.messaging.infrastructure.first_texts import first_texts

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
KIND = MessageKind.BOOKING_CONFIRMED
SUBJECT = "Запись: {{ appointment_date }}"
BODY = "Здравствуйте, {{ client_name }}!\n\nЖдём вас в {{ appointment_time }}."


def template(**values: object) -> t.MessageTemplate:
    fields = {
        "id": uuid4(),
        "kind": KIND,
        "channel": Channel.EMAIL,
        "language": "ru",
        "subject": SUBJECT,
        "body": BODY,
        "author_id": None,
        "now": NOW,
    }
    return t.MessageTemplate.write(**{**fields, **values})  # type: ignore[arg-type]


def refusal(**values: object) -> DomainError:
    with pytest.raises(DomainError) as refused:
        template(**values)
    return refused.value


@pytest.mark.parametrize(
    ("body", "error", "line"),
    [
        (BODY + "\n{{ client_name", t.PlaceholderNotClosed, 4),
        (BODY + "\nclient_name }}", t.PlaceholderNotClosed, 4),
        (BODY + "\n{{ a {{ client_name }}", t.PlaceholderNotClosed, 4),
        (BODY + "\n\n{{ Client }}", t.PlaceholderMalformed, 5),
        (BODY + "\n{{ client name }}", t.PlaceholderMalformed, 4),
        (BODY + "\n{{ client.name }}", t.PlaceholderMalformed, 4),
        (BODY + "\n{{ client_name|upper }}", t.PlaceholderMalformed, 4),
        (BODY + "\n{{}}", t.PlaceholderMalformed, 4),
        (BODY + "\n{{ имя }}", t.PlaceholderMalformed, 4),
        (BODY + "\n{{ clientname }}", t.PlaceholderUnknown, 4),
        (BODY + "\n{{ code }}", t.PlaceholderUnknown, 4),  # of another message
        (BODY + "\n[x](javascript:alert(1))", t.LinkNotAllowed, 4),
        (BODY + "\n[x](https://a.example/{{ client_name }})", t.LinkNotAllowed, 4),
        (BODY + "\n[x]({{ client_name }})", t.LinkNotAllowed, 4),
        (BODY + "\n[x]({{ place }})", t.LinkNotAllowed, 4),
        (BODY + "\n[x](data:text/html,1)", t.LinkNotAllowed, 4),
        (BODY + "\n<javascript:alert(1)>", t.LinkNotAllowed, 4),
        (BODY + "\n\n[x]: javascript:alert(1)", t.LinkNotAllowed, 5),
        (BODY + "\n\x07", t.TextNotPlain, 4),
    ],
)
def test_a_text_that_could_not_be_sent_is_refused_with_its_place(
    body: str, error: type[DomainError], line: int
) -> None:
    found = refusal(body=body)
    assert type(found) is error
    assert (found.field, found.params["line"]) == ("body", line)


def test_a_placeholder_that_must_be_there_is_asked_for_by_name() -> None:
    found = refusal(body="Здравствуйте!")
    assert isinstance(found, t.PlaceholderMissing)
    assert found.params["names"] == "appointment_time"


@pytest.mark.parametrize(
    "subject", ["Тема\nBcc: a@b.ru", "Тема\r\nX: y", "Тема\x00", "Тема\x0b", "Тема\u2028x"]
)
def test_a_subject_cannot_write_headers(subject: str) -> None:
    assert isinstance(refusal(subject=subject), t.SubjectNotOneLine)


@pytest.mark.parametrize("name", ["appointment_link", "place"])
def test_no_address_stands_in_a_subject(name: str) -> None:
    found = refusal(subject=f"{SUBJECT} {{{{ {name} }}}}")
    assert isinstance(found, t.LinkInSubject)


@pytest.mark.parametrize("values", [{"subject": " "}, {"body": "\n"}])
def test_an_empty_text_is_refused(values: dict[str, str]) -> None:
    assert isinstance(refusal(**values), t.TextMissing)


@pytest.mark.parametrize("values", [{"subject": "а" * 121}, {"body": "а" * 10_001}])
def test_a_text_that_is_too_long_is_refused(values: dict[str, str]) -> None:
    assert isinstance(refusal(**values), t.TextTooLong)


def test_links_of_its_own_and_single_braces_are_welcome() -> None:
    body = f"{BODY}\n[наш сайт](https://example.org/a?b=1) и [запись]({{{{ appointment_link }}}}), {{так}}"
    assert template(body=body).current.body == body


def test_versions_grow_and_an_earlier_text_comes_back_as_a_new_one() -> None:
    written, author = template(), UUID(int=5)
    first = written.current
    written.rewrite(subject=SUBJECT, body=BODY + "\r\nЕщё.", author_id=author, expected_number=1, now=NOW)
    assert (written.current.number, written.current.author_id) == (2, author)
    assert written.current.body == BODY + "\nЕщё."
    written.revert(to=first, author_id=author, expected_number=2, now=NOW)
    assert (written.current.number, written.current.body) == (3, first.body)


def test_who_saw_an_older_version_overwrites_nothing() -> None:
    written = template()
    written.rewrite(subject=SUBJECT, body=BODY + " Ещё.", author_id=None, expected_number=1, now=NOW)
    with pytest.raises(StaleVersion):
        written.rewrite(subject=SUBJECT, body=BODY, author_id=None, expected_number=1, now=NOW)


def test_the_same_text_makes_no_version() -> None:
    with pytest.raises(t.NothingChanged):
        template().rewrite(subject=SUBJECT, body=BODY, author_id=None, expected_number=None, now=NOW)


def test_the_difference_is_told_line_by_line() -> None:
    old = template().current
    new = template(subject="Новое {{ appointment_date }}").current
    assert t.difference(old, new) == [
        ("removed", old.subject),
        ("added", new.subject),
        *[("same", line) for line in BODY.split("\n")],
    ]


def test_every_message_has_a_first_text_that_is_sound() -> None:
    found = {(kind, language): (subject, body) for kind, language, subject, body in first_texts()}
    assert found.keys() == {(kind.value, language) for kind in MessageKind for language in ("ru", "en")}
    for (kind, _language), (subject, body) in found.items():
        t.ensure_sound(kind=MessageKind(kind), subject=subject, body=body)


def test_no_subject_names_the_service_or_the_person() -> None:
    """Subjects are seen on locked screens: nothing of what the session is about."""
    for _kind, _language, subject, _body in first_texts():
        assert "service_name" not in subject
        assert "client_name" not in subject


def test_only_reminders_advice_and_news_can_be_declined_by_the_client() -> None:
    assert {kind for kind, rules in KINDS.items() if rules.optional_for_client} == {
        MessageKind.REMINDER_DAY,
        MessageKind.REMINDER_HOUR,
        MessageKind.HOW_TO_PREPARE,
        MessageKind.MATERIAL_SHARED,
    }
