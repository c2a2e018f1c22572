"""An outgoing message: one letter to one person, with what has become of it, without its text."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self
from uuid import UUID

from apps.kernel.domain.aggregate import Aggregate
from apps.kernel.domain.errors import DomainError, NotFound, gettext_noop
from apps.messaging.domain.kinds import Channel, MessageKind

CLAIM_LENGTH = timedelta(seconds=30)
"""How long a worker keeps the messages it took up; another one takes over what it left undone."""
ANSWER_DUE = timedelta(seconds=20)
"""After so long without the server's answer nobody waits for it: the outcome is unknown."""
PAUSES = tuple(timedelta(seconds=each) for each in (5, 15, 30, 60, 120, 300))
"""Before the next tries; the last one repeats."""
LOOK_AGAIN = timedelta(minutes=10)
"""Longest wait between two looks at a message that is due; whoever waits longer was set by a wrong clock."""
GIVEN_UP_AFTER = timedelta(hours=26)
"""How long past its time a message is closed for good: more than a day, so that a clock one day off for a
while makes nobody miss a reminder."""


class MessageStatus(StrEnum):
    PLANNED = "planned"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    SKIPPED = "skipped"
    UNKNOWN = "unknown"


_S = MessageStatus
ALLOWED: dict[MessageStatus, frozenset[MessageStatus]] = {
    _S.PLANNED: frozenset({_S.SENDING, _S.SKIPPED, _S.FAILED}),
    # Back to planned only where the server said that it did not take the letter.
    _S.SENDING: frozenset({_S.SENT, _S.PLANNED, _S.FAILED, _S.UNKNOWN}),
    # The answer may come late after all; otherwise a person decides to send again.
    _S.UNKNOWN: frozenset({_S.SENT, _S.PLANNED, _S.FAILED}),
    _S.FAILED: frozenset({_S.PLANNED}),
    _S.SKIPPED: frozenset({_S.PLANNED}),
    _S.SENT: frozenset(),
}


class RecipientKind(StrEnum):
    """``client``: a person's id; ``sign_in``: the row that keeps who asked for a code; ``staff``: a person of
    the practice who tries a template on themselves; ``confirmation``: the step that keeps where its code, or
    the notice about it, goes; ``invitation``: the one that keeps who is invited; ``owner``: an owner's id."""

    CLIENT = "client"
    SIGN_IN = "sign_in"
    STAFF = "staff"
    CONFIRMATION = "confirmation"
    INVITATION = "invitation"
    OWNER = "owner"


class Result(StrEnum):
    """What a status came from, where it says more; P0. SMTP answers are ``smtp_NNN`` beside these."""

    NONE = ""
    MOVED = "moved"
    CANCELED = "canceled"
    STATE_PASSED = "state_passed"
    TOO_LATE = "too_late"
    SWITCHED_OFF = "switched_off"
    OPTED_OUT = "opted_out"
    NO_CONSENT = "no_consent"
    REPLACED = "replaced"
    BY_HAND = "by_hand"
    NO_ADDRESS = "no_address"
    ADDRESS_INVALID = "address_invalid"
    NOT_COMPOSED = "not_composed"
    NO_CONNECTION = "no_connection"
    NO_ANSWER = "no_answer"
    SENDER_REFUSED = "sender_refused"
    DEFECT = "defect"


class MessageNotFound(NotFound):
    code = "message_not_found"
    message = gettext_noop("There is no such letter.")


class MessageTransitionNotAllowed(DomainError):
    code = "message_transition_not_allowed"
    message = gettext_noop("This is no longer possible: the state of the letter has changed.")


class TooLateToSend(DomainError):
    code = "message_too_late"
    message = gettext_noop("It is too late for this letter.")


@dataclass(frozen=True, kw_only=True)
class Recipient:
    """Who gets the message, never where: the address is read at the moment of sending."""

    kind: RecipientKind
    id: str


@dataclass(frozen=True, kw_only=True)
class Subject:
    """What a message speaks of: ids, the start of the session it was planned for, and P0 ``facts`` that only
    the event told (amounts in kopecks, instants as ISO text)."""

    appointment_id: UUID | None = None
    payment_id: UUID | None = None
    refund_id: UUID | None = None
    offer_id: UUID | None = None
    start: datetime | None = None
    facts: Mapping[str, str | int] | None = None


