"""Whatever dies at whatever moment: no letter goes out twice, none that did not go out is forgotten."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from uuid import uuid4

import pytest

from apps.messaging import wiring
from apps.messaging.application.ports import Letter, NotPosted, OutcomeUnknown
from apps.messaging.domain.kinds import MessageKind
from apps.messaging.models import Message as Row
from tests.booking.factories import make_client
from tests.messaging.deliveries import (
    NOON,
    FakePost,
    FakeSessions,
    HandClock,
    Killed,
    MortalOutbox,
    deliver,
    message,
    session,
)

pytestmark = pytest.mark.django_db
COUNT = 5


class Practice:
    """Some reminders that are due at noon, for sessions of tomorrow."""

    def __init__(self, count: int = COUNT) -> None:
        self.clock, self.post, self.sessions = HandClock(), FakePost(), FakeSessions()
        client = make_client()
        for number in range(count):
            booked = session(start=NOON + timedelta(hours=24, minutes=number), client_id=client.pk)
            self.sessions.known[booked.id] = booked
            wiring.outbox.plan([message(booked)])

    def deliver(self, **others: object) -> None:
        deliver(post=self.post, clock=self.clock, sessions=self.sessions, **others)

    def statuses(self) -> list[str]:
        return sorted(Row.objects.values_list("status", flat=True))


@pytest.fixture
def practice() -> Practice:
    return Practice()


def test_what_is_due_is_sent_once_however_often_workers_look(practice: Practice) -> None:
    for _ in range(3):
        practice.deliver()
    assert practice.statuses() == ["sent"] * COUNT
    assert set(practice.post.taken.values()) == {1}
    row = Row.objects.first()
    assert row is not None
    assert (row.attempts, row.template_version, row.sent_at) == (1, 1, NOON)


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("method", ["claim", "save", "record", "release"])
@pytest.mark.parametrize("step", [1, 3])
def test_a_worker_killed_at_any_write_sends_nothing_twice_and_loses_nothing(
    practice: Practice, method: str, step: int, after: bool
) -> None:
    with suppress(Killed):
        practice.deliver(outbox=MortalOutbox(method, step, after=after))
    practice.clock.pass_(seconds=60)
    practice.deliver()
    settled = practice.statuses()
    assert set(practice.post.taken.values()) <= {1}
    # Killed between the marker and the end, nobody can know: it stays for a person, and is the only one.
    assert settled.count("unknown") <= 1
    assert settled.count("sent") + settled.count("unknown") == COUNT
    assert practice.post.taken.total() >= settled.count("sent")


def test_killed_while_the_server_takes_it_the_letter_is_left_to_a_person(practice: Practice) -> None:
    def die(letter: Letter) -> None:
        raise Killed

    practice.post.after = die
    with pytest.raises(Killed):
        practice.deliver()
    practice.post.after = lambda letter: None
    practice.clock.pass_(hours=2)
    practice.deliver()
    practice.deliver()
    assert practice.statuses() == ["sent"] * (COUNT - 1) + ["unknown"]
    assert set(practice.post.taken.values()) == {1}


def test_killed_before_the_server_can_take_it_the_letter_goes_out_later(practice: Practice) -> None:
    def die(letter: Letter) -> None:
        raise Killed

    practice.post.before = die
    with pytest.raises(Killed):
        practice.deliver(outbox=MortalOutbox("release"))
    practice.post.before = lambda letter: None
    practice.deliver()
    assert practice.statuses() == ["planned"] * COUNT  # still in the dead worker's hands
    practice.clock.pass_(seconds=31)
    practice.deliver()
    assert practice.statuses() == ["sent"] * COUNT


def test_a_lost_answer_is_never_tried_again_by_itself(practice: Practice) -> None:
    def lost(letter: Letter) -> None:
        raise OutcomeUnknown

    practice.post.after = lost
    practice.deliver()
    practice.post.after = lambda letter: None
    for _ in range(10):
        practice.clock.pass_(hours=1)
        practice.deliver()
    assert practice.statuses() == ["unknown"] * COUNT
    assert set(practice.post.taken.values()) == {1}


def test_an_answer_that_comes_after_all_is_believed(practice: Practice) -> None:
    """The worker was asleep between the dot and the answer, and was given up meanwhile."""

    def asleep(letter: Letter) -> None:
        practice.clock.pass_(minutes=2)
        wiring.outbox.close_unanswered(now=practice.clock.at)

    practice.post.after = asleep
    practice.deliver()
    assert practice.statuses() == ["sent"] * COUNT


def test_the_server_is_down_for_an_hour_and_every_letter_arrives_once(practice: Practice) -> None:
    def down(letter: Letter) -> None:
        raise NotPosted("no_connection", connection=True)

    practice.post.before = down
    tries = 0
    for _ in range(6 * 60):
        practice.deliver()
        practice.clock.pass_(seconds=10)
    tries = max(Row.objects.values_list("attempts", flat=True))
    assert practice.statuses() == ["planned"] * COUNT
    assert 10 <= tries <= 30  # growing pauses, not a try at every look
    practice.post.before = lambda letter: None
    for _ in range(6 * 6):
        practice.deliver()
        practice.clock.pass_(seconds=10)
    assert practice.statuses() == ["sent"] * COUNT
    assert set(practice.post.taken.values()) == {1}


def test_a_run_does_not_knock_at_a_dead_server_for_every_letter() -> None:
    practice = Practice(count=20)
    knocks: list[Letter] = []

    def down(letter: Letter) -> None:
        knocks.append(letter)
        raise NotPosted("no_connection", connection=True)

    practice.post.before = down
    practice.deliver()
    assert len(knocks) == 2
    assert Row.objects.filter(claim__isnull=False).count() == 0


def test_one_letter_that_breaks_the_connection_does_not_hold_up_the_others(practice: Practice) -> None:
    poisoned = Row.objects.order_by("id").first()
    assert poisoned is not None

    def cut(letter: Letter) -> None:
        if letter.message_id == poisoned.id:
            raise NotPosted("no_connection", connection=True)

    practice.post.before = cut
    practice.deliver()
    assert practice.statuses() == ["planned"] + ["sent"] * (COUNT - 1)


def test_a_permanent_refusal_is_kept_and_never_tried_again(practice: Practice) -> None:
    def refuse(letter: Letter) -> None:
        raise NotPosted("smtp_550", permanent=True)

    practice.post.before = refuse
    practice.deliver()
    practice.post.before = lambda letter: None
    practice.clock.pass_(hours=1)
    practice.deliver()
    assert set(Row.objects.values_list("status", "result", "attempts")) == {("failed", "smtp_550", 1)}
    assert not practice.post.taken


def test_a_temporary_refusal_is_tried_again_after_growing_pauses(practice: Practice) -> None:
    def refuse(letter: Letter) -> None:
        raise NotPosted("smtp_451")

    practice.post.before = refuse
    pauses = []
    for _ in range(8):
        practice.deliver()
        row = Row.objects.order_by("id").first()
        assert row is not None
        pauses.append((row.next_try_at - practice.clock.at).total_seconds())
        practice.clock.at = row.next_try_at
    assert pauses == [5, 15, 30, 60, 120, 300, 300, 300]


def test_a_reminder_that_could_not_go_out_in_time_is_not_sent_after_the_start(practice: Practice) -> None:
    def refuse(letter: Letter) -> None:
        raise NotPosted("smtp_451")

    practice.post.before = refuse
    practice.deliver()
    practice.post.before = lambda letter: None
    practice.clock.pass_(hours=25)
    practice.deliver()
    assert not practice.post.taken
    practice.clock.pass_(hours=26)
    practice.deliver()
    assert set(Row.objects.values_list("status", "result")) == {("failed", "too_late")}


def test_the_database_that_goes_away_at_the_marker_costs_no_letter(practice: Practice) -> None:
    from django.db import OperationalError

    class Leaky(MortalOutbox):
        """The marker is committed, but the news of it is lost."""

        def _die(self) -> None:
            raise OperationalError

    with pytest.raises(OperationalError):
        practice.deliver(outbox=Leaky("save", after=True))
    practice.clock.pass_(seconds=10)
    practice.deliver()
    assert practice.statuses() == ["sent"] * COUNT
    assert set(practice.post.taken.values()) == {1}


def test_an_error_of_ours_holds_up_only_its_letter_and_is_told(practice: Practice) -> None:
    broken = Row.objects.order_by("id").first()
    assert broken is not None

    def defect(letter: Letter) -> None:
        if letter.message_id == broken.id:
            raise ZeroDivisionError

    practice.post.before = defect
    with pytest.raises(ZeroDivisionError):
        practice.deliver()
    assert practice.statuses() == ["planned"] + ["sent"] * (COUNT - 1)
    broken.refresh_from_db()
    assert (broken.result, broken.attempts) == ("defect", 1)


def test_two_workers_never_have_the_same_letter_in_hand(practice: Practice) -> None:
    first = wiring.outbox.claim(limit=3, claim=uuid4(), now=NOON)
    second = wiring.outbox.claim(limit=9, claim=uuid4(), now=NOON)
    assert (len(first), len(second)) == (3, COUNT - 3)
    assert not {each.id for each in first} & {each.id for each in second}


def test_urgent_letters_go_first() -> None:
    practice = Practice()
    booked = next(iter(practice.sessions.known.values()))
    urgent = message(booked, MessageKind.REMINDER_HOUR)
    wiring.outbox.plan([urgent])
    assert wiring.outbox.claim(limit=1, claim=uuid4(), now=NOON)[0].id == urgent.id


CLOCKS: list[Callable[[HandClock], None]] = [
    lambda clock: clock.pass_(days=1),
    lambda clock: clock.pass_(days=-1),
]


@pytest.mark.parametrize("wrong", CLOCKS)
@pytest.mark.parametrize("down", [False, True])
def test_a_clock_that_is_one_day_off_for_a_while_costs_no_reminder(
    practice: Practice, wrong: Callable[[HandClock], None], down: bool
) -> None:
    """On the wrong clock reminders seem too early or too late, and failures set next tries far ahead."""

    def broken(letter: Letter) -> None:
        raise NotPosted("no_connection", connection=True)

    right = practice.clock.at
    wrong(practice.clock)
    practice.post.before = broken if down else practice.post.before
    for _ in range(5):
        practice.deliver()
        practice.clock.pass_(minutes=5)
    practice.post.before = lambda letter: None
    practice.clock.at = right + timedelta(minutes=30)
    practice.deliver()
    assert practice.statuses() == ["sent"] * COUNT
    assert set(practice.post.taken.values()) == {1}


def test_a_dead_worker_with_a_wrong_clock_keeps_nothing_from_the_others(practice: Practice) -> None:
    wiring.outbox.claim(limit=9, claim=uuid4(), now=NOON + timedelta(days=1))
    practice.deliver()
    assert practice.statuses() == ["sent"] * COUNT
