"""What the practice sells: a service is described, changed, published, taken back, archived."""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from apps.booking.application.ports import AuditLog
from apps.booking.domain.service import ServiceStatus
from apps.booking.domain.service_card import ServiceCard
from apps.kernel.application.ports import UnitOfWork
from apps.kernel.domain.actor import Actor
from apps.kernel.domain.clock import Clock
from apps.kernel.domain.errors import StaleVersion

_VERBS = {
    ServiceStatus.DRAFT: "service_returned_to_draft",
    ServiceStatus.PUBLISHED: "service_published",
    ServiceStatus.ARCHIVED: "service_archived",
}


class ServiceCatalogue(Protocol):
    def get(self, service_id: UUID) -> ServiceCard:
        """The card, locked until the transaction ends. Raises ServiceNotFound."""
        ...

    def add(self, card: ServiceCard, *, actor: Actor) -> None:
        """Raises SlugTaken."""
        ...

    def save(self, card: ServiceCard, *, actor: Actor) -> ServiceCard:
        """Write the card and its history; returns it with the next version. Raises SlugTaken."""
        ...


@dataclass(frozen=True)
class AddService:
    unit_of_work: UnitOfWork
    catalogue: ServiceCatalogue
    audit: AuditLog
    clock: Clock

    def __call__(self, *, actor: Actor, card: ServiceCard) -> ServiceCard:
        """A new service. Raises SlugTaken."""
        with self.unit_of_work():
            self.catalogue.add(card, actor=actor)
            self.audit.record(
                actor=actor,
                action="service_created",
                entity="service",
                entity_id=str(card.id),
                at=self.clock.now(),
                changes={"slug": (None, card.slug), "price": (None, str(card.price.amount))},
            )
        return card


@dataclass(frozen=True)
class ChangeService:
    unit_of_work: UnitOfWork
    catalogue: ServiceCatalogue
    audit: AuditLog
    clock: Clock

    def __call__(self, *, actor: Actor, card: ServiceCard, expected_version: int) -> ServiceCard:
        """Save what was entered; appointments booked before keep their snapshot. Without a change nothing is
        written.
        Raises ServiceNotFound, StaleVersion (saved by somebody else meanwhile), SlugFixed, SlugTaken."""
        with self.unit_of_work():
            old = self.catalogue.get(card.id)
            if old.version != expected_version:
                raise StaleVersion
            new = old.revised(card)
            if new == old:
                return old
            saved = self.catalogue.save(new, actor=actor)
            changes = old.rule_changes(new)
            if changes:
                self.audit.record(
                    actor=actor,
                    action="service_changed",
                    entity="service",
                    entity_id=str(card.id),
                    at=self.clock.now(),
                    changes=changes,
                )
        return saved


@dataclass(frozen=True)
class MoveService:
    """Publish, archive, or take back to draft."""

    unit_of_work: UnitOfWork
    catalogue: ServiceCatalogue
    audit: AuditLog
    clock: Clock

    def __call__(self, *, actor: Actor, service_id: UUID, status: ServiceStatus) -> ServiceCard:
        """Raises ServiceNotFound, ServiceTransitionNotAllowed."""
        with self.unit_of_work():
            old = self.catalogue.get(service_id)
            new = self.catalogue.save(old.in_status(status), actor=actor)
            self.audit.record(
                actor=actor,
                action=_VERBS[status],
                entity="service",
                entity_id=str(service_id),
                at=self.clock.now(),
                changes={"status": (old.status.value, status.value)},
            )
        return new
