"""Sessions of API clients: 256-bit tokens of which only the SHA-256 is kept."""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from apps.identity.domain.user import Status
from apps.identity.infrastructure.models import ApiSession

LIFETIME = timedelta(days=30)
SEEN_STEP = timedelta(hours=1)
"""How coarse ``last_seen_at`` is: a call writes it at most this often."""


class DjangoSessions:
    """Sessions (port) over the table of API sessions."""

    def open(self, *, user_id: UUID, at: datetime) -> tuple[str, datetime]:
        token = secrets.token_urlsafe(32)
        session = ApiSession.objects.create(
            token_hash=hash_of(token),
            user_id=user_id,
            created_at=at,
            expires_at=at + LIFETIME,
            last_seen_at=at,
        )
        return token, session.expires_at

    def close(self, *, session_id: UUID) -> None:
        ApiSession.objects.filter(pk=session_id).delete()

    def close_all(self, *, user_id: UUID) -> None:
        ApiSession.objects.filter(user=user_id).delete()


def hash_of(token: str) -> str:
    return sha256(token.encode("utf-8", "replace")).hexdigest()


def find_session(*, token: str, at: datetime) -> ApiSession | None:
    """The live session of ``token`` with its active user: one SELECT, and once an hour one UPDATE."""
    session = (
        ApiSession.objects.select_related("user")
        .filter(token_hash=hash_of(token), expires_at__gt=at, user__status=Status.ACTIVE.value)
        .first()
    )
    if session is not None and at - session.last_seen_at >= SEEN_STEP:
        ApiSession.objects.filter(pk=session.pk).update(last_seen_at=at)
    return session


def purge(*, at: datetime) -> None:
    """Drop the sessions that ended before ``at``."""
    ApiSession.objects.filter(expires_at__lte=at).delete()
