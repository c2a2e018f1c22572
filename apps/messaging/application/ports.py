"""What messaging needs from outside its domain."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from apps.kernel.domain.actor import Actor
from apps.messaging.domain.delivery_rules import DeliveryRules
from apps.messaging.domain.kinds import Invitation, MessageKind
from apps.messaging.domain.message import Message, Result
from apps.messaging.domain.template import MessageTemplate, TemplateVersion


@dataclass(frozen=True, kw_only=True)
class Session:
    """An appointment as letters speak of it. ``status`` is the effective one; amounts are kopecks."""

    id: UUID
    client_id: UUID
    status: str
    start: datetime
    time_zone: str
    service_name: str
    specialist_name: str
    place: str
    price_minor: int
    due_minor: int
    refund_minor: int
    currency: str
    hold_expires_at: datetime | None
    made_by_practice: bool
    created_at: datetime


class Sessions(Protocol):
    def find(self, appointment_id: UUID, *, at: datetime) -> Session | None: ...

    def invitation(self, appointment_id: UUID, *, method: Invitation, attendee: str) -> bytes | None:
        """The calendar file of the session (RFC 5545) to a letter that goes to ``attendee``."""
        ...


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody who gets letters; P1. ``email`` is empty where none is known."""

    name: str
    email: str
    language: str
    time_zone: str


class People(Protocol):
    def find(self, person_id: UUID) -> Person | None: ...

    def owners(self) -> list[UUID]:
        """The active owners of the practice."""
        ...

    def consents(self, person_id: UUID, *, purposes: Sequence[str], at: datetime) -> frozenset[str]:
        """Those of the purposes that the person's consent stands to."""
        ...


@dataclass(frozen=True, kw_only=True)
class SignInLetter:
    """A fresh code for whoever asked to sign in; ``code`` is None for people of the practice."""

    email: str
    code: str | None
    language: str
    lifetime_minutes: int


class SignInCodes(Protocol):
    def issue(self, *, row_id: int, request_number: int) -> SignInLetter | None:
        """Make a code; the one before stops working. None where a newer request has taken the place."""
        ...


class Links(Protocol):
    def appointment(self, appointment_id: UUID) -> str:
        """The absolute address of the page where the client sees, pays or declines an appointment."""
        ...

    def reminders_off(self, client_id: UUID) -> str:
        """The absolute address where a client switches reminders off, signed."""
        ...


class Words(Protocol):
    """Instants, zones and amounts as people read them in a language."""

    def date(self, instant: datetime, time_zone: str, *, now: datetime, language: str) -> str: ...

    def weekday(self, instant: datetime, time_zone: str, *, language: str) -> str: ...

    def clock(self, instant: datetime, time_zone: str) -> str: ...

    def zone(self, time_zone: str, at: datetime, *, language: str) -> str: ...

    def money(self, minor: int, currency: str, *, language: str) -> str: ...

    def minutes(self, count: int, *, language: str) -> str: ...

    def hours(self, count: int, *, language: str) -> str: ...

    def step(self, purpose: str, *, language: str) -> str:
        """What a code is for: "Your code to …"."""
        ...

    def contact(self, kind: str, *, language: str) -> str:
        """What has changed: "… of your account has been changed"."""
        ...


class Markdown(Protocol):
    """Reads the Markdown of letters; raw HTML and images are no part of it, links are http(s) only."""

    def html(self, text: str) -> str: ...

    def plain(self, text: str) -> str: ...


class Stationery(Protocol):
    def page(self, *, language: str, subject: str, content: str, unsubscribe: str) -> str:
        """The whole HTML document of a letter around its ``content``."""
        ...

    def footer(self, *, language: str, unsubscribe: str) -> str:
        """What stands below a plain text."""
        ...


@dataclass(frozen=True, kw_only=True)
class Attachment:
    content: bytes
    method: Invitation


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A letter ready to be posted; P1 and texts, so it lives in memory only.

    ``message_id`` is the same at every try; ``unsubscribe`` is empty where nothing can be switched off.
    """

    message_id: UUID
    to: str
    subject: str
    text: str
    html: str
    language: str
    unsubscribe: str = ""
    attachment: Attachment | None = None


class NotPosted(Exception):
    """The letter certainly did not go out. ``result`` is a code of P0; ``permanent``: it never will;
    ``connection``: the fault is the server's as a whole, so the next letter would meet it too."""

    def __init__(self, result: str, *, permanent: bool = False, connection: bool = False) -> None:
        super().__init__(result)
        self.result = result
        self.permanent = permanent
        self.connection = connection


