"""A person's own exports."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet

from apps.client_cabinet.domain.data_export import (
    DataExport as Export,
)
from apps.client_cabinet.domain.data_export import (
    ExportKind,
    ExportNotFound,
    ExportStatus,
)
from apps.client_cabinet.infrastructure.models import DataExport


@dataclass(frozen=True, kw_only=True)
class ExportView:
    """An export as its owner sees it when it is read. ``done`` of ``total`` are records."""

    id: UUID
    kind: ExportKind
    first_day: date | None
    last_day: date | None
    status: ExportStatus
    failure: str
    done: int
    total: int
    size: int
    created_at: datetime
    ready_at: datetime | None
    expires_at: datetime | None


def own_exports(client_id: UUID) -> QuerySet[DataExport, DataExport]:
    """For a paginator; :func:`seen` makes the owner's view of a row."""
    return DataExport.objects.filter(client=client_id).defer("passphrase")


def own_export(*, client_id: UUID, export_id: UUID, now: datetime) -> ExportView:
    """One statement. Raises ExportNotFound, for somebody else's too."""
    row = own_exports(client_id).filter(id=export_id).first()
    if row is None:
        raise ExportNotFound
    return seen(row, now=now)


def seen(row: DataExport | Export, *, now: datetime) -> ExportView:
    """The export at ``now``: one whose time is over is expired, though no worker has written it down."""
    over = row.status == ExportStatus.READY and row.expires_at is not None and row.expires_at <= now
    return ExportView(
        id=row.id,
        kind=ExportKind(row.kind),
        first_day=row.first_day,
        last_day=row.last_day,
        status=ExportStatus.EXPIRED if over else ExportStatus(row.status),
        failure=row.failure,
        done=row.done,
        total=row.total,
        size=row.size,
        created_at=row.created_at,
        ready_at=row.ready_at,
        expires_at=row.expires_at,
    )
