"""Delivering from the real outbox with a clock, a mail server and a machine that fail on demand."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from apps.messaging import wiring
from apps.messaging.application.deliver_due import DeliverDue
from apps.messaging.application.ports import Delivered, Letter, Session
from apps.messaging.domain.kinds import KINDS, MessageKind
from apps.messaging.domain.message import Message, Recipient, RecipientKind, Subject

NOON = datetime(2026, 3, 2, 9, tzinfo=UTC)
"""A Monday, 12:00 in Moscow."""


class Killed(BaseException):
    """kill -9: nothing of this worker happens after it."""


@dataclass
class HandClock:
    at: datetime = NOON

    def now(self) -> datetime:
        return self.at

    def pass_(self, **length: float) -> None:
        self.at += timedelta(**length)


@dataclass
class FakePost:
    """A mail server in memory: ``taken`` counts what it has. Hooks may raise before or after it takes."""

    taken: "Counter[UUID]" = field(default_factory=Counter)
    letters: list[Letter] = field(default_factory=list)
    before: Callable[[Letter], None] = lambda letter: None
    after: Callable[[Letter], None] = lambda letter: None
    closed: int = 0

    def send(self, letter: Letter, *, point_of_no_return: Callable[[], None]) -> None:
        self.before(letter)
        point_of_no_return()
        self.taken[letter.message_id] += 1
        self.letters.append(letter)
        self.after(letter)

    def close(self) -> None:
        self.closed += 1


class MortalOutbox:
    """The real outbox of a worker that dies just before or after its ``step``-th call of ``method``."""

    def __init__(self, method: str, step: int = 1, *, after: bool = False) -> None:
        self._method, self._left, self._after, self._dead = method, step, after, False

    def __getattr__(self, name: str) -> Any:
        real = getattr(wiring.outbox, name)

        def call(*args: Any, **kwargs: Any) -> Any:
            if self._dead:
                raise Killed
            dies = name == self._method and self._count()
            if dies and not self._after:
                self._die()
            answer = real(*args, **kwargs)
            if dies:
                self._die()
            return answer

        return call

    def _count(self) -> bool:
        self._left -= 1
        return self._left == 0

    def _die(self) -> None:
        self._dead = True
        raise Killed


@dataclass
class FakeSessions:
    """Appointments as booking would tell them."""

    known: dict[UUID, Session] = field(default_factory=dict)

    def find(self, appointment_id: UUID, *, at: datetime) -> Session | None:
        return self.known.get(appointment_id)

    def invitation(self, appointment_id: UUID, *, method: Any, attendee: str) -> bytes | None:
        return b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"


class ConsentingPeople:
    """The real people, all of whom have consented to everything."""

    def __getattr__(self, name: str) -> Any:
        return getattr(wiring.compose_letter.people, name)

    def consents(self, person_id: UUID, *, purposes: Sequence[str], at: datetime) -> frozenset[str]:
        return frozenset(purposes)


def session(*, start: datetime, client_id: UUID, **values: Any) -> Session:
    return Session(
        **{
            "id": uuid4(),
            "client_id": client_id,
            "status": "confirmed",
            "start": start,
            "time_zone": "Europe/Moscow",
            "service_name": "Консультация",
            "specialist_name": "Анна Орлова",
            "place": "https://meet.example.org/orlova",
            "price_minor": 450_000,
            "due_minor": 0,
            "refund_minor": 0,
            "currency": "RUB",
            "hold_expires_at": None,
            "made_by_practice": False,
            "created_at": NOON - timedelta(days=3),
            **values,
        }
    )


def message(
    about: Session, kind: MessageKind = MessageKind.REMINDER_DAY, *, due_at: datetime = NOON, **values: Any
) -> Message:
    """A planned message about a session, not stored yet."""
    return Message.plan(
        **{
            "id": uuid4(),
            "kind": kind,
            "recipient": Recipient(kind=RecipientKind.CLIENT, id=str(about.client_id)),
            "about": Subject(appointment_id=about.id, start=about.start),
            "dedupe_key": f"{kind}:{uuid4()}",
            "due_at": due_at,
            "useful_until": about.start if KINDS[kind].before_start else due_at + timedelta(days=3),
            "now": due_at,
            **values,
        }
    )


def delivery(*, post: Any, clock: HandClock, sessions: FakeSessions, **others: Any) -> DeliverDue:
    stand_ins = {"sessions": sessions, "people": ConsentingPeople()}
    compose = wiring.compose_letter.__class__(**{**vars(wiring.compose_letter), **stand_ins})
    return wiring.deliver_due(post=post, clock=clock, compose=compose, **others)


def deliver(**values: Any) -> Delivered:
    return delivery(**values)()
