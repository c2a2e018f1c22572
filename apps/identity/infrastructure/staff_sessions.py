"""Sessions of the workspace, as their owner sees and ends them."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings

from apps.identity.infrastructure.models import StaffSession


class DjangoStaffSessions:
    """StaffSessions (port) over the table behind Django's sessions."""

    def end(self, *, user_id: UUID, key_hash: str) -> bool:
        count, _ = StaffSession.objects.filter(user_id=user_id, key_hash=key_hash).delete()
        return count > 0

    def end_all(self, *, user_id: UUID, but: str | None = None) -> int:
        sessions = StaffSession.objects.filter(user_id=user_id)
        count, _ = sessions.exclude(key_hash=but).delete() if but else sessions.delete()
        return count


def sessions_of(user_id: UUID, *, at: datetime) -> list[StaffSession]:
    """The person's sessions that still open the workspace, the latest seen first."""
    idle = at - timedelta(minutes=settings.STAFF_IDLE_MINUTES)
    rows = StaffSession.objects.filter(user_id=user_id, expires_at__gt=at, seen_at__gt=idle)
    return list(rows.defer("contents").order_by("-seen_at"))
