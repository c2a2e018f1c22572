"""The author opens an entry to the specialist of one appointment, and closes it; the specialist reads it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.client_cabinet.application.ports import AppointmentMissing, Appointments, AuditLog
from apps.client_cabinet.application.views import DiaryEntryView
from apps.client_cabinet.domain.diary import AppointmentNotShareable, DiaryEntry, DiaryEntryNotFound
from apps.client_cabinet.domain.repositories import DiaryRepository
from apps.kernel.application.ports import UnitOfWork
from apps.kernel.domain.actor import Actor
from apps.kernel.domain.clock import Clock
from apps.kernel.domain.readings import READING, ReadingReason, reading

type MayRead = Callable[[Actor, UUID | None], bool]
"""Whether this member of staff is whom entries for a specialist's account (None: they have none) are for."""


@dataclass(frozen=True)
class ShareEntry:
    unit_of_work: UnitOfWork
    diary: DiaryRepository
    appointments: Appointments
    audit: AuditLog
    clock: Clock

    def __call__(self, *, entry_id: UUID, appointment_id: UUID, actor: Actor) -> DiaryEntryView:
        """Raises DiaryEntryNotFound, AppointmentMissing, AppointmentNotShareable."""
        now = self.clock.now()
        with self.unit_of_work():
            entry = _own(self.diary, entry_id, actor)
            found = self.appointments.find(appointment_id, at=now, client_id=entry.author_id)
            if found is None:
                raise AppointmentMissing(field="appointment_id")
            if not found.is_shareable:
                raise AppointmentNotShareable(field="appointment_id")
            before = None if entry.share is None else entry.share.appointment_id
            if entry.share_for(appointment_id, now=now):
                self.diary.save(entry)
                self.audit.record(
                    actor=actor,
                    action="diary_entry_shared",
                    entity="diary_entry",
                    entity_id=str(entry_id),
                    at=now,
                    changes={"appointment_id": (before, appointment_id)},
                )
        return DiaryEntryView.of(entry)


@dataclass(frozen=True)
class UnshareEntry:
    unit_of_work: UnitOfWork
    diary: DiaryRepository
    audit: AuditLog
    clock: Clock

    def __call__(self, *, entry_id: UUID, actor: Actor) -> DiaryEntryView:
        """What is not shared stays so. Raises DiaryEntryNotFound."""
        with self.unit_of_work():
            entry = _own(self.diary, entry_id, actor)
            before = entry.unshare()
            if before is not None:
                self.diary.save(entry)
                self.audit.record(
                    actor=actor,
                    action="diary_entry_unshared",
                    entity="diary_entry",
                    entity_id=str(entry_id),
                    at=self.clock.now(),
                    changes={"appointment_id": (before, None)},
                )
        return DiaryEntryView.of(entry)


@dataclass(frozen=True)
class ReadSharedEntry:
    """The specialist of the appointment reads an entry that is shared for it now; the reading is written to
    the audit log, with its reason, before anything is shown."""

    unit_of_work: UnitOfWork
    diary: DiaryRepository
    appointments: Appointments
    audit: AuditLog
    clock: Clock
    may_read: MayRead

    def __call__(self, *, entry_id: UUID, reason: ReadingReason, actor: Actor) -> DiaryEntryView:
        """Raises DiaryEntryNotFound: for what is not shared, or not with this person."""
        now = self.clock.now()
        with self.unit_of_work():
            author_id = self._author_of_readable(entry_id, actor, now)
            entry = self.diary.get(entry_id, author_id=author_id)
            self.audit.record(
                actor=actor,
                action=READING,
                entity="diary_entry",
                entity_id=str(entry_id),
                at=now,
                changes=reading(reason=reason, client_id=author_id),
            )
        return DiaryEntryView.of(entry)

    def may_open(self, entry_id: UUID, *, actor: Actor) -> bool:
        """Whether the entry would be shown to this person now; it stays sealed."""
        try:
            with self.unit_of_work():
                self._author_of_readable(entry_id, actor, self.clock.now())
        except DiaryEntryNotFound:
            return False
        return True

    def _author_of_readable(self, entry_id: UUID, actor: Actor, now: datetime) -> UUID:
        author_id, share = self.diary.share_of(entry_id)
        found = self.appointments.find(share.appointment_id, at=now, client_id=author_id)
        if found is None or not found.is_shareable or not self.may_read(actor, found.specialist_user_id):
            raise DiaryEntryNotFound
        return author_id


def _own(diary: DiaryRepository, entry_id: UUID, actor: Actor) -> DiaryEntry:
    if actor.user_id is None:
        raise DiaryEntryNotFound
    return diary.get(entry_id, author_id=actor.user_id)
