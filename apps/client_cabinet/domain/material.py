"""A material after a session: the specialist writes it, approves it, and its client reads it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Self
from uuid import UUID

from apps.client_cabinet.domain.events import MaterialShared
from apps.kernel.domain.aggregate import Aggregate
from apps.kernel.domain.errors import DomainError, NotFound, StaleVersion, gettext_noop
from apps.kernel.domain.ids import NewId

TITLE_LONGEST = 150
TEXT_LONGEST = 20_000


class MaterialStatus(StrEnum):
    DRAFT = "draft"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"


_S = MaterialStatus
ALLOWED: dict[MaterialStatus, frozenset[MaterialStatus]] = {
    _S.DRAFT: frozenset({_S.APPROVED}),
    _S.APPROVED: frozenset({_S.WITHDRAWN}),
    _S.WITHDRAWN: frozenset(),
}


class MaterialNotFound(NotFound):
    code = "material_not_found"
    message = gettext_noop("There is no such material.")


class MaterialTransitionNotAllowed(DomainError):
    code = "material_transition_not_allowed"
    message = gettext_noop("This is no longer possible: the state of the material has changed.")


class MaterialTitleNeeded(DomainError):
    code = "material_title_needed"
    message = gettext_noop("Give the material a title of at most %(limit)d characters.")


class MaterialTextNeeded(DomainError):
    code = "material_text_needed"
    message = gettext_noop("Write the text of the material, at most %(limit)d characters.")


class NotThatClientsAppointment(DomainError):
    code = "not_that_clients_appointment"
    message = gettext_noop("This appointment is another client's.")


@dataclass(kw_only=True, eq=False)
class Material(Aggregate):
    """``title`` and ``text`` (markdown) are P2. ``first_read_at`` is when the client opened it first."""

    id: UUID
    client_id: UUID
    appointment_id: UUID | None
    title: str
    text: str
    status: MaterialStatus
    written_by: UUID | None
    created_at: datetime
    updated_at: datetime
    approved_by: UUID | None
    approved_at: datetime | None
    withdrawn_at: datetime | None
    first_read_at: datetime | None
    version: int

    @classmethod
    def draft(
        cls,
        *,
        id: UUID,
        client_id: UUID,
        appointment_id: UUID | None,
        title: str,
        text: str,
        written_by: UUID | None,
        now: datetime,
    ) -> Self:
        """Raises MaterialTitleNeeded, MaterialTextNeeded."""
        return cls(
            id=id,
            client_id=client_id,
            appointment_id=appointment_id,
            title=_title(title),
            text=_text(text),
            status=_S.DRAFT,
            written_by=written_by,
            created_at=now,
            updated_at=now,
            approved_by=None,
            approved_at=None,
            withdrawn_at=None,
            first_read_at=None,
            version=1,
        )

    def edit(self, *, title: str, text: str, now: datetime) -> None:
        """Only a draft. Raises MaterialTransitionNotAllowed, MaterialTitleNeeded, MaterialTextNeeded."""
        self._ensure(_S.DRAFT)
        self.title, self.text = _title(title), _text(text)
        self._changed(now)

    def approve(self, *, by: UUID, new_id: NewId, now: datetime) -> None:
        """Let the client read it. Raises MaterialTransitionNotAllowed."""
        self._move(_S.APPROVED)
        self.approved_by, self.approved_at = by, now
        self._changed(now)
        self.record(
            MaterialShared(event_id=new_id(), occurred_at=now, material_id=self.id, client_id=self.client_id)
        )

    def withdraw(self, *, now: datetime) -> None:
        """Take it back: the client no longer sees it. Raises MaterialTransitionNotAllowed."""
        self._move(_S.WITHDRAWN)
        self.withdrawn_at = now
        self._changed(now)

    def ensure_discardable(self) -> None:
        """What the client has never seen may go without a trace. Raises MaterialTransitionNotAllowed."""
        self._ensure(_S.DRAFT)

    def ensure_version(self, expected: int | None) -> None:
        """Raises StaleVersion where somebody has changed it since it was shown."""
        if expected not in (None, self.version):
            raise StaleVersion

    def _move(self, target: MaterialStatus) -> None:
        if target not in ALLOWED[self.status]:
            raise MaterialTransitionNotAllowed(status=self.status.value)
        self.status = target

    def _ensure(self, status: MaterialStatus) -> None:
        if self.status is not status:
            raise MaterialTransitionNotAllowed(status=self.status.value)

    def _changed(self, now: datetime) -> None:
        self.updated_at = now
        self.version += 1


def _title(title: str) -> str:
    title = " ".join(title.split())
    if not title or len(title) > TITLE_LONGEST:
        raise MaterialTitleNeeded(field="title", limit=TITLE_LONGEST)
    return title


def _text(text: str) -> str:
    text = text.strip()
    if not text or len(text) > TEXT_LONGEST:
        raise MaterialTextNeeded(field="text", limit=TEXT_LONGEST)
    return text
