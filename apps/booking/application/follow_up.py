"""A withdrawn consent leaves the specialist a task for each open appointment of the client."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.booking.application.ports import AuditLog
from apps.booking.domain.follow_up import NothingToFollowUp, reason_of
from apps.booking.domain.repositories import FollowUpRepository
from apps.kernel.application.ports import UnitOfWork
from apps.kernel.domain.actor import Actor
from apps.kernel.domain.clock import Clock


@dataclass(frozen=True)
class OpenFollowUps:
    unit_of_work: UnitOfWork
    follow_ups: FollowUpRepository

    def __call__(self, *, withdrawal_id: UUID, client_id: UUID, purpose: str, at: datetime) -> int:
        """Open a task for each appointment that is open at ``at``, the instant of the withdrawal; return how
        many are new. Hearing of the same withdrawal again changes nothing, even after the tasks are done."""
        reason = reason_of(purpose)
        if reason is None:
            return 0
        with self.unit_of_work():
            return self.follow_ups.open(
                client_id=client_id, reason=reason, withdrawal_id=withdrawal_id, at=at
            )


@dataclass(frozen=True)
class SettleFollowUp:
    unit_of_work: UnitOfWork
    follow_ups: FollowUpRepository
    audit: AuditLog
    clock: Clock

    def __call__(self, *, appointment_id: UUID, actor: Actor) -> None:
        """Staff have seen to all that was open about the appointment. Raises NothingToFollowUp."""
        now = self.clock.now()
        with self.unit_of_work():
            if not self.follow_ups.settle(appointment_id=appointment_id, by=actor, at=now):
                raise NothingToFollowUp
            self.audit.record(
                actor=actor,
                action="follow_up_settled",
                entity="appointment",
                entity_id=str(appointment_id),
                at=now,
            )
