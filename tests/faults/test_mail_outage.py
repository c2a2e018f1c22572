"""The mail server is down, hesitates, refuses or breaks off: a letter arrives at most once, none is lost."""

from collections.abc import Iterator

import pytest

from apps.messaging.infrastructure.jobs import QueuedDelivery
from tests.counts import examples
from tests.faults.invariants import assert_letters_agree, assert_no_job_is_left, undelivered
from tests.faults.practice import Client, Practice

CLIENTS = examples(bounded=3, full=40)
TRIES = 12
"""How often letters are tried in an hour without a server: every five minutes, once the pauses have grown."""
KINDS = ("booking_confirmed", "how_to_prepare", "payment_received")


@pytest.fixture(autouse=True)
def _all_letters_out(practice: Practice) -> Iterator[None]:
    """No letter of another test is on its way."""
    practice.world.wait_until(lambda: not undelivered(practice.world), within=60)
    yield
    practice.heal()
    practice.world.wait_until(lambda: not undelivered(practice.world), within=60)


def try_now(practice: Practice) -> None:
    """Let the moment of the next try come, and a worker look."""
    practice.world.rows(
        "UPDATE messaging_message SET next_try_at = now() WHERE status = 'planned' AND due_at <= now()"
    )
    with practice.world.orm():
        QueuedDelivery().wake()


def attempts(practice: Practice) -> int:
    return int(practice.world.value("SELECT coalesce(sum(attempts), 0) FROM messaging_message"))


def log_of(client: Client, kind: str) -> tuple[str, str, int]:
    """State, result and number of tries of a letter, as the outgoing log shows them."""
    (row,) = client.practice.world.rows(
        "SELECT status, result, attempts FROM messaging_message WHERE appointment_id = %s AND kind = %s",
        client.appointment_id,
        kind,
    )
    return row


def arrived(client: Client) -> int:
    return len(client.practice.sandbox.letters(client.email))


def test_an_hour_without_a_mail_server_delays_all_letters_and_loses_none(practice: Practice) -> None:
    practice.sandbox.smtp(up=False)
    crowd = [practice.paid() for _ in range(CLIENTS)]
    practice.world.wait_until(lambda: all(len(c.told(kind)) == 1 for c in crowd for kind in KINDS), within=30)
    for _ in range(TRIES):
        before = attempts(practice)
        try_now(practice)
        practice.world.wait_until(lambda before=before: attempts(practice) > before, within=30, every=0.05)
    states = {log_of(client, kind)[:2] for client in crowd for kind in KINDS}
    assert states <= {("planned", "no_connection"), ("planned", "")}
    assert ("planned", "no_connection") in states
    assert sum(arrived(client) for client in crowd) == 0

    practice.sandbox.smtp(up=True)
    try_now(practice)
    practice.world.wait_until(lambda: not undelivered(practice.world), within=60)

    for client in crowd:
        assert {log_of(client, kind)[0] for kind in KINDS} == {"sent"}
        assert arrived(client) == len(KINDS)
    assert_letters_agree(practice)
    practice.come_to_rest()
    assert_no_job_is_left(practice.world)


@pytest.mark.parametrize("stage", ["rcpt", "data"])
def test_a_temporary_refusal_is_tried_again_until_the_letter_is_taken(practice: Practice, stage: str) -> None:
    client = practice.booked()
    practice.sandbox.break_mail("temporary", to=client.email, times=len(KINDS), stage=stage)
    confirm(client)
    client.wait(lambda: {log_of(client, kind)[1] for kind in KINDS} == {"smtp_451"})
    assert arrived(client) == 0
    try_now(practice)
    client.wait(lambda: {log_of(client, kind) for kind in KINDS} == {("sent", "", 2)})
    assert arrived(client) == len(KINDS)
    assert_letters_agree(practice)


def test_a_permanent_refusal_is_shown_and_not_repeated(practice: Practice) -> None:
    client, neighbour = practice.booked(), practice.booked()
    practice.sandbox.break_mail("permanent", to=client.email, times=None)
    confirm(client)
    confirm(neighbour)
    client.wait(lambda: {log_of(client, kind) for kind in KINDS} == {("failed", "smtp_550", 1)})
    try_now(practice)
    neighbour.wait(lambda: arrived(neighbour) == len(KINDS))
    practice.world.wait_until(lambda: not undelivered(practice.world), within=30)
    assert {log_of(client, kind) for kind in KINDS} == {("failed", "smtp_550", 1)}
    assert arrived(client) == 0
    assert_letters_agree(practice)


@pytest.mark.parametrize(("breakage", "letters"), [("lost_answer", len(KINDS)), ("close", 0)])
def test_a_connection_that_breaks_when_the_server_may_have_the_letter_leaves_it_unknown(
    practice: Practice, breakage: str, letters: int
) -> None:
    """Whether the server has it or not: it is shown as unknown, and never sent a second time by itself."""
    client = practice.booked()
    practice.sandbox.break_mail(breakage, to=client.email, times=None)
    confirm(client)
    client.wait(lambda: {log_of(client, kind) for kind in KINDS} == {("unknown", "no_answer", 1)})
    practice.sandbox.heal()
    practice.hear()
    try_now(practice)
    practice.come_to_rest()
    assert {log_of(client, kind)[0] for kind in KINDS} == {"unknown"}
    assert arrived(client) == letters
    assert_letters_agree(practice)


def confirm(client: Client) -> None:
    """Pay, and have the letters planned."""
    client.pay()
    client.practice.sandbox.pay(client.provider_id)
    client.wait(lambda: all(len(client.told(kind)) == 1 for kind in KINDS))
