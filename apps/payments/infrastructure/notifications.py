"""Notifications in PostgreSQL."""

from datetime import datetime

from apps.payments.application.heed_notification import StoredNotification, Subject
from apps.payments.infrastructure.models import PaymentNotification


class PostgresNotifications:
    def get(self, notification_id: int) -> StoredNotification | None:
        row = PaymentNotification.objects.filter(id=notification_id).first()
        if row is None:
            return None
        subject = row.event.partition(".")[0]
        return StoredNotification(
            id=row.pk,
            subject=Subject(subject) if subject in set(Subject) else Subject.OTHER,
            object_id=row.object_id,
            heeded=row.heeded_at is not None,
        )

    def waiting_about(self, object_id: str) -> list[int]:
        rows = PaymentNotification.objects.filter(object_id=object_id, heeded_at__isnull=True)
        return list(rows.order_by("id").values_list("id", flat=True))

    def heed(self, notification_ids: list[int], *, at: datetime) -> None:
        PaymentNotification.objects.filter(id__in=notification_ids).update(heeded_at=at)
