"""Sessions of API clients: 256-bit tokens of which only the SHA-256 is kept. Those of the workspace end here
too, see ``staff_sessions``."""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from django.db import connection, models

from apps.identity.domain.user import Status
from apps.identity.infrastructure.models import ApiSession, StaffSession, User
from apps.kernel.infrastructure.fields import as_loaded


def _columns(model: type[models.Model], alias: str) -> str:
    return ", ".join(f'{alias}."{field.column}"' for field in model._meta.concrete_fields)


# Written out, because every call of a client begins with it: the ORM needs longer to compose such a statement
# than PostgreSQL to answer it.
_SESSION_FIELDS = [field.attname for field in ApiSession._meta.concrete_fields]
_USER_FIELDS = [field.attname for field in User._meta.concrete_fields]
_LIVE_SESSION = f"""
SELECT {_columns(ApiSession, "session")}, {_columns(User, "person")}
FROM {ApiSession._meta.db_table} AS session
JOIN {User._meta.db_table} AS person ON person.id = session.user_id
WHERE session.token_hash = %s AND session.expires_at > %s AND person.status = '{Status.ACTIVE}'
"""  # noqa: S608  # only names of our own go into it

LIFETIME = timedelta(days=30)
SEEN_STEP = timedelta(hours=1)
"""How coarse ``last_seen_at`` is: a call writes it at most this often."""


class DjangoSessions:
    """Sessions (port) over the table of API sessions; "all" of a person's means the workspace's as well."""

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
        StaffSession.objects.filter(user=user_id).delete()

    def close_one(self, *, session_id: UUID, user_id: UUID) -> bool:
        deleted, _by_kind = ApiSession.objects.filter(pk=session_id, user=user_id).delete()
        return bool(deleted)

    def close_others(self, *, session_id: UUID, user_id: UUID) -> int:
        deleted, _by_kind = ApiSession.objects.filter(user=user_id).exclude(pk=session_id).delete()
        return deleted


def hash_of(token: str) -> str:
    return sha256(token.encode("utf-8", "replace")).hexdigest()


def find_session(*, token: str, at: datetime) -> ApiSession | None:
    """The live session of ``token`` with its active user: one SELECT, and once an hour one UPDATE."""
    with connection.cursor() as cursor:
        cursor.execute(_LIVE_SESSION, [hash_of(token), at])
        found = cursor.fetchone()
    if found is None:
        return None
    session = ApiSession.from_db("default", _SESSION_FIELDS, found[: len(_SESSION_FIELDS)])
    session.user = User.from_db("default", _USER_FIELDS, as_loaded(User, found[len(_SESSION_FIELDS) :]))
    if at - session.last_seen_at >= SEEN_STEP:
        ApiSession.objects.filter(pk=session.pk).update(last_seen_at=at)
    return session


def live_sessions(*, user_id: UUID, at: datetime) -> models.QuerySet[ApiSession]:
    """The person's sessions that have not ended."""
    return ApiSession.objects.filter(user=user_id, expires_at__gt=at)
