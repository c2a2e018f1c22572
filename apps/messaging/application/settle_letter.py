"""A person decides about one letter."""

from dataclasses import dataclass
from uuid import UUID

from apps.kernel.application.ports import UnitOfWork
from apps.kernel.domain.actor import Actor
from apps.kernel.domain.clock import Clock
from apps.messaging.application.ports import AuditLog, DeliveryJobs, Outbox


@dataclass(frozen=True)
class SendAgain:
    """Where a letter failed for good, or nobody knows whether it arrived."""

    unit_of_work: UnitOfWork
    outbox: Outbox
    jobs: DeliveryJobs
    audit: AuditLog
    clock: Clock

    def __call__(self, *, message_id: UUID, actor: Actor) -> None:
        """Raises MessageNotFound, MessageTransitionNotAllowed, TooLateToSend."""
        now = self.clock.now()
        with self.unit_of_work():
            message = self.outbox.get(message_id)
            old = message.status
            message.send_again(now=now)
            self.outbox.put(message)
            self.audit.record(
                actor=actor,
                action="letter_sent_again",
                entity="message",
                entity_id=str(message_id),
                at=now,
                changes={"status": (old.value, message.status.value)},
            )
            self.jobs.wake()


@dataclass(frozen=True)
class CallOff:
    """A planned letter is not to be sent."""

    unit_of_work: UnitOfWork
    outbox: Outbox
    audit: AuditLog
    clock: Clock

    def __call__(self, *, message_id: UUID, actor: Actor) -> None:
        """Raises MessageNotFound, MessageTransitionNotAllowed."""
        with self.unit_of_work():
            message = self.outbox.get(message_id)
            old = message.status
            message.call_off()
            self.outbox.put(message)
            self.audit.record(
                actor=actor,
                action="letter_called_off",
                entity="message",
                entity_id=str(message_id),
                at=self.clock.now(),
                changes={"status": (old.value, message.status.value)},
            )
