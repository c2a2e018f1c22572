"""Notifications in PostgreSQL."""

from datetime import datetime

from apps.payments.application.heed_notification import StoredNotification, Subject
from apps.payments.infrastructure.models import PaymentNotification


class PostgresNotifications:
    def get(self, notification_id: int) -> StoredNotification | None:
        row = PaymentNotification.objects.filter(id=notification_id).first()
        return None if row is None else _stored(row)

    def waiting_about(self, object_id: str) -> list[StoredNotification]:
        rows = PaymentNotification.objects.filter(object_id=object_id, heeded_at__isnull=True)
        return [_stored(row) for row in rows.order_by("id")]

    def heed(self, notification_ids: list[int], *, at: datetime) -> None:
        PaymentNotification.objects.filter(id__in=notification_ids).update(heeded_at=at)


def _stored(row: PaymentNotification) -> StoredNotification:
    subject, _, news = row.event.partition(".")
    return StoredNotification(
        id=row.pk,
        subject=Subject(subject) if subject in set(Subject) else Subject.OTHER,
        news=news,
        object_id=row.object_id,
        claims=row.claims,
        heeded=row.heeded_at is not None,
    )
