"""Many services out of a file: all of them, or none."""

from collections.abc import Sequence
from dataclasses import dataclass

from apps.booking.application.change_service import AddService, ChangeService
from apps.booking.application.ports import AuditLog
from apps.booking.domain.service_card import ServiceCard
from apps.kernel.application.ports import UnitOfWork
from apps.kernel.domain.actor import Actor
from apps.kernel.domain.clock import Clock
from apps.kernel.domain.errors import DomainError


@dataclass(frozen=True, kw_only=True)
class ImportedService:
    """``expected_version`` is None for a new service."""

    card: ServiceCard
    expected_version: int | None


class ImportRefused(Exception):
    """The service at ``index`` cannot be saved, so nothing has been."""

    def __init__(self, index: int, error: DomainError) -> None:
        super().__init__(str(error))
        self.index = index
        self.error = error


@dataclass(frozen=True)
class ImportServices:
    unit_of_work: UnitOfWork
    add: AddService
    change: ChangeService
    audit: AuditLog
    clock: Clock

    def __call__(self, *, actor: Actor, services: Sequence[ImportedService]) -> None:
        """Raises ImportRefused, with what the adding or changing of one service raised."""
        with self.unit_of_work():
            for index, each in enumerate(services):
                try:
                    if each.expected_version is None:
                        self.add(actor=actor, card=each.card)
                    else:
                        self.change(actor=actor, card=each.card, expected_version=each.expected_version)
                except DomainError as error:
                    raise ImportRefused(index, error) from error
            self.audit.record(
                actor=actor,
                action="data_imported",
                entity="service",
                entity_id="",
                at=self.clock.now(),
                changes={"count": (None, len(services))},
            )