@dataclass(kw_only=True, eq=False)
class Message(Aggregate):
    """``dedupe_key`` is unique: the same occasion never makes a second message. ``attempts`` counts tries
    that reached out to the server; ``next_try_at`` is when the message may be taken up, ``useful_until`` when
    it stops making sense. ``claim`` is the worker that has it in hand."""

    id: UUID
    kind: MessageKind
    channel: Channel
    language: str
    recipient: Recipient
    about: Subject
    dedupe_key: str
    due_at: datetime
    useful_until: datetime
    status: MessageStatus
    result: str
    attempts: int
    next_try_at: datetime
    claim: UUID | None
    claimed_until: datetime | None
    template_version: int | None
    created_at: datetime
    sending_at: datetime | None
    sent_at: datetime | None

    @classmethod
    def plan(
        cls,
        *,
        id: UUID,
        kind: MessageKind,
        recipient: Recipient,
        about: Subject,
        dedupe_key: str,
        due_at: datetime,
        useful_until: datetime,
        now: datetime,
        language: str = "",
    ) -> Self:
        """A letter to be sent at ``due_at``. ``language`` is empty where the recipient's own is meant."""
        return cls(
            id=id,
            kind=kind,
            channel=Channel.EMAIL,
            language=language,
            recipient=recipient,
            about=about,
            dedupe_key=dedupe_key,
            due_at=due_at,
            useful_until=useful_until,
            status=_S.PLANNED,
            result=Result.NONE,
            attempts=0,
            next_try_at=due_at,
            claim=None,
            claimed_until=None,
            template_version=None,
            created_at=now,
            sending_at=None,
            sent_at=None,
        )

    def begin(self, *, template_version: int | None, now: datetime) -> None:
        """The point of no return: from here on the server may have the letter."""
        self._move(_S.SENDING)
        self.attempts += 1
        self.template_version = template_version
        self.sending_at = now
        self.result = Result.NONE

    def accepted(self, *, now: datetime) -> None:
        """The server took it."""
        self._move(_S.SENT)
        self.result, self.sent_at = Result.NONE, now
        self._put_down()

    def refused(self, result: str) -> None:
        """It will never be taken: a permanent refusal, or an address that cannot be written to."""
        if self.status is _S.PLANNED:
            self.attempts += 1
        self._move(_S.FAILED)
        self.result = result
        self._put_down()

    def try_later(self, result: str, *, now: datetime) -> None:
        """The server certainly did not take it this time: again after a pause."""
        if self.status is _S.PLANNED:
            self.attempts += 1
        else:
            self._move(_S.PLANNED)
        self.result, self.next_try_at = result, now + PAUSES[min(self.attempts, len(PAUSES)) - 1]
        self._put_down()

    def postpone(self, until: datetime, *, now: datetime) -> None:
        """Not now (quiet hours); this counts as no try."""
        self._ensure(self.status is _S.PLANNED)
        self.next_try_at = min(until, now + LOOK_AGAIN)
        self._put_down()

    def lose_sight(self) -> None:
        """Nobody knows whether the server took it: it is never sent again by itself."""
        self._move(_S.UNKNOWN)
        self.result = Result.NO_ANSWER
        self._put_down()

    def skip(self, result: Result) -> None:
        """It is not sent, because what it says is not true any more or not wanted."""
        self._move(_S.SKIPPED)
        self.result = result
        self._put_down()

    def send_again(self, *, now: datetime) -> None:
        """By a person's decision. Raises MessageTransitionNotAllowed, TooLateToSend."""
        self._ensure(self.status in {_S.FAILED, _S.UNKNOWN, _S.SKIPPED})
        if now >= self.useful_until:
            raise TooLateToSend
        self._move(_S.PLANNED)
        self.result, self.attempts, self.next_try_at = Result.NONE, 0, now
        self._put_down()

    def call_off(self) -> None:
        """By a person's decision. Raises MessageTransitionNotAllowed."""
        self._ensure(self.status is _S.PLANNED)
        self.skip(Result.BY_HAND)

    def _move(self, status: MessageStatus) -> None:
        self._ensure(status in ALLOWED[self.status])
        self.status = status

    def _put_down(self) -> None:
        # An unknown outcome keeps its claim: the worker's answer may still arrive, and only that worker's.
        if self.status is not _S.UNKNOWN:
            self.claim = None
        self.claimed_until = None

    def _ensure(self, condition: bool) -> None:
        if not condition:
            raise MessageTransitionNotAllowed
