"""The author writes, corrects and throws away entries. Writing rests on a consent, throwing away does not."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.client_cabinet.application.ports import HEALTH_DATA, AuditLog, ConsentRequired, Consents
from apps.client_cabinet.application.views import DiaryEntryView
from apps.client_cabinet.domain.diary import DiaryEntry, DiaryEntryNotFound
from apps.client_cabinet.domain.diary_content import DiaryType
from apps.client_cabinet.domain.repositories import DiaryRepository
from apps.kernel.application.ports import UnitOfWork
from apps.kernel.domain.actor import Actor
from apps.kernel.domain.clock import Clock
from apps.kernel.domain.errors import DomainError, gettext_noop
from apps.kernel.domain.ids import NewId


class DiaryTypeFixed(DomainError):
    code = "diary_type_fixed"
    message = gettext_noop("The kind of an entry stays as it is: write another one instead.")


@dataclass(frozen=True)
class DiaryConsent:
    """A diary tells of health (152-FZ, art. 10): without a consent to that nothing may be added to it."""

    consents: Consents

    def ensure(self, *, author_id: UUID, at: datetime) -> None:
        """Raises ConsentRequired."""
        if not self.consents.is_active(client_id=author_id, purpose=HEALTH_DATA, at=at):
            raise ConsentRequired(self.consents.in_force(purpose=HEALTH_DATA, at=at))


@dataclass(frozen=True)
class WriteEntry:
    unit_of_work: UnitOfWork
    diary: DiaryRepository
    consent: DiaryConsent
    clock: Clock
    new_id: NewId

    def __call__(
        self,
        *,
        author_id: UUID,
        type: DiaryType,
        happened_at: datetime | None,
        time_zone: str,
        payload: object,
    ) -> DiaryEntryView:
        """``happened_at`` is now where it is not told. Raises ConsentRequired, EntryInFuture,
        WrongDiaryContent."""
        now = self.clock.now()
        with self.unit_of_work():
            self.consent.ensure(author_id=author_id, at=now)
            entry = DiaryEntry.write(
                id=self.new_id(),
                author_id=author_id,
                type=type,
                happened_at=happened_at or now,
                time_zone=time_zone,
                payload=payload,
                now=now,
            )
            self.diary.add(entry)
        return DiaryEntryView.of(entry)


@dataclass(frozen=True)
class CorrectEntry:
    unit_of_work: UnitOfWork
    diary: DiaryRepository
    consent: DiaryConsent
    clock: Clock

    def __call__(
        self,
        *,
        entry_id: UUID,
        author_id: UUID,
        type: DiaryType,
        happened_at: datetime | None,
        time_zone: str | None,
        payload: object,
        expected_version: int,
    ) -> DiaryEntryView:
        """The moment and the zone stay as they are where they are not told. Raises DiaryEntryNotFound,
        ConsentRequired, DiaryTypeFixed, StaleVersion, EntryInFuture, WrongDiaryContent."""
        now = self.clock.now()
        with self.unit_of_work():
            entry = self.diary.get(entry_id, author_id=author_id)
            self.consent.ensure(author_id=author_id, at=now)
            if type is not entry.type:
                raise DiaryTypeFixed(field="type")
            entry.correct(
                happened_at=happened_at or entry.happened_at,
                time_zone=time_zone or entry.time_zone,
                payload=payload,
                expected_version=expected_version,
                now=now,
            )
            self.diary.save(entry)
        return DiaryEntryView.of(entry)


@dataclass(frozen=True)
class RemoveEntry:
    """Destroys the row. That an entry was thrown away is written down, and nothing of what it said."""

    unit_of_work: UnitOfWork
    diary: DiaryRepository
    audit: AuditLog
    clock: Clock

    def __call__(self, *, entry_id: UUID, actor: Actor) -> None:
        """Raises DiaryEntryNotFound, for somebody else's too."""
        with self.unit_of_work():
            if actor.user_id is None or not self.diary.remove(entry_id, author_id=actor.user_id):
                raise DiaryEntryNotFound
            self.audit.record(
                actor=actor,
                action="diary_entry_removed",
                entity="diary_entry",
                entity_id=str(entry_id),
                at=self.clock.now(),
            )
