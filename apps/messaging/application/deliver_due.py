"""Send what is due: at most once each, and nothing lost."""

from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from apps.kernel.domain.clock import Clock
from apps.kernel.domain.ids import NewId
from apps.messaging.application.compose import Composed, ComposeLetter, NotComposed, NotWanted
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
from apps.messaging.domain.message import Message, RecipientKind, Result

BATCH = 50
FAULTS_IN_A_ROW = 2
"""After so many letters that met no working server the run ends; the next one looks again."""


class ServerDown(Exception):
    """The mail server does not work; the rest waits."""


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
        now = self.clock.now()
        self.outbox.close_unanswered(now=now)
        self.outbox.close_overdue(now=now)
        counted: Counter[str] = Counter()
        try:
            while self._batch(batch, counted):
                pass
        except ServerDown:
            pass
        finally:
            self.post.close()
        sent = counted.pop("sent", 0)
        return Delivered(sent=sent, others=counted.total(), results=dict(counted))

    def _batch(self, size: int, counted: "Counter[str]") -> bool:
        claim = self.new_id()
        messages = self.outbox.claim(limit=size, claim=claim, now=self.clock.now())
        if not messages:
            return False
        rules = self.settings.rules()
        faults = 0
        try:
            for message in messages:
                connection_fault = False
                try:
                    connection_fault = self._deliver(message, claim, rules)
                    counted[message.status.value] += 1
                except ClaimLost:
                    counted["claim_lost"] += 1
                faults = faults + 1 if connection_fault else 0
                if faults >= FAULTS_IN_A_ROW:
                    raise ServerDown
        finally:
            self.outbox.release(claim=claim)
        return True

    def _deliver(self, message: Message, claim: UUID, rules: DeliveryRules) -> bool:
        """Returns whether the server as a whole failed."""
        composed = self._composed(message, rules)
        if composed is None:
            self.outbox.save(message, claim=claim)
            return False

        def point_of_no_return() -> None:
            message.begin(template_version=composed.template_version, now=self.clock.now())
            self.outbox.save(message, claim=claim)

        connection_fault = False
        try:
            self.post.send(composed.letter, point_of_no_return=point_of_no_return)
        except OutcomeUnknown:
            message.lose_sight()
        except NotPosted as fault:
            connection_fault = fault.connection
            if fault.permanent:
                message.refused(fault.result)
            else:
                message.try_later(fault.result, now=self.clock.now())
        else:
            message.accepted(now=self.clock.now())
        self.outbox.save(message, claim=claim)
        return connection_fault

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
