"""Materials after a session: the specialist writes, approves and withdraws; the client reads."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.client_cabinet.application.ports import Appointments, AuditLog
from apps.client_cabinet.application.share_entry import MayRead
from apps.client_cabinet.application.views import MaterialText
from apps.client_cabinet.domain.material import (
    Material,
    MaterialNotFound,
    MaterialStatus,
    NotThatClientsAppointment,
)
from apps.client_cabinet.domain.repositories import MaterialRepository
from apps.kernel.application.ports import EventBus, UnitOfWork
from apps.kernel.domain.actor import Actor
from apps.kernel.domain.clock import Clock
from apps.kernel.domain.ids import NewId
from apps.kernel.domain.readings import READING, ReadingReason, reading

OWNER = "owner"


@dataclass(frozen=True)
class MaterialDesk:
    """What every command about materials needs. ``is_for`` tells whether a member of staff is the specialist
    of an appointment."""

    unit_of_work: UnitOfWork
    materials: MaterialRepository
    appointments: Appointments
    events: EventBus
    audit: AuditLog
    clock: Clock
    new_id: NewId
    is_for: MayRead

    def get(self, material_id: UUID, *, actor: Actor, expected_version: int | None, at: datetime) -> Material:
        """Inside a unit of work. Raises MaterialNotFound (for what is none of theirs, too), StaleVersion."""
        material = self.materials.get(material_id)
        if not self.is_theirs(material.appointment_id, actor, at=at):
            raise MaterialNotFound
        material.ensure_version(expected_version)
        return material

    def is_theirs(self, appointment_id: UUID | None, actor: Actor, *, at: datetime) -> bool:
        """The owner works on all materials, others on those of sessions that are theirs as the specialist."""
        if actor.role == OWNER:
            return True
        found = None if appointment_id is None else self.appointments.find(appointment_id, at=at)
        return found is not None and self.is_for(actor, found.specialist_user_id)

    def note(
        self,
        material: Material,
        action: str,
        actor: Actor,
        at: datetime,
        changes: Mapping[str, tuple[object, object]] | None = None,
    ) -> None:
        self.audit.record(
            actor=actor,
            action=action,
            entity="material",
            entity_id=str(material.id),
            at=at,
            changes=changes,
        )


@dataclass(frozen=True)
class DraftMaterial(MaterialDesk):
    def __call__(
        self, *, client_id: UUID, appointment_id: UUID | None, title: str, text: str, actor: Actor
    ) -> UUID:
        """The id of a new draft. Raises NotThatClientsAppointment, MaterialTitleNeeded, MaterialTextNeeded,
        MaterialNotFound where the session is another specialist's."""
        now = self.clock.now()
        with self.unit_of_work():
            if appointment_id is not None and (
                self.appointments.find(appointment_id, at=now, client_id=client_id) is None
            ):
                raise NotThatClientsAppointment
            if not self.is_theirs(appointment_id, actor, at=now):
                raise MaterialNotFound
            material = Material.draft(
                id=self.new_id(),
                client_id=client_id,
                appointment_id=appointment_id,
                title=title,
                text=text,
                written_by=actor.user_id,
                now=now,
            )
            self.materials.add(material)
            self.note(material, "material_drafted", actor, now)
        return material.id


@dataclass(frozen=True)
class EditMaterial(MaterialDesk):
    def __call__(
        self, *, material_id: UUID, title: str, text: str, expected_version: int | None, actor: Actor
    ) -> None:
        """Raises MaterialNotFound, StaleVersion, MaterialTransitionNotAllowed, MaterialTitleNeeded,
        MaterialTextNeeded."""
        now = self.clock.now()
        with self.unit_of_work():
            material = self.get(material_id, actor=actor, expected_version=expected_version, at=now)
            material.edit(title=title, text=text, now=now)
            self.materials.save(material)
            self.note(material, "material_changed", actor, now)


@dataclass(frozen=True)
class ApproveMaterial(MaterialDesk):
    def __call__(self, *, material_id: UUID, expected_version: int | None, actor: Actor) -> None:
        """Raises MaterialNotFound, StaleVersion, MaterialTransitionNotAllowed."""
        now = self.clock.now()
        with self.unit_of_work():
            material = self.get(material_id, actor=actor, expected_version=expected_version, at=now)
            if actor.user_id is None:  # a program may draft, a person approves
                raise MaterialNotFound
            material.approve(by=actor.user_id, new_id=self.new_id, now=now)
            self.materials.save(material)
            self.note(material, "material_shared", actor, now)
            self.events.publish(material.pull_events())


@dataclass(frozen=True)
class WithdrawMaterial(MaterialDesk):
    def __call__(self, *, material_id: UUID, expected_version: int | None, actor: Actor) -> None:
        """Raises MaterialNotFound, StaleVersion, MaterialTransitionNotAllowed."""
        now = self.clock.now()
        with self.unit_of_work():
            material = self.get(material_id, actor=actor, expected_version=expected_version, at=now)
            material.withdraw(now=now)
            self.materials.save(material)
            self.note(material, "material_withdrawn", actor, now)


@dataclass(frozen=True)
class DiscardMaterial(MaterialDesk):
    def __call__(self, *, material_id: UUID, expected_version: int | None, actor: Actor) -> None:
        """Destroy a draft. Raises MaterialNotFound, StaleVersion, MaterialTransitionNotAllowed."""
        now = self.clock.now()
        with self.unit_of_work():
            material = self.get(material_id, actor=actor, expected_version=expected_version, at=now)
            material.ensure_discardable()
            self.materials.remove(material_id)
            self.note(material, "material_discarded", actor, now)


@dataclass(frozen=True)
class OpenMaterial(MaterialDesk):
    """Staff read the text: written to the audit log, with the reason, before anything is shown."""

    def __call__(self, *, material_id: UUID, reason: ReadingReason, actor: Actor) -> MaterialText:
        """Raises MaterialNotFound."""
        now = self.clock.now()
        with self.unit_of_work():
            material = self.get(material_id, actor=actor, expected_version=None, at=now)
            why = reading(reason=reason, client_id=material.client_id)
            self.note(material, READING, actor, now, why)
        return MaterialText.of(material)


@dataclass(frozen=True)
class ReadMaterial:
    """The client opens a material; the first time is kept, so that the specialist knows it has arrived."""

    unit_of_work: UnitOfWork
    materials: MaterialRepository
    clock: Clock

    def __call__(self, *, material_id: UUID, client_id: UUID) -> MaterialText:
        """Raises MaterialNotFound: for somebody else's, a draft and a withdrawn one, too."""
        with self.unit_of_work():
            material = self.materials.get(material_id)
            if material.client_id != client_id or material.status is not MaterialStatus.APPROVED:
                raise MaterialNotFound
            if material.first_read_at is None:
                material.first_read_at = self.clock.now()
                self.materials.save(material)
        return MaterialText.of(material)
