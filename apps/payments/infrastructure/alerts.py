"""Alerts in PostgreSQL: one open row about a thing, counted up."""

import json
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import connection

from apps.payments.domain.alert import AlertKind, AlertNotFound
from apps.payments.infrastructure import models

_NOTE = f"""
INSERT INTO {models.PaymentAlert._meta.db_table} AS alert
    (kind, reference, payment_id, details, times, first_at, last_at)
VALUES (%s, %s, %s, %s, 1, %s, %s)
ON CONFLICT (kind, reference) WHERE settled_at IS NULL DO UPDATE SET
    times = alert.times + 1, last_at = greatest(alert.last_at, EXCLUDED.last_at), details = EXCLUDED.details
"""  # noqa: S608 - only a name of our own goes into it


class PostgresAlerts:
    def note(
        self,
        *,
        kind: AlertKind,
        reference: str,
        at: datetime,
        payment_id: UUID | None = None,
        details: Mapping[str, object] | None = None,
    ) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                _NOTE,
                [kind.value, reference[:64], payment_id, json.dumps(details or {}, default=str), at, at],
            )

    def settle(self, alert_id: int, *, by: UUID | None, at: datetime) -> bool:
        rows = models.PaymentAlert.objects.filter(id=alert_id)
        if rows.filter(settled_at__isnull=True).update(settled_at=at, settled_by_id=by):
            return True
        if not rows.exists():
            raise AlertNotFound
        return False
