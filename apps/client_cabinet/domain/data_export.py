"""A person takes their data away: an archive of everything, or their diary of a period as a PDF."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol, Self
from uuid import UUID

from apps.client_cabinet.domain.events import ExportReady
from apps.kernel.domain.aggregate import Aggregate
from apps.kernel.domain.errors import DomainError, NotFound, gettext_noop
from apps.kernel.domain.ids import NewId

LIFETIME = timedelta(hours=72)
"""How long a ready file can be fetched."""
LONGEST_BUILD = timedelta(hours=24)
"""After so long an export that is not ready has failed, whatever became of its worker."""
LONGEST_PERIOD = timedelta(days=366)
"""Of a diary as PDF: a leap year, both days included."""


class ExportKind(StrEnum):
    ARCHIVE = "archive"
    DIARY_PDF = "diary_pdf"


class ExportStatus(StrEnum):
    REQUESTED = "requested"
    PROCESSING = "processing"
    READY = "ready"
    FAILED = "failed"
    EXPIRED = "expired"


_S = ExportStatus
ALLOWED: dict[ExportStatus, frozenset[ExportStatus]] = {
    _S.REQUESTED: frozenset({_S.PROCESSING, _S.FAILED, _S.EXPIRED}),
    # Again to processing: a worker was killed, and the next one starts anew.
    _S.PROCESSING: frozenset({_S.PROCESSING, _S.READY, _S.FAILED, _S.EXPIRED}),
    _S.READY: frozenset({_S.EXPIRED}),
    _S.FAILED: frozenset(),
    _S.EXPIRED: frozenset(),
}
RUNNING = frozenset({_S.REQUESTED, _S.PROCESSING})


class FailureCode(StrEnum):
    """``unreadable``: a text does not open with the keys at hand; ``took_too_long``: no worker finished it;
    ``defect``: something on our side."""

    UNREADABLE = "unreadable"
    TOOK_TOO_LONG = "took_too_long"
    DEFECT = "defect"


class ExportNotFound(NotFound):
    code = "export_not_found"
    message = gettext_noop("There is no such export.")


class ExportRunning(DomainError):
    code = "export_running"
    message = gettext_noop("Your data is being prepared already. Wait for it, or drop it first.")


class TooManyExports(DomainError):
    """``most`` and ``again_at`` (ISO 8601) are in ``params``."""

    code = "too_many_exports"
    message = gettext_noop("This can be asked for %(most)s times in 24 hours. Please come back later.")
    members = ("most", "again_at")


class WrongExportPeriod(DomainError):
    code = "wrong_export_period"
    message = gettext_noop("Choose a first and a last day in order, at most 366 days in all.")


class ExportNotReady(DomainError):
    code = "export_not_ready"
    message = gettext_noop("The file is not ready.")


class ExportExpired(DomainError):
    code = "export_expired"
    message = gettext_noop("The file is no longer kept. You can ask for a new one.")


class ExportStateConflict(DomainError):
    code = "export_state_conflict"
    message = gettext_noop("The export is past that.")


@dataclass(kw_only=True, eq=False)
class DataExport(Aggregate):
    """``first_day`` and ``last_day``, both included, are of a diary. ``passphrase`` is kept until the file is
    made and wiped then. ``build`` names the attempt whose file counts; ``done`` of ``total`` records are
    written. ``failure`` is a FailureCode or empty. ``size`` is in bytes."""

    id: UUID
    client_id: UUID
    kind: ExportKind
    first_day: date | None
    last_day: date | None
    status: ExportStatus
    passphrase: str
    failure: str
    build: UUID | None
    done: int
    total: int
    size: int
    created_at: datetime
    ready_at: datetime | None
    expires_at: datetime | None

    @classmethod
    def request(
        cls,
        *,
        id: UUID,
        client_id: UUID,
        kind: ExportKind,
        first_day: date | None,
        last_day: date | None,
        passphrase: str,
        now: datetime,
    ) -> Self:
        """Raises WrongExportPeriod."""
        if kind is ExportKind.DIARY_PDF:
            _check_period(first_day, last_day)
        elif first_day is not None or last_day is not None:
            raise WrongExportPeriod(field="first_day")
        return cls(
            id=id,
            client_id=client_id,
            kind=kind,
            first_day=first_day,
            last_day=last_day,
            status=ExportStatus.REQUESTED,
            passphrase=passphrase,
            failure="",
            build=None,
            done=0,
            total=0,
            size=0,
            created_at=now,
            ready_at=None,
            expires_at=None,
        )

    def start(self, *, build: UUID) -> None:
        """Begin to make the file, from nothing. Raises ExportStateConflict."""
        self._go(ExportStatus.PROCESSING)
        self.build, self.done, self.total = build, 0, 0

    def finish(self, *, size: int, now: datetime, new_id: NewId) -> None:
        """The file is whole. Raises ExportStateConflict."""
        self._go(ExportStatus.READY)
        self.done, self.size, self.ready_at = self.total, size, now
        self.expires_at = now + LIFETIME
        self.passphrase = ""
        self.record(
            ExportReady(event_id=new_id(), occurred_at=now, export_id=self.id, client_id=self.client_id)
        )

    def fail(self, code: FailureCode) -> None:
        """Raises ExportStateConflict."""
        self._go(ExportStatus.FAILED)
        self.failure, self.passphrase = code.value, ""

    def expire(self) -> None:
        """The file goes: its time is over, or its owner has dropped it. Raises ExportStateConflict."""
        self._go(ExportStatus.EXPIRED)
        self.passphrase = ""

    def ensure_fetchable(self, now: datetime) -> None:
        """Raises ExportNotReady, ExportExpired."""
        status = self.status_at(now)
        if status is ExportStatus.EXPIRED:
            raise ExportExpired
        if status is not ExportStatus.READY:
            raise ExportNotReady

    def status_at(self, now: datetime) -> ExportStatus:
        """An export is over at its instant, though no worker has written it down yet."""
        over = self.status is ExportStatus.READY and self.expires_at is not None and self.expires_at <= now
        return ExportStatus.EXPIRED if over else self.status

    def is_overdue(self, now: datetime) -> bool:
        """Whether nobody has finished it for too long."""
        return self.status in RUNNING and self.created_at + LONGEST_BUILD <= now

    def _go(self, status: ExportStatus) -> None:
        if status not in ALLOWED[self.status]:
            raise ExportStateConflict
        self.status = status


def _check_period(first_day: date | None, last_day: date | None) -> None:
    if first_day is None or last_day is None:
        raise WrongExportPeriod(field="first_day" if first_day is None else "last_day")
    if not timedelta() <= last_day - first_day < LONGEST_PERIOD:
        raise WrongExportPeriod(field="last_day")


class ExportRepository(Protocol):
    def queue_up(self, client_id: UUID) -> None:
        """Let the requests of one person pass one after another until the end of the transaction."""
        ...

    def asked_since(self, client_id: UUID, since: datetime) -> list[datetime]:
        """When the person asked after ``since``, oldest first, whatever came of it but failures."""
        ...

    def is_running(self, client_id: UUID) -> bool: ...

    def add(self, export: DataExport) -> None: ...

    def get(self, export_id: UUID, *, client_id: UUID | None = None) -> DataExport:
        """Locked until the end of the transaction; of this person where one is named.
        Raises ExportNotFound."""
        ...

    def save(self, export: DataExport) -> None: ...

    def ended(self, now: datetime) -> Iterator[UUID]:
        """Exports whose time is over, and those that nobody finished."""
        ...
