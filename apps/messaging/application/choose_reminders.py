"""A client switches optional letters off, or on again."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from apps.kernel.application.ports import UnitOfWork
from apps.kernel.domain.actor import Actor
from apps.kernel.domain.clock import Clock
from apps.messaging.application.ports import AuditLog, OptOuts
from apps.messaging.domain.delivery_rules import KindAlwaysOn
from apps.messaging.domain.kinds import OPTIONAL_KINDS, REMINDER_LETTERS, MessageKind


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
            before = self.opt_outs.of(client_id)
            off = before - REMINDER_LETTERS if wanted else before | REMINDER_LETTERS
            if off != before:
                self.opt_outs.set(client_id, off=off, at=now)
                self.audit.record(
                    actor=actor,
                    action="reminders_switched_on" if wanted else "reminders_switched_off",
                    entity="client",
                    entity_id=str(client_id),
                    at=now,
                )


@dataclass(frozen=True)
class ChooseLetters:
    """One by one; letters about what happened to a booking or to the account still come."""

    unit_of_work: UnitOfWork
    opt_outs: OptOuts
    audit: AuditLog
    clock: Clock

    def __call__(self, *, off: Collection[MessageKind], actor: Actor) -> frozenset[MessageKind]:
        """Switch these off for the actor, and all others on; returns what is off now. Raises KindAlwaysOn."""
        wanted = frozenset(off)
        if actor.user_id is None or not wanted <= OPTIONAL_KINDS:
            raise KindAlwaysOn(field="switched_off")
        now = self.clock.now()
        with self.unit_of_work():
            before = self.opt_outs.of(actor.user_id)
            if wanted != before:
                self.opt_outs.set(actor.user_id, off=wanted, at=now)
                self.audit.record(
                    actor=actor,
                    action="notifications_chosen",
                    entity="client",
                    entity_id=str(actor.user_id),
                    at=now,
                    changes={"switched_off": (sorted(before), sorted(wanted))},
                )
        return wanted
