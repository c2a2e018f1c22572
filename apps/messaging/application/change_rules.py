"""The owner decides when letters are sent, and which."""

from dataclasses import dataclass

from apps.kernel.application.ports import UnitOfWork
from apps.kernel.domain.actor import Actor
from apps.kernel.domain.clock import Clock
from apps.kernel.domain.errors import StaleVersion
from apps.messaging.application.ports import AuditLog, Outbox, Settings
from apps.messaging.domain.delivery_rules import DeliveryRules
from apps.messaging.domain.kinds import REMINDERS


@dataclass(frozen=True)
class ChangeDeliveryRules:
    """Reminders that are planned already move with the change."""

    unit_of_work: UnitOfWork
    settings: Settings
    outbox: Outbox
    audit: AuditLog
    clock: Clock

    def __call__(self, *, rules: DeliveryRules, seen: DeliveryRules, actor: Actor) -> None:
        """``seen`` is what the form was opened with. Raises StaleVersion."""
        with self.unit_of_work():
            old = self.settings.lock()
            if old != seen:
                raise StaleVersion
            if rules == old:
                return
            self.settings.save(rules)
            for kind in REMINDERS:
                if rules.lead(kind) != old.lead(kind):
                    self.outbox.move_reminders(kind=kind, lead=rules.lead(kind))
            before, after = _told(old), _told(rules)
            self.audit.record(
                actor=actor,
                action="settings_changed",
                entity="deliverysettings",
                entity_id="1",
                at=self.clock.now(),
                changes={name: (before[name], after[name]) for name in before if before[name] != after[name]},
            )


def _told(rules: DeliveryRules) -> dict[str, object]:
    return {
        "reminder_day_hours": rules.reminder_day_hours,
        "reminder_hour_hours": rules.reminder_hour_hours,
        "quiet_from": f"{rules.quiet_hours.start:%H:%M}",
        "quiet_until": f"{rules.quiet_hours.end:%H:%M}",
        "switched_off": sorted(kind.value for kind in rules.switched_off),
    }
