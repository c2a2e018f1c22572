"""What must hold whatever has died: read from the database, the provider and the mailbox, and compared."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from tests.faults.practice import Client, Practice, unfinished
from tests.faults.processes import World

AT_MOST_ONCE = {"sent": {1}, "unknown": {0, 1}}
"""How often a letter lies in the mailbox, by what the outgoing log says of it; otherwise not at all."""


def assert_nothing_lost_or_doubled(practice: Practice) -> None:
    """The books of everybody agree with the provider, and the outgoing log with the mailbox."""
    assert_money_agrees(practice)
    assert_letters_agree(practice)


def assert_money_agrees(practice: Practice) -> None:
    """Each payment and refund that we know stands at the provider once, in the same state and in the ledger
    once; the provider has none that we do not know."""
    state = practice.sandbox.state()
    strangers = practice.strangers
    theirs = {each["id"]: each for each in state["payments"] if each["id"] not in strangers}
    references = Counter(each["metadata"].get("payment_id") for each in theirs.values())
    assert not [each for each, times in references.items() if times > 1], "a payment was created twice"
    ours = practice.world.rows(
        "SELECT id::text, provider_id, status, amount_minor, appointment_id::text FROM payments_payment"
    )
    assert {row[1] for row in ours if row[1]} >= theirs.keys(), "the provider has payments unknown to us"
    for _, provider_id, status, amount, _ in ours:
        if provider_id:
            assert _kopecks(theirs[provider_id]["amount"]) == amount
            assert (theirs[provider_id]["status"] == "succeeded") == (status == "succeeded"), provider_id

    refunds = practice.world.rows("SELECT id::text, provider_id, status, amount_minor FROM payments_refund")
    their_refunds = {each["id"]: each for each in state["refunds"]}
    assert Counter(row[1] for row in refunds if row[1]) == Counter(their_refunds.keys())
    for _, provider_id, status, amount in refunds:
        if provider_id:
            assert _kopecks(their_refunds[provider_id]["amount"]) == amount
            assert (their_refunds[provider_id]["status"] == "succeeded") == (status == "succeeded")
    given: Counter[str] = Counter()
    for refund in their_refunds.values():
        given[refund["payment_id"]] += _kopecks(refund["amount"])
    assert all(total <= _kopecks(theirs[each]["amount"]) for each, total in given.items())

    entries = practice.world.rows(
        "SELECT kind, source_id::text, amount_minor FROM payments_ledgerentry "
        "WHERE kind IN ('payment', 'refund')"
    )
    expected = [("payment", row[0], row[3]) for row in ours if row[2] == "succeeded"]
    expected += [("refund", row[0], row[3]) for row in refunds if row[2] == "succeeded"]
    assert Counter(entries) == Counter(expected), "the ledger is not what was paid and given back"


def assert_letters_agree(practice: Practice) -> None:
    """No letter lies in the mailbox twice; those that count as sent are there, those that do not are not."""
    found = Counter(_message_id(letter) for letter in practice.sandbox.letters())
    known = dict(practice.world.rows("SELECT id::text, status FROM messaging_message"))
    assert found.keys() <= known.keys(), "the mailbox has letters that nobody planned"
    wrong = {
        message: (status, found[message])
        for message, status in known.items()
        if found[message] not in AT_MOST_ONCE.get(status, {0})
    }
    assert not wrong, f"letters (status, how often they arrived): {wrong}"


@contextmanager
def nothing_changes(practice: Practice) -> Iterator[None]:
    """Fail if money or appointments are different at the end of the block, or a letter is new."""
    practice.come_to_rest()
    before = _books(practice)
    yield
    practice.come_to_rest()
    after = _books(practice)
    for table, rows in before.items():
        assert after[table] == rows, table


def _books(practice: Practice) -> dict[str, list[tuple[Any, ...]]]:
    """Rows by table. Receipts are left out, because they are registered a little after the money."""
    tables = ("payments_payment", "payments_refund", "payments_ledgerentry")
    tables += ("booking_appointment", "booking_timelineentry")
    books = {
        table: practice.world.rows(f"SELECT each::text FROM {table} AS each ORDER BY id") for table in tables
    }
    return {**books, "messages": practice.world.rows("SELECT id FROM messaging_message ORDER BY id")}


def assert_paid_and_confirmed_once(client: Client, *, kind: str = "full") -> None:
    """One payment at the provider and in the ledger, one confirmation in the timeline."""
    world = client.practice.world
    appointment = client.appointment_id
    paid = world.rows(
        "SELECT id::text, amount_minor, kind FROM payments_payment "
        "WHERE appointment_id = %s AND status = 'succeeded'",
        appointment,
    )
    assert len(paid) == 1, paid
    assert paid[0][2] == kind
    ledger = world.rows(
        "SELECT kind, source_id::text, amount_minor FROM payments_ledgerentry WHERE appointment_id = %s",
        appointment,
    )
    assert ledger == [("payment", paid[0][0], paid[0][1])]
    status, credited = world.rows(
        "SELECT status, paid_minor FROM booking_appointment WHERE id = %s", appointment
    )[0]
    assert (status, credited) == ("confirmed", paid[0][1])
    assert timeline(world, appointment)["AppointmentConfirmed"] == 1


def assert_told_once(client: Client, kinds: Iterable[str]) -> int:
    """Each of these kinds was planned once for the client and has left once; returns how many of them rest as
    unknown, because they were cut off while they were handed over."""
    unknown = 0
    for kind in kinds:
        planned = client.practice.world.rows(
            "SELECT status FROM messaging_message WHERE appointment_id = %s AND kind = %s",
            client.appointment_id,
            kind,
        )
        assert len(planned) == 1, (kind, planned)
        assert planned[0][0] in AT_MOST_ONCE, (kind, planned)
        unknown += planned[0][0] == "unknown"
    return unknown


def assert_no_job_is_left(world: World) -> None:
    """Nothing waits but what is meant for later, nothing runs but the regular upkeep, nothing has failed."""
    assert unfinished(world) == []
    assert world.rows("SELECT task_name, args FROM procrastinate_jobs WHERE status = 'failed'") == []
    assert world.rows("SELECT task_name, kind, code FROM kernel_jobfailure") == []


def undelivered(world: World) -> int:
    """How many letters are due and have not come to an end."""
    return int(
        world.value(
            "SELECT count(*) FROM messaging_message "
            "WHERE status = 'sending' OR (status = 'planned' AND due_at <= now())"
        )
    )


def timeline(world: World, appointment_id: str) -> "Counter[str]":
    """How often each event stands in the appointment's timeline."""
    return Counter(
        event
        for (event,) in world.rows(
            "SELECT event FROM booking_timelineentry WHERE appointment_id = %s", appointment_id
        )
    )


def alerts(world: World, reference: str = "") -> "Counter[str]":
    """How often each kind of alert was noted, about one thing or at all."""
    found: Counter[str] = Counter()
    for kind, times in world.rows(
        "SELECT kind, times FROM payments_paymentalert WHERE %s IN ('', reference)", reference
    ):
        found[kind] += times
    return found


def _message_id(letter: dict[str, Any]) -> str:
    return str(letter["message_id"]).strip("<>").partition("@")[0]


def _kopecks(amount: dict[str, str]) -> int:
    roubles, _, kopecks = amount["value"].partition(".")
    return int(roubles) * 100 + int(kopecks)
