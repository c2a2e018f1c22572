"""A client switches reminders off, or on again."""

from dataclasses import dataclass
from uuid import UUID

from apps.kernel.application.ports import UnitOfWork
from apps.kernel.domain.actor import Actor
from apps.kernel.domain.clock import Clock
from apps.messaging.application.ports import AuditLog, OptOuts


@dataclass(frozen=True)
class ChooseReminders:
    """Letters about what happened to a booking still come."""

    unit_of_work: UnitOfWork
    opt_outs: OptOuts
    audit: AuditLog
    clock: Clock

    def __call__(self, *, client_id: UUID, wanted: bool, actor: Actor) -> None:
        """Choosing the same again changes nothing."""
        now = self.clock.now()
        with self.unit_of_work():
            if self.opt_outs.set(client_id, off=not wanted, at=now):
                self.audit.record(
                    actor=actor,
                    action="reminders_switched_on" if wanted else "reminders_switched_off",
                    entity="client",
                    entity_id=str(client_id),
                    at=now,
                )
