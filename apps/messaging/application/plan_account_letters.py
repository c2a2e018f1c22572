"""Letters about accounts, the cabinet and the proof of consents: planned when an event asks for them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from apps.kernel.application.ports import UnitOfWork
from apps.kernel.domain.clock import Clock
from apps.kernel.domain.ids import NewId
from apps.messaging.application.plan_messages import MEANT_FOR
from apps.messaging.application.ports import DeliveryJobs, Outbox, People
from apps.messaging.domain.kinds import MessageKind
from apps.messaging.domain.message import Message, Recipient, RecipientKind, Subject

CODE_MEANT_FOR = timedelta(minutes=10)


@dataclass(frozen=True)
class PlanAccountLetters:
    """Hearing the same event again plans nothing new: every occasion has its key."""

    unit_of_work: UnitOfWork
    outbox: Outbox
    people: People
    jobs: DeliveryJobs
    clock: Clock
    new_id: NewId

    def confirmation_code(self, *, confirmation_id: UUID) -> int:
        """The code itself is made at the moment of sending."""
        return self._to(
            MessageKind.CONFIRMATION_CODE,
            RecipientKind.CONFIRMATION,
            confirmation_id,
            occasion=confirmation_id,
            meant_for=CODE_MEANT_FOR,
        )

    def contact_changed(self, *, confirmation_id: UUID) -> int:
        """A warning to whoever had the account before, in case it was not they who changed the contact."""
        return self._to(
            MessageKind.CONTACT_CHANGED, RecipientKind.CONFIRMATION, confirmation_id, occasion=confirmation_id
        )

    def export_ready(self, *, export_id: UUID, client_id: UUID) -> int:
        return self._to(MessageKind.EXPORT_READY, RecipientKind.CLIENT, client_id, occasion=export_id)

    def material_shared(self, *, client_id: UUID, event_id: UUID) -> int:
        """Again, where a material was taken back and shared anew."""
        return self._to(MessageKind.MATERIAL_SHARED, RecipientKind.CLIENT, client_id, occasion=event_id)

    def invited(self, *, invitation_id: UUID) -> int:
        return self._to(
            MessageKind.STAFF_INVITATION, RecipientKind.INVITATION, invitation_id, occasion=invitation_id
        )

    def chain_head(self, *, seq: int, head: str, occurred_at: datetime, event_id: UUID) -> int:
        """To every owner, so that the head of the chain of consents lies outside the database."""
        facts: dict[str, str | int] = {"seq": seq, "head": head, "at": occurred_at.isoformat()}
        now = self.clock.now()
        with self.unit_of_work():
            letters = [
                self._letter(
                    MessageKind.CONSENT_CHAIN_HEAD,
                    RecipientKind.OWNER,
                    owner_id,
                    occasion=f"{event_id}:{owner_id}",
                    now=now,
                    facts=facts,
                )
                for owner_id in self.people.owners()
            ]
            return self._plan(letters)

    def _to(
        self,
        kind: MessageKind,
        recipient: RecipientKind,
        recipient_id: UUID,
        *,
        occasion: UUID,
        meant_for: timedelta = MEANT_FOR,
    ) -> int:
        letter = self._letter(
            kind, recipient, recipient_id, occasion=str(occasion), now=self.clock.now(), meant_for=meant_for
        )
        with self.unit_of_work():
            return self._plan([letter])

    def _letter(
        self,
        kind: MessageKind,
        recipient: RecipientKind,
        recipient_id: UUID,
        *,
        occasion: str,
        now: datetime,
        meant_for: timedelta = MEANT_FOR,
        facts: Mapping[str, str | int] | None = None,
    ) -> Message:
        return Message.plan(
            id=self.new_id(),
            kind=kind,
            recipient=Recipient(kind=recipient, id=str(recipient_id)),
            about=Subject(facts=facts),
            dedupe_key=f"{kind.value}:{occasion}",
            due_at=now,
            useful_until=now + meant_for,
            now=now,
        )

    def _plan(self, letters: list[Message]) -> int:
        planned = self.outbox.plan(letters)
        if planned:
            self.jobs.wake()
        return planned
