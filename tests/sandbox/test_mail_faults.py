"""Faults of the mail server, as a sender meets them."""

import smtplib
import time

import pytest

from tests.sandbox.letters import client, letter, send


@pytest.mark.parametrize(("kind", "code"), [("temporary", 451), ("permanent", 550)])
def test_a_recipient_is_refused(sandbox, kind, code):
    sandbox.break_mail(kind)

    with pytest.raises(smtplib.SMTPRecipientsRefused) as refusal:
        send(sandbox)

    assert refusal.value.recipients["anna@example.org"][0] == code
    assert sandbox.letters() == []
    send(sandbox)
    assert sandbox.letter_count() == 1


@pytest.mark.parametrize(("kind", "code"), [("temporary", 451), ("permanent", 550)])
def test_a_letter_is_refused_after_it_was_told(sandbox, kind, code):
    sandbox.break_mail(kind, stage="data")

    with pytest.raises(smtplib.SMTPDataError) as refusal:
        send(sandbox)

    assert refusal.value.smtp_code == code
    assert sandbox.letters() == []


def test_only_some_addresses_are_refused(sandbox):
    sandbox.break_mail("permanent", to="*@Nowhere.example", times=None)

    for _ in range(2):
        with pytest.raises(smtplib.SMTPRecipientsRefused):
            send(sandbox, letter("anna@nowhere.example"))
    send(sandbox, letter("anna@example.org"))

    assert [one["to"] for one in sandbox.letters()] == [["anna@example.org"]]
    sandbox.heal()
    send(sandbox, letter("anna@nowhere.example"))


def test_a_letter_is_taken_late(sandbox):
    sandbox.break_mail("delay", seconds=0.3)
    began = time.monotonic()

    send(sandbox)

    assert time.monotonic() - began >= 0.3
    assert sandbox.letter_count() == 1


@pytest.mark.parametrize(("kind", "taken"), [("close", 0), ("lost_answer", 1)])
def test_the_connection_breaks(sandbox, kind, taken):
    sandbox.break_mail(kind)

    with pytest.raises(smtplib.SMTPServerDisconnected):
        send(sandbox)

    assert sandbox.letter_count() == taken


def test_the_server_is_switched_off_and_on(sandbox):
    with client(sandbox) as open_before:
        sandbox.smtp(up=False)

        with pytest.raises(ConnectionRefusedError):
            client(sandbox)
        with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionError)):
            open_before.noop()
    assert sandbox.state()["smtp_up"] is False

    sandbox.smtp(up=True)
    sandbox.smtp(up=True)

    send(sandbox)
    assert sandbox.letter_count() == 1


def test_a_new_world_has_its_mail_server(sandbox):
    sandbox.smtp(up=False)
    sandbox.break_mail("permanent", times=None)

    sandbox.reset()

    send(sandbox)
    assert sandbox.state()["mail_faults"] == []
