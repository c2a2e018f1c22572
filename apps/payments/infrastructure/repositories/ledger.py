"""The ledger in PostgreSQL: append-only, each movement once."""

from hashlib import blake2b
from typing import Any
from uuid import UUID

from django.db import connection

from apps.payments.domain.ledger import LedgerEntry
from apps.payments.infrastructure import models
from apps.payments.infrastructure.mappers import apply_entry, to_entry

_ENTER = f"""
INSERT INTO {models.LedgerEntry._meta.db_table}
    (appointment_id, kind, source_id, amount_minor, currency, at)
VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (kind, source_id) DO NOTHING
"""  # noqa: S608 - only a name of our own goes into it


class PostgresLedger:
    def enter(self, entry: LedgerEntry) -> bool:
        row = models.LedgerEntry()
        apply_entry(entry, row)
        values: list[Any] = [
            row.appointment_id,
            row.kind,
            row.source_id,
            row.amount_minor,
            row.currency,
            row.at,
        ]
        with connection.cursor() as cursor:
            cursor.execute(_ENTER, values)
            return bool(cursor.rowcount)

    def of_appointment(self, appointment_id: UUID) -> list[LedgerEntry]:
        key = int.from_bytes(
            blake2b(f"ledger/{appointment_id}".encode(), digest_size=8).digest(), signed=True
        )
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])
        rows = models.LedgerEntry.objects.filter(appointment_id=appointment_id)
        return [to_entry(row) for row in rows]
