"""Handing letters to a real mail server: what each of its answers means, and when it can have the letter."""

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from apps.messaging.application.ports import Attachment, Letter, NotPosted, OutcomeUnknown
from apps.messaging.domain.kinds import Invitation
from apps.messaging.infrastructure.post import MailerPost
from tests.messaging.mail_server import Hang, MailServer, mail_server

LETTER = Letter(
    message_id=UUID(int=7),
    to="maria@example.org",
    subject="Запись подтверждена: 12 марта, 15:00 (МСК)",
    text="Здравствуйте!\n.точка в начале строки\n..две\n\nКонец.\n",
    html="<p>Здравствуйте!</p>",
    language="ru",
)


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as running:
        yield running


@pytest.fixture
def post() -> Iterator[MailerPost]:
    post = MailerPost()
    yield post
    post.close()


def test_the_letter_arrives_whole(server: MailServer, post: MailerPost) -> None:
    content = "BEGIN:VCALENDAR\r\nSUMMARY:Сессия\r\nEND:VCALENDAR\r\n".encode()
    calendar = Attachment(content=content, method=Invitation.REQUEST)
    passed: list[int] = []
    post.send(
        replace(LETTER, attachment=calendar, unsubscribe="https://example.org/letters/x/"),
        point_of_no_return=lambda: passed.append(len(server.letters)),
    )
    (letter,) = server.letters
    assert passed == [0]
    assert letter["To"] == "maria@example.org"
    assert letter["Subject"] == LETTER.subject
    assert letter["Message-ID"] == f"<{LETTER.message_id}@localhost>"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Date"]
    assert letter["List-Unsubscribe"] == "<https://example.org/letters/x/>"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    text, html, ics = list(letter.iter_parts())
    assert text.get_content().splitlines() == LETTER.text.splitlines()
    assert html.get_content_type() == "text/html"
    assert (ics.get_content_type(), ics.get_param("method")) == ("text/calendar", "REQUEST")
    assert (ics.get_filename(), ics.get_content_disposition()) == ("invite.ics", None)
    assert ics.get_payload(decode=True) == content


def test_a_service_letter_offers_no_unsubscribing(server: MailServer, post: MailerPost) -> None:
    post.send(LETTER, point_of_no_return=lambda: None)
    assert server.letters[0]["List-Unsubscribe"] is None


def test_one_connection_serves_many_letters(server: MailServer, post: MailerPost) -> None:
    for _ in range(5):
        post.send(replace(LETTER, message_id=uuid4()), point_of_no_return=lambda: None)
    assert (len(server.letters), server.sessions) == (5, 1)


def test_a_connection_that_died_of_idleness_is_replaced(server: MailServer, post: MailerPost) -> None:
    post.send(LETTER, point_of_no_return=lambda: None)
    server.stop()
    server.start()
    post.send(replace(LETTER, message_id=uuid4()), point_of_no_return=lambda: None)
    assert len(server.letters) == 2


@pytest.mark.parametrize(
    ("answer", "result", "permanent"),
    [
        ("450 busy", "smtp_450", False),
        ("452 full", "smtp_452", False),
        ("550 no such user", "smtp_550", True),
        ("553 not allowed", "smtp_553", True),
    ],
)
def test_a_refused_recipient(
    server: MailServer, post: MailerPost, answer: str, result: str, permanent: bool
) -> None:
    server.on_recipient = lambda address: answer
    with pytest.raises(NotPosted) as refusal:
        post.send(LETTER, point_of_no_return=_never)
    assert (refusal.value.result, refusal.value.permanent) == (result, permanent)
    assert not refusal.value.connection


@pytest.mark.parametrize(
    ("answer", "result", "permanent"),
    [("451 later", "smtp_451", False), ("554 spam", "smtp_554", True)],
)
def test_a_refused_text(
    server: MailServer, post: MailerPost, answer: str, result: str, permanent: bool
) -> None:
    server.on_data = lambda envelope: answer
    with pytest.raises(NotPosted) as refusal:
        post.send(LETTER, point_of_no_return=lambda: None)
    assert (refusal.value.result, refusal.value.permanent) == (result, permanent)
    server.on_data = lambda envelope: None
    post.send(LETTER, point_of_no_return=lambda: None)
    assert len(server.letters) == 1


def test_a_server_that_shuts_down_is_out_of_order_as_a_whole(server: MailServer, post: MailerPost) -> None:
    server.on_recipient = lambda address: "421 going down"
    with pytest.raises(NotPosted) as refusal:
        post.send(LETTER, point_of_no_return=_never)
    assert refusal.value.connection
    assert not refusal.value.permanent


def test_a_server_that_is_not_there_has_nothing(server: MailServer, post: MailerPost) -> None:
    server.stop()
    with pytest.raises(NotPosted) as refusal:
        post.send(LETTER, point_of_no_return=_never)
    assert (refusal.value.result, refusal.value.connection) == ("no_connection", True)


def test_a_lost_answer_leaves_the_outcome_unknown(server: MailServer, post: MailerPost) -> None:
    def hang(envelope: object) -> None:
        raise Hang

    server.after_data = hang
    with pytest.raises(OutcomeUnknown):
        post.send(LETTER, point_of_no_return=lambda: None)
    assert len(server.letters) == 1
    server.after_data = lambda envelope: None
    post.send(LETTER, point_of_no_return=lambda: None)


def test_who_stops_at_the_point_of_no_return_leaves_the_server_with_nothing(
    server: MailServer, post: MailerPost
) -> None:
    class Stop(Exception):
        pass

    def stop() -> None:
        raise Stop

    with pytest.raises(Stop):
        post.send(LETTER, point_of_no_return=stop)
    post.send(LETTER, point_of_no_return=lambda: None)
    assert len(server.letters) == 1


@pytest.mark.parametrize(
    "address", ["", "maria", "maria@", "мария@example.org", "a b@example.org", "a@example.org, b@example.org"]
)
def test_an_address_that_cannot_be_written_to_is_refused_for_good(
    server: MailServer, post: MailerPost, address: str
) -> None:
    with pytest.raises(NotPosted) as refusal:
        post.send(replace(LETTER, to=address), point_of_no_return=_never)
    assert refusal.value.permanent
    assert server.letters == []


def test_an_address_of_a_russian_domain_is_written_to(server: MailServer, post: MailerPost) -> None:
    seen: list[str] = []
    server.on_recipient = lambda address: seen.append(address)  # type: ignore[func-returns-value]
    post.send(replace(LETTER, to="maria@почта.рф"), point_of_no_return=lambda: None)
    assert seen == ["maria@xn--80a1acny.xn--p1ai"]


@pytest.mark.parametrize(
    "injected", ["Тема\nBcc: evil@example.org", "Тема\r\nBcc: evil@example.org", "Тема\rX: y"]
)
def test_a_subject_cannot_write_headers(server: MailServer, post: MailerPost, injected: str) -> None:
    with pytest.raises(NotPosted) as refusal:
        post.send(replace(LETTER, subject=injected), point_of_no_return=_never)
    assert (refusal.value.result, refusal.value.permanent) == ("not_composed", True)
    assert server.letters == []


@pytest.mark.parametrize("address", ["a@example.org\nBcc: b@example.org", "a@example.org\r\nX: y"])
def test_an_address_cannot_write_headers(server: MailServer, post: MailerPost, address: str) -> None:
    with pytest.raises(NotPosted) as refusal:
        post.send(replace(LETTER, to=address), point_of_no_return=_never)
    assert refusal.value.permanent
    assert server.letters == []


def _never() -> None:
    raise AssertionError("the server was about to get it")
