"""The mail server and its mailbox, as programs use them."""

import base64
import smtplib
import time
from datetime import UTC, datetime, timedelta

import pytest
import requests
from django.core.mail import EmailMultiAlternatives, mailers

from project.mail_url import mailer
from tests.sandbox.letters import client, letter, send, with_invitation


def test_a_letter_is_read_as_it_was_written(sandbox):
    send(sandbox, with_invitation(letter(List_Unsubscribe="<https://example.org/u>")))

    (found,) = sandbox.letters()

    assert found["from"] == "Эмоциональный баланс <noreply@example.org>"
    assert (found["to"], found["subject"]) == (["anna@example.org"], "Вы записаны")
    assert found["text"] == "Здравствуйте, Анна!\n"
    assert found["html"] == "<p>Здравствуйте, <b>Анна</b>!</p>\n"
    assert found["message_id"] == "<1@example.org>"
    assert found["headers"]["List-Unsubscribe"] == "<https://example.org/u>"
    assert datetime.now(UTC) - datetime.fromisoformat(found["received_at"]) < timedelta(minutes=1)


def test_attachments_are_read_as_they_were(sandbox):
    send(sandbox, with_invitation(letter()))

    invitation, picture = sandbox.letters()[0]["attachments"]

    assert (invitation["content_type"], invitation["parameters"]["method"]) == ("text/calendar", "REQUEST")
    assert invitation["text"] == "BEGIN:VCALENDAR\nMETHOD:REQUEST\nEND:VCALENDAR\n"
    assert (picture["filename"], picture["content_type"]) == ("схема проезда.png", "image/png")
    assert base64.b64decode(picture["base64"]) == b"\x89PNG\x00\xff"


def test_django_sends_to_it_by_one_url(sandbox, settings):
    settings.MAILERS = {"default": mailer(sandbox.email_url)}
    message = EmailMultiAlternatives("Тема", "Текст", "noreply@example.org", ["anna@example.org"])
    message.attach_alternative("<p>Текст</p>", "text/html")

    mailers["default"].send_messages([message])

    (found,) = sandbox.letters()
    assert (found["subject"], found["text"], found["html"]) == ("Тема", "Текст\n", "<p>Текст</p>\n")


def test_the_newest_comes_first_and_may_be_asked_for_alone(sandbox):
    for number in range(3):
        send(sandbox, letter(f"{number}@example.org", f"Письмо {number}"))

    assert [one["subject"] for one in sandbox.letters()] == ["Письмо 2", "Письмо 1", "Письмо 0"]
    limited = requests.get(f"{sandbox.base_url}/sandbox/mailbox/?limit=1", timeout=15).json()
    assert [one["subject"] for one in limited] == ["Письмо 2"]
    assert [one["subject"] for one in sandbox.letters(to="1@EXAMPLE.org")] == ["Письмо 1"]
    assert sandbox.letters(to="nobody@example.org") == []


def test_letters_since_a_moment(sandbox):
    send(sandbox, letter(subject="Раньше"))
    sandbox.advance(hours=2)
    send(sandbox, letter(subject="Позже"))
    since = (datetime.now(UTC) + timedelta(hours=1)).isoformat()

    assert [one["subject"] for one in sandbox.letters(since=since)] == ["Позже"]


@pytest.mark.parametrize("query", ["since=yesterday", "since=2026-01-01T00:00:00", "limit=few"])
def test_a_mailbox_is_not_asked_for_just_anything(sandbox, query):
    assert requests.get(f"{sandbox.base_url}/sandbox/mailbox/?{query}", timeout=15).status_code == 400


def test_the_mailbox_is_emptied(sandbox):
    send(sandbox)

    assert requests.delete(f"{sandbox.base_url}/sandbox/mailbox/", timeout=15).status_code == 204

    assert sandbox.letters() == []
    assert sandbox.letter_count() == 0


def test_hidden_recipients_are_recipients(sandbox):
    made = letter()
    made["Bcc"] = "boss@example.org"
    send(sandbox, made)

    (found,) = sandbox.letters(to="boss@example.org")

    assert "Bcc" not in found["headers"]


def test_it_says_what_it_can(sandbox):
    with client(sandbox) as server:
        server.ehlo()

        assert server.has_extn("8bitmime")
        assert server.has_extn("smtputf8")
        assert int(server.esmtp_features["size"]) == 25 * 1024 * 1024


def test_an_address_may_be_written_in_any_script(sandbox):
    with client(sandbox) as server:
        server.ehlo()
        options = ["SMTPUTF8", "BODY=8BITMIME"]
        server.sendmail("noreply@example.org", ["анна@пример.рф"], "Subject: да\n\nтекст".encode(), options)

    (found,) = sandbox.letters(to="анна@пример.рф")

    assert found["text"] == "текст\n"


def test_a_letter_may_not_be_endless(sandbox):
    too_much = b"x" * (26 * 1024 * 1024)
    with client(sandbox) as server, pytest.raises(smtplib.SMTPSenderRefused) as refusal:
        server.sendmail("a@example.org", ["b@example.org"], too_much)

    assert refusal.value.smtp_code == 552


def test_a_letter_that_is_no_letter_is_still_shown(sandbox):
    with client(sandbox) as server:
        server.sendmail("a@example.org", ["b@example.org"], b"\x00\xff no headers\r\nat all")

    (found,) = sandbox.letters()

    assert found["to"] == ["b@example.org"]
    assert found["from"] == "a@example.org"


def test_it_takes_many_letters_over_one_connection(sandbox):
    began = time.monotonic()
    with client(sandbox) as server:
        for number in range(200):
            server.send_message(letter(f"{number}@example.org"))

    assert sandbox.letter_count() == 200
    assert time.monotonic() - began < 10
