"""The life of an outgoing message, step by step."""

from datetime import timedelta
from uuid import uuid4

import pytest

from apps.messaging.domain.message import (
    ALLOWED,
    PAUSES,
    Message,
    MessageStatus,
    MessageTransitionNotAllowed,
    Result,
    TooLateToSend,
)
from tests.messaging.deliveries import NOON, message, session

_S = MessageStatus


def planned() -> Message:
    made = message(session(start=NOON + timedelta(days=1), client_id=uuid4()))
    made.claim, made.claimed_until = uuid4(), NOON + timedelta(seconds=30)
    return made


def sending() -> Message:
    made = planned()
    made.begin(template_version=2, now=NOON)
    return made


def test_it_is_planned_begun_and_taken() -> None:
    made = sending()
    assert (made.status, made.attempts, made.template_version) == (_S.SENDING, 1, 2)
    made.accepted(now=NOON)
    assert (made.status, made.sent_at, made.claim) == (_S.SENT, NOON, None)


def test_nothing_happens_to_what_was_sent() -> None:
    made = sending()
    made.accepted(now=NOON)
    for step in (
        lambda: made.begin(template_version=1, now=NOON),
        lambda: made.refused("smtp_550"),
        lambda: made.skip(Result.CANCELED),
        lambda: made.send_again(now=NOON),
        made.call_off,
        made.lose_sight,
    ):
        with pytest.raises(MessageTransitionNotAllowed):
            step()
    assert ALLOWED[_S.SENT] == frozenset()


def test_pauses_grow_to_a_longest() -> None:
    made, seen = planned(), []
    for _ in range(len(PAUSES) + 2):
        made.try_later("smtp_451", now=NOON)
        seen.append(made.next_try_at - NOON)
    assert seen == [*PAUSES, PAUSES[-1], PAUSES[-1]]
    assert (made.status, made.attempts, made.result) == (_S.PLANNED, len(PAUSES) + 2, "smtp_451")


def test_a_try_that_was_begun_counts_once() -> None:
    made = sending()
    made.try_later("smtp_452", now=NOON)
    assert (made.status, made.attempts) == (_S.PLANNED, 1)


def test_postponing_counts_as_no_try_and_looks_again_soon() -> None:
    made = planned()
    made.postpone(NOON + timedelta(hours=10), now=NOON)
    assert (made.attempts, made.next_try_at) == (0, NOON + timedelta(minutes=10))


def test_an_unknown_outcome_keeps_the_workers_claim_for_a_late_answer() -> None:
    made = sending()
    claim = made.claim
    made.lose_sight()
    assert (made.status, made.claim) == (_S.UNKNOWN, claim)
    made.accepted(now=NOON)
    assert made.status is _S.SENT


def test_a_person_sends_again_what_did_not_arrive() -> None:
    made = sending()
    made.refused("smtp_550")
    made.send_again(now=NOON)
    assert (made.status, made.attempts, made.result, made.next_try_at) == (_S.PLANNED, 0, "", NOON)


def test_a_person_does_not_send_what_is_too_late() -> None:
    made = planned()
    made.skip(Result.CANCELED)
    with pytest.raises(TooLateToSend):
        made.send_again(now=made.useful_until)
    assert made.status is _S.SKIPPED