class OutcomeUnknown(Exception):
    """The letter was handed over, but the server's answer was lost."""


class Post(Protocol):
    def send(self, letter: Letter, *, point_of_no_return: Callable[[], None]) -> None:
        """Hand one letter to the mail server; returns once the server has taken it.

        ``point_of_no_return`` is called at the last instant before the server could take it; what it raises
        stops the letter and passes through. Raises NotPosted, OutcomeUnknown.
        """
        ...

    def close(self) -> None:
        """End the connection that is kept between letters."""
        ...


class ClaimLost(Exception):
    """Somebody else has changed the message meanwhile."""


@dataclass(frozen=True, kw_only=True)
class Withdrawal:
    """Planned messages of these kinds about an appointment are not to be sent; with ``except_start``, those
    of another start only."""

    appointment_id: UUID
    kinds: frozenset[MessageKind]
    result: Result
    except_start: datetime | None = None


class Outbox(Protocol):
    def plan(self, messages: Sequence[Message]) -> int:
        """Add those whose dedupe key is new; one withdrawn before is planned anew. Returns how many."""
        ...

    def claim(self, *, limit: int, claim: UUID, now: datetime) -> list[Message]:
        """Take up due messages that still make sense and that nobody has in hand, urgent ones first."""
        ...

    def save(self, message: Message, *, claim: UUID) -> None:
        """Write the message back, at once. Raises ClaimLost when it is no longer this worker's."""
        ...

    def record(self, message: Message, *, claim: UUID) -> None:
        """What :meth:`save` does, and where the database is away, again until it is back (for a minute): what
        has become of a letter must not be forgotten. Raises ClaimLost."""
        ...

    def release(self, *, claim: UUID) -> None:
        """Put down what was taken up and not begun."""
        ...

    def close_unanswered(self, *, now: datetime) -> int:
        """Give up waiting for answers that are overdue; returns how many."""
        ...

    def close_overdue(self, *, now: datetime) -> int:
        """Close what was not sent while it made sense; returns how many."""
        ...

    def withdraw(self, withdrawal: Withdrawal) -> int: ...

    def move_reminders(self, *, kind: MessageKind, lead: timedelta) -> int:
        """Let planned reminders come so long before their session."""
        ...

    def get(self, message_id: UUID) -> Message:
        """Locked for the transaction. Raises MessageNotFound."""
        ...

    def put(self, message: Message) -> None:
        """Write a message that :meth:`get` locked."""
        ...

    def was_sent(self, *, appointment_id: UUID, kinds: Iterable[MessageKind]) -> bool:
        """Whether such a letter went out, or may have."""
        ...


class Templates(Protocol):
    def current(self, *, kind: MessageKind, language: str) -> TemplateVersion | None: ...

    def get(self, template_id: UUID) -> MessageTemplate:
        """Locked for the transaction. Raises TemplateNotFound."""
        ...

    def version(self, template_id: UUID, number: int) -> TemplateVersion:
        """Raises VersionNotFound."""
        ...

    def save(self, template: MessageTemplate) -> None: ...


class Settings(Protocol):
    def rules(self) -> DeliveryRules: ...

    def lock(self) -> DeliveryRules:
        """The rules, locked for the transaction."""
        ...

    def save(self, rules: DeliveryRules) -> None: ...


class OptOuts(Protocol):
    def of(self, client_id: UUID) -> frozenset[MessageKind]:
        """The optional letters that a client has switched off."""
        ...

    def set(self, client_id: UUID, *, off: frozenset[MessageKind], at: datetime) -> None:
        """Switch these off, and all others on."""
        ...


class DeliveryJobs(Protocol):
    def wake(self) -> None:
        """Let a worker deliver what is due, after the current transaction commits."""
        ...


class AuditLog(Protocol):
    def record(
        self,
        *,
        actor: Actor,
        action: str,
        entity: str,
        entity_id: str,
        at: datetime,
        changes: Mapping[str, tuple[object, object]] | None = None,
    ) -> None:
        """Append one record; ``changes`` hold P0 data only."""
        ...


@dataclass(frozen=True)
class Delivered:
    """What one run of the delivery did."""

    sent: int = 0
    others: int = 0
    results: Mapping[str, int] = field(default_factory=dict)
