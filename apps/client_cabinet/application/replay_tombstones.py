"""After a restore: erase again what was erased after the backup was made; and keep the tombstones outside."""

from dataclasses import dataclass
from uuid import UUID

from apps.client_cabinet.application.erase import Erase
from apps.client_cabinet.application.erasure_ports import Revival, TombstoneFile
from apps.client_cabinet.domain.erasure import DestructionAct, Tombstone, Tombstones
from apps.kernel.application.ports import UnitOfWork
from apps.kernel.domain.clock import Clock


@dataclass(frozen=True)
class UnansweredTombstones:
    """The application must not open while there are any."""

    file: TombstoneFile
    revival: Revival

    def __call__(self) -> list[Tombstone]:
        """The tombstones of the file that the database gives the lie to. Where the file holds none, the
        database is not asked. Raises TombstonesUnreadable."""
        known = self.file.read()
        return self.revival.unanswered(known) if known else []


@dataclass(frozen=True)
class ReplayTombstones:
    unanswered: UnansweredTombstones
    erase: Erase
    unit_of_work: UnitOfWork
    clock: Clock

    def __call__(self) -> list[DestructionAct]:
        """Erase again, one transaction each; broken off, it goes on where it stopped."""
        acts = []
        for tombstone in self.unanswered():
            with self.unit_of_work():
                acts.append(self.erase.again(tombstone, at=self.clock.now()))
        return acts


@dataclass(frozen=True)
class PublishTombstones:
    file: TombstoneFile
    tombstones: Tombstones

    def __call__(self, *, person_id: UUID | None = None) -> int:
        """Append what the file does not have yet, of one person or of all; returns how many.
        Raises TemporaryFailure when the file cannot be written."""
        return self.file.append(self.tombstones.all(person_id=person_id))
