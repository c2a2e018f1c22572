"""Django's sessions in a table of ours: keys hashed, contents encrypted, listed for their owner.

``settings.SESSION_ENGINE`` names this module; Django looks for ``SessionStore`` in it.
"""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import SESSION_KEY as USER_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from apps.identity.infrastructure.models import StaffSession
from apps.kernel.application.ports import DecryptionFailed

VISIT = "staff"
"""Under this name a session keeps what the workspace must know of it (see presentation/staff_visit.py)."""


class SessionStore(DatabaseStore):
    @classmethod
    def get_model_class(cls) -> type[StaffSession]:  # type: ignore[override]  # a table of its own shape
        return StaffSession

    def load(self) -> dict[str, Any]:
        row = None
        if self.session_key is not None:
            now = datetime.now(UTC)
            row = StaffSession.objects.filter(key_hash=hash_of(self.session_key), expires_at__gt=now).first()
        if row is not None:
            try:
                opened = row.contents
            except DecryptionFailed:  # keys were changed: whoever it was signs in again
                row = None
        if row is None:
            self._session_key = None
            return {}
        return self.decode(opened)

    def exists(self, session_key: str) -> bool:
        return StaffSession.objects.filter(key_hash=hash_of(session_key)).exists()

    def create_model_instance(self, data: dict[str, Any]) -> StaffSession:  # type: ignore[override]  # as above
        key_hash = hash_of(str(self.session_key))  # ``save`` has made the key
        visit = data.get(VISIT) or {}
        expires_at = self.get_expiry_date()
        if began := _instant(visit.get("began")):
            expires_at = min(expires_at, began + timedelta(hours=settings.STAFF_SESSION_HOURS))
        return StaffSession(
            key_hash=key_hash,
            contents=self.encode(data),
            expires_at=expires_at,
            user_id=UUID(data[USER_KEY]) if data.get(USER_KEY) else None,
            began_at=began,
            seen_at=_instant(visit.get("seen")),
            ip=str(visit.get("ip") or "")[:45],
            device=str(visit.get("device") or "")[:80],
        )

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key is not None:
            StaffSession.objects.filter(key_hash=hash_of(key)).delete()

    @classmethod
    def clear_expired(cls) -> None:
        StaffSession.objects.filter(expires_at__lte=datetime.now(UTC)).delete()


def hash_of(session_key: str) -> str:
    return sha256(session_key.encode("utf-8", "replace")).hexdigest()


def _instant(seconds: object) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if isinstance(seconds, int | float) else None
