"""Tasks about appointments in PostgreSQL."""

from datetime import datetime
from uuid import UUID, uuid4

from apps.booking.domain.follow_up import FollowUpReason
from apps.booking.domain.lifecycle import ACTIVE
from apps.booking.infrastructure.models import Appointment, FollowUp
from apps.kernel.domain.actor import Actor


class PostgresFollowUps:
    def open(self, *, client_id: UUID, reason: FollowUpReason, withdrawal_id: UUID, at: datetime) -> int:
        ahead = Appointment.objects.filter(client=client_id, status__in=sorted(ACTIVE), start__gt=at)
        rows = [
            FollowUp(id=uuid4(), appointment_id=id_, reason=reason, withdrawal_id=withdrawal_id, opened_at=at)
            for id_ in ahead.values_list("pk", flat=True)
        ]
        # Two workers may hear the same event: the constraints decide, and neither fails.
        FollowUp.objects.bulk_create(rows, ignore_conflicts=True)
        return FollowUp.objects.filter(pk__in=[row.pk for row in rows]).count()

    def settle(self, *, appointment_id: UUID, by: Actor, at: datetime) -> int:
        rows = FollowUp.objects.filter(appointment_id=appointment_id, settled_at__isnull=True)
        return rows.update(settled_at=at, settled_by_id=by.user_id)
