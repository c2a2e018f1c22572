"""Each reminder comes once, whatever is moved, canceled, repeated, down or wrong in between."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db.models import Min
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.messaging import wiring
from apps.messaging.application.plan_messages import PlanMessages
from apps.messaging.application.ports import Letter, NotPosted, Session
from apps.messaging.models import Message as Row
from tests.booking.factories import make_client
from tests.counts import examples
from tests.messaging.deliveries import FakePost, FakeSessions, HandClock, delivery, session
from tests.messaging.domain.test_quiet_hours import ZONES

pytestmark = pytest.mark.django_db
# Ordinary days, nights of jumping clocks in Europe, America and Australia, the year's end, a leap day.
DAYS = [
    datetime(2026, 3, 10, tzinfo=UTC),
    datetime(2026, 3, 29, tzinfo=UTC),
    datetime(2026, 10, 25, tzinfo=UTC),
    datetime(2026, 3, 8, tzinfo=UTC),
    datetime(2026, 4, 5, tzinfo=UTC),
    datetime(2027, 1, 1, tzinfo=UTC),
    datetime(2028, 2, 29, tzinfo=UTC),
]
BEGINNING = timedelta(days=6)
LOOK = timedelta(minutes=20)


class NoJobs:
    def wake(self) -> None:
        pass


class World:
    """One session, the practice around it, and everything that can happen to both."""

    def __init__(self, start: datetime, zone: str, client_id: UUID) -> None:
        self.clock = HandClock(start - BEGINNING)
        self.post, self.sessions = FakePost(), FakeSessions()
        self.taken: Counter[tuple[str, datetime]] = Counter()
        booked = session(start=start, client_id=client_id, time_zone=zone)
        self.id, self.sessions.known[booked.id] = booked.id, booked
        self.plan = PlanMessages(
            unit_of_work=wiring.unit_of_work,
            outbox=wiring.outbox,
            sessions=self.sessions,
            settings=wiring.settings,
            jobs=NoJobs(),
            clock=self.clock,
            new_id=uuid4,
        )
        self.post.after = self._check
        self.confirmed_at = self.clock.at
        self._confirm()

    @property
    def booked(self) -> Session:
        return self.sessions.known[self.id]

    def do(self, action: str, hours: int) -> None:
        if action == "wait":
            self.wait(timedelta(hours=hours))
        elif action == "again":
            self._confirm()
        elif action == "cancel":
            self._change(status="canceled")
            self.plan.canceled(appointment_id=self.id, refund_minor=0, currency="RUB")
        elif action == "move" and self.booked.status == "confirmed" and self.clock.at < self.booked.start:
            self._move(max(self.booked.start + timedelta(hours=hours - 24), self.clock.at + LOOK))
        elif action == "down":
            self.post.before = self._refuse
            self.wait(timedelta(hours=1))
            self.post.before = lambda letter: None
        elif action in {"ahead", "behind"}:
            off = timedelta(days=1 if action == "ahead" else -1)
            self.clock.at += off
            self._deliver()
            self.clock.at -= off

    def wait(self, length: timedelta) -> None:
        """Workers look whenever something comes due, and at the end."""
        until = self.clock.at + length
        while self.clock.at < until:
            ahead = Row.objects.filter(status="planned", next_try_at__gt=self.clock.at)
            due = ahead.aggregate(due=Min("next_try_at"))["due"]
            self.clock.at = min(until, due or until)
            self._deliver()

    def _deliver(self) -> None:
        delivery(post=self.post, clock=self.clock, sessions=self.sessions)()

    def _confirm(self) -> None:
        self.plan.confirmed(appointment_id=self.id, occurred_at=self.confirmed_at)

    def _move(self, start: datetime) -> None:
        old = self.booked.start
        if start == old:
            return
        self._change(start=start)
        event = {"appointment_id": self.id, "start": start, "old_start": old, "event_id": uuid4()}
        for _ in range(2):  # events come at least once
            self.plan.moved(**event, occurred_at=self.clock.at)

    def _change(self, **values: Any) -> None:
        self.sessions.known[self.id] = replace(self.booked, **values)

    def _check(self, letter: Letter) -> None:
        row = Row.objects.get(pk=letter.message_id)
        if not row.kind.startswith("reminder"):
            return
        assert self.booked.status == "confirmed", "a reminder of a session that does not take place"
        assert row.start == self.booked.start, "a reminder of a time that has been moved"
        self.taken[(row.kind, row.start)] += 1

    def _refuse(self, letter: Letter) -> None:
        raise NotPosted("no_connection", connection=True)


actions = st.lists(
    st.tuples(
        st.sampled_from(["wait", "wait", "move", "move", "again", "down", "ahead", "behind", "cancel"]),
        st.integers(1, 47),
    ),
    max_size=7,
)


@settings(
    max_examples=examples(8, 600),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(
    day=st.sampled_from(DAYS),
    minutes=st.integers(0, 24 * 4 - 1).map(lambda quarter: quarter * 15),
    zone=st.sampled_from(ZONES),
    happening=actions,
)
def test_each_reminder_comes_once(
    db: None, day: datetime, minutes: int, zone: str, happening: list[tuple[str, int]]
) -> None:
    client = make_client()
    world = World(day + timedelta(minutes=minutes), zone, client.pk)
    for action, hours in happening:
        world.do(action, hours)
    left = world.booked.start - world.clock.at
    quiet = {action for action, _ in happening} <= {"again", "down", "ahead", "behind"}
    if left > timedelta(0):
        world.wait(left + LOOK)
    assert set(world.taken.values()) <= {1}
    assert set(world.post.taken.values()) <= {1}
    if quiet:
        assert world.taken == {
            ("reminder_day", world.booked.start): 1,
            ("reminder_hour", world.booked.start): 1,
        }
    Row.objects.all().delete()
