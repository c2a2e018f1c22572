"""A person has looked at an alert about money."""

from dataclasses import dataclass

from apps.kernel.application.ports import UnitOfWork
from apps.kernel.domain.actor import Actor
from apps.kernel.domain.clock import Clock
from apps.payments.application.ports import AuditLog
from apps.payments.domain.repositories import AlertBook


@dataclass(frozen=True)
class SettleAlert:
    unit_of_work: UnitOfWork
    alerts: AlertBook
    audit: AuditLog
    clock: Clock

    def __call__(self, *, actor: Actor, alert_id: int) -> None:
        """Raises AlertNotFound; settling twice changes nothing more."""
        now = self.clock.now()
        with self.unit_of_work():
            if self.alerts.settle(alert_id, by=actor.user_id, at=now):
                self.audit.record(
                    actor=actor,
                    action="payment_alert_settled",
                    entity="paymentalert",
                    entity_id=str(alert_id),
                    at=now,
                )
