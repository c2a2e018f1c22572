"""Invitations of staff: 256-bit tokens of which only the SHA-256 is kept."""

import secrets
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from apps.identity.infrastructure.models import StaffInvitation
from apps.identity.infrastructure.sessions import hash_of


class DjangoInvitations:
    """Invitations (port) over one row per invitation."""

    def open(self, *, invitation_id: UUID, user_id: UUID, at: datetime, expires_at: datetime) -> None:
        self.cancel(user_id=user_id, at=at)
        StaffInvitation.objects.create(
            id=invitation_id, user_id=user_id, created_at=at, expires_at=expires_at
        )

    def cancel(self, *, user_id: UUID, at: datetime) -> bool:
        return _open().filter(user_id=user_id).update(canceled_at=at, token_hash=None) > 0

    def person_of(self, *, invitation_id: UUID, at: datetime) -> UUID | None:
        row = _open().select_for_update().filter(pk=invitation_id, expires_at__gt=at).first()
        return None if row is None else row.user_id

    def issue_token(self, *, invitation_id: UUID, expires_at: datetime) -> str:
        token = secrets.token_urlsafe(32)
        _open().filter(pk=invitation_id).update(token_hash=hash_of(token), expires_at=expires_at)
        return token

    def find(self, *, token: str, at: datetime) -> tuple[UUID, UUID] | None:
        row = _open().select_for_update().filter(token_hash=hash_of(token), expires_at__gt=at).first()
        return None if row is None else (row.pk, row.user_id)

    def accept(self, *, invitation_id: UUID, at: datetime) -> None:
        _open().filter(pk=invitation_id).update(accepted_at=at, token_hash=None)


def open_invitation(user_id: UUID, *, at: datetime) -> StaffInvitation | None:
    """The person's invitation that still works."""
    return _open().filter(user_id=user_id, expires_at__gt=at).first()


def _open() -> QuerySet[StaffInvitation]:
    return StaffInvitation.objects.filter(accepted_at__isnull=True, canceled_at__isnull=True)
