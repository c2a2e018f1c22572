"""Send what is due: at most once each, and nothing lost."""

from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from uuid import UUID

from apps.kernel.domain.clock import Clock
from apps.kernel.domain.ids import NewId
from apps.messaging.application.compose import ComposeLetter
from apps.messaging.application.composed import Composed, NotComposed, NotWanted
from apps.messaging.application.ports import (
    ClaimLost,
    Delivered,
    NotPosted,
    Outbox,
    OutcomeUnknown,
    Post,
    Settings,
)
from apps.messaging.domain.delivery_rules import DeliveryRules
from apps.messaging.domain.kinds import KINDS
from apps.messaging.domain.message import Message, MessageStatus, RecipientKind, Result

BATCH = 50
FAULTS_IN_A_ROW = 2
"""After so many letters that met no working server the run ends; the next one looks again."""


@dataclass
class _Run:
    """What one run has met so far; ``faults`` counts letters in a row that met no working server."""

    counted: "Counter[str]" = field(default_factory=Counter)
    faults: int = 0
    defect: Exception | None = None

    @property
    def server_down(self) -> bool:
        return self.faults >= FAULTS_IN_A_ROW


@dataclass(frozen=True)
class DeliverDue:
    """Takes up a batch, sends it letter by letter, takes up the next, until nothing is due.

    A worker that dies before the marker ``sending`` is committed has sent nothing: its messages are taken up
    by another one. One that dies after it may have: such a message ends as ``unknown`` and is left to a
    person. Nothing here runs inside a transaction but the single writes.
    """

    outbox: Outbox
    compose: ComposeLetter
    post: Post
    settings: Settings
    clock: Clock
    new_id: NewId

    def __call__(self, *, batch: int = BATCH) -> Delivered:
        """Raises the first unexpected error at the end, when everything else has been tried."""
        now = self.clock.now()
        self.outbox.close_unanswered(now=now)
        self.outbox.close_overdue(now=now)
        run = _Run()
        try:
            while not run.server_down and self._batch(batch, run):
                pass
        finally:
            self.post.close()
        if run.defect is not None:
            raise run.defect
        sent = run.counted.pop(MessageStatus.SENT.value, 0)
        return Delivered(sent=sent, others=run.counted.total(), results=dict(run.counted))

    def _batch(self, size: int, run: "_Run") -> bool:
        claim = self.new_id()
        messages = self.outbox.claim(limit=size, claim=claim, now=self.clock.now())
        if not messages:
            return False
        rules = self.settings.rules()
        try:
            for message in messages:
                self._one(message, claim, rules, run)
                if run.server_down:
                    break
        finally:
            self.outbox.release(claim=claim)
        return True

    def _one(self, message: Message, claim: UUID, rules: DeliveryRules, run: "_Run") -> None:
        connection_fault = False
        try:
            composed = self._composed(message, rules)
            if composed is not None:
                connection_fault = self._post(message, composed, claim)
        except ClaimLost:
            run.counted["claim_lost"] += 1
            return
        except Exception as error:  # noqa: BLE001 - one letter must not hold up the others; raised at the end
            # Whatever passes through up to here means that the server has nothing.
            run.defect = run.defect or error
            message.try_later(Result.DEFECT.value, now=self.clock.now())
        with suppress(ClaimLost):
            self.outbox.record(message, claim=claim)
        run.counted[message.status.value] += 1
        run.faults = run.faults + 1 if connection_fault else 0

    def _post(self, message: Message, composed: Composed, claim: UUID) -> bool:
        """Hand the letter over; returns whether the server as a whole failed."""

        def point_of_no_return() -> None:
            message.begin(template_version=composed.template_version, now=self.clock.now())
            self.outbox.save(message, claim=claim)

        try:
            self.post.send(composed.letter, point_of_no_return=point_of_no_return)
        except OutcomeUnknown:
            message.lose_sight()
        except NotPosted as fault:
            if fault.permanent:
                message.refused(fault.result)
            else:
                message.try_later(fault.result, now=self.clock.now())
            return fault.connection
        else:
            message.accepted(now=self.clock.now())
        return False

    def _composed(self, message: Message, rules: DeliveryRules) -> Composed | None:
        """The letter, or None where the message's new state says why there is none."""
        now = self.clock.now()
        kind = KINDS[message.kind]
        trial = message.recipient.kind is RecipientKind.STAFF
        if message.kind in rules.switched_off and not trial:
            message.skip(Result.SWITCHED_OFF)
            return None
        try:
            composed = self.compose(message, now=now)
        except NotWanted as reason:
            message.skip(reason.result)
            return None
        except NotComposed as reason:
            message.refused(reason.result.value)
            return None
        if not kind.urgent and not trial:
            open_at = rules.quiet_hours.next_open(now, composed.time_zone)
            if open_at > now:
                message.postpone(open_at, now=now)
                return None
        return composed
