"""The erasure itself: everything in the caller's transaction, so that it is whole or nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.client_cabinet.application.erasure_ports import AuditLog, Diaries, OperatorParticulars, People
from apps.client_cabinet.domain.erasure import (
    Acts,
    Destroyed,
    DestructionAct,
    ErasureObstructed,
    NothingToErase,
    OnlyClientsAreErased,
    PersonAlreadyErased,
    Reason,
    Scope,
    StillKept,
    Tombstone,
    Tombstones,
)
from apps.client_cabinet.domain.events import PersonalDataErased
from apps.kernel.application.personal_data import PersonalData
from apps.kernel.application.ports import EventBus, PersonKeys
from apps.kernel.domain.actor import SYSTEM, Actor
from apps.kernel.domain.errors import NotFound
from apps.kernel.domain.ids import NewId


@dataclass(frozen=True)
class Erase:
    """Destroys the rows and the person's key, and leaves the act, the tombstone and the record of it.

    The account stays locked from the first step: what wants to refer to it at the same moment (a booking)
    waits, and is either seen here as an obstacle or refused by the database afterwards.
    """

    people: People
    diaries: Diaries
    sections: Callable[[], list[PersonalData]]
    keys: PersonKeys
    acts: Acts
    tombstones: Tombstones
    audit: AuditLog
    events: EventBus
    operator: OperatorParticulars
    new_id: NewId

    def __call__(
        self,
        *,
        person_id: UUID,
        scope: Scope,
        entry_id: UUID | None,
        reason: Reason,
        request_id: UUID | None,
        actor: Actor,
        at: datetime,
    ) -> DestructionAct:
        """Raises NotFound, OnlyClientsAreErased, PersonAlreadyErased, ErasureObstructed, NothingToErase."""
        standing = self.people.lock(person_id)
        if standing is None:
            raise NotFound
        if not standing.is_client:
            raise OnlyClientsAreErased
        if standing.is_erased:
            raise PersonAlreadyErased
        if scope is Scope.ACCOUNT:
            codes = [each.code for section in self.sections() for each in section.obstacles(person_id, at)]
            if codes:
                raise ErasureObstructed(obstacles=codes)
            kept = self._kept(person_id)
            self.people.withdraw_consents(person_id, actor=actor, ground=reason.value, at=at)
            destroyed = self._account(person_id, at)
            key_destroyed = self.keys.destroy(person_id, at=at)
        else:
            kept, key_destroyed = (), False
            destroyed = self._diary(person_id, entry_id, at)
            if entry_id is not None and not destroyed:
                raise NothingToErase
        tombstone = Tombstone(
            id=self.new_id(), person_id=person_id, scope=scope, entry_id=entry_id, erased_at=at
        )
        self.tombstones.add(tombstone)
        return self._prove(tombstone, reason, request_id, actor, at, destroyed, kept, key_destroyed)

    def again(self, tombstone: Tombstone, *, at: datetime) -> DestructionAct:
        """Erase once more what a restored backup has brought back; nothing stands against it, and somebody
        whom the backup has never known is no error."""
        person_id, key_destroyed = tombstone.person_id, False
        kept: tuple[StillKept, ...] = ()
        standing = self.people.lock(person_id)
        if tombstone.scope is Scope.ACCOUNT:
            kept = self._kept(person_id)
            if standing is not None and not standing.is_erased:
                self.people.withdraw_consents(person_id, actor=SYSTEM, ground=Reason.REPLAY.value, at=at)
            destroyed = self._account(person_id, at) if standing is not None else ()
            key_destroyed = self.keys.destroy(person_id, at=at)
        else:
            destroyed = self._diary(person_id, tombstone.entry_id, tombstone.erased_at)
        self.tombstones.add(tombstone)
        return self._prove(tombstone, Reason.REPLAY, None, SYSTEM, at, destroyed, kept, key_destroyed)

    def _account(self, person_id: UUID, at: datetime) -> tuple[Destroyed, ...]:
        """Section by section, those that build on others first."""
        done = [(each.section, each.erase(person_id, at)) for each in reversed(self.sections())]
        return tuple(
            Destroyed(section=section, rows=dict(rows)) for section, rows in done if any(rows.values())
        )

    def _diary(self, person_id: UUID, entry_id: UUID | None, until: datetime) -> tuple[Destroyed, ...]:
        if entry_id is not None:
            rows = self.diaries.erase_entry(person_id, entry_id)
        else:
            rows = self.diaries.erase_all(person_id, written_until=until)
        return (Destroyed(section="diary", rows=dict(rows)),) if any(rows.values()) else ()

    def _kept(self, person_id: UUID) -> tuple[StillKept, ...]:
        return tuple(
            StillKept(what=kept.what, ground=kept.ground, years=kept.years, count=kept.count)
            for section in self.sections()
            for kept in section.kept(person_id)
            if kept.count
        )

    def _prove(
        self,
        tombstone: Tombstone,
        reason: Reason,
        request_id: UUID | None,
        actor: Actor,
        at: datetime,
        destroyed: tuple[Destroyed, ...],
        kept: tuple[StillKept, ...],
        key_destroyed: bool,
    ) -> DestructionAct:
        act = self.acts.add(
            DestructionAct(
                number=None,
                person_id=tombstone.person_id,
                scope=tombstone.scope,
                entry_id=tombstone.entry_id,
                reason=reason,
                request_id=request_id,
                actor_id=actor.user_id,
                actor_role=actor.role,
                destroyed=destroyed,
                kept=kept,
                key_destroyed=key_destroyed,
                operator=self.operator(),
                at=at,
            )
        )
        self.audit.record(
            actor=actor,
            action="personal_data_erased",
            entity="destructionact",
            entity_id=str(act.number),
            at=at,
            changes={
                "scope": (None, tombstone.scope.value),
                "person_id": (None, str(tombstone.person_id)),
                "count": (None, sum(each.count for each in destroyed)),
            },
        )
        self.events.publish(
            [
                PersonalDataErased(
                    event_id=self.new_id(),
                    occurred_at=at,
                    person_id=tombstone.person_id,
                    scope=tombstone.scope.value,
                )
            ]
        )
        return act
