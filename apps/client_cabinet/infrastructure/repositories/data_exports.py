"""Exports in PostgreSQL."""

from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import Q

from apps.client_cabinet.domain import data_export as domain
from apps.client_cabinet.infrastructure import models


class PostgresExports:
    """ExportRepository (port). That one runs at most is said by the database, too."""

    def queue_up(self, client_id: UUID) -> None:
        digest = sha256(f"client_cabinet.data_export|{client_id}".encode()).digest()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_xact_lock(%s)", [int.from_bytes(digest[:8], "big", signed=True)]
            )

    def asked_since(self, client_id: UUID, since: datetime) -> list[datetime]:
        rows = models.DataExport.objects.filter(client=client_id, created_at__gt=since)
        rows = rows.exclude(status=domain.ExportStatus.FAILED)
        return list(rows.order_by("created_at").values_list("created_at", flat=True))

    def is_running(self, client_id: UUID) -> bool:
        return models.DataExport.objects.filter(client=client_id, status__in=sorted(domain.RUNNING)).exists()

    def add(self, export: domain.DataExport) -> None:
        """Raises ExportRunning."""
        row = models.DataExport()
        apply(export, row)
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError as error:
            if models.ONE_RUNNING in str(error):
                raise domain.ExportRunning from None
            raise

    def get(self, export_id: UUID, *, client_id: UUID | None = None) -> domain.DataExport:
        return to_domain(_locked(export_id, client_id))

    def save(self, export: domain.DataExport) -> None:
        row = _locked(export.id, None)
        apply(export, row)
        row.save()

    def ended(self, now: datetime) -> Iterator[UUID]:
        over = Q(status=domain.ExportStatus.READY, expires_at__lte=now)
        overdue = Q(status__in=sorted(domain.RUNNING), created_at__lte=now - domain.LONGEST_BUILD)
        return models.DataExport.objects.filter(over | overdue).values_list("id", flat=True).iterator()


def to_domain(row: models.DataExport) -> domain.DataExport:
    return domain.DataExport(
        id=row.id,
        client_id=row.client_id,
        kind=domain.ExportKind(row.kind),
        first_day=row.first_day,
        last_day=row.last_day,
        status=domain.ExportStatus(row.status),
        passphrase=row.passphrase,
        failure=row.failure,
        build=row.build,
        done=row.done,
        total=row.total,
        size=row.size,
        created_at=row.created_at,
        ready_at=row.ready_at,
        expires_at=row.expires_at,
    )


def apply(entity: domain.DataExport, row: models.DataExport) -> None:
    row.id = entity.id
    row.client_id = entity.client_id
    row.kind = entity.kind.value
    row.first_day = entity.first_day
    row.last_day = entity.last_day
    row.status = entity.status.value
    row.passphrase = entity.passphrase
    row.failure = entity.failure
    row.build = entity.build
    row.done = entity.done
    row.total = entity.total
    row.size = entity.size
    row.created_at = entity.created_at
    row.ready_at = entity.ready_at
    row.expires_at = entity.expires_at


def _locked(export_id: UUID, client_id: UUID | None) -> models.DataExport:
    rows = models.DataExport.objects.select_for_update(of=("self",)).filter(id=export_id)
    if client_id is not None:
        rows = rows.filter(client=client_id)
    row = rows.first()
    if row is None:
        raise domain.ExportNotFound
    return row
