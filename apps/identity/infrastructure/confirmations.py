"""Steps that are proved by a code, in PostgreSQL."""

from datetime import datetime, timedelta
from uuid import UUID

from apps.identity.application.ports import Confirmation
from apps.identity.domain.confirmation import DAY, HOUR, ConfirmationPurpose
from apps.identity.infrastructure import models
from apps.identity.infrastructure.mailed_codes import MailedCode, lifetime_minutes
from apps.kernel.application.ports import KeyDestroyed
from apps.kernel.infrastructure import rate_limit
from apps.kernel.infrastructure.keyed_hash import keyed_hash

KEPT_FOR = timedelta(days=3, hours=1)
"""Longer than the letter to the replaced address is tried."""


class ConfirmationCode(MailedCode):
    hashed_for = "confirmation code"


class DjangoConfirmations:
    """Confirmations (port): one row per step, locked while it is looked at."""

    def count_person(self, *, user_id: UUID, at: datetime) -> int:
        return _count("confirmation.person", str(user_id), at, HOUR)

    def count_address(self, *, email: str, at: datetime) -> int:
        return _count("confirmation.address", email, at, HOUR)

    def count_phone(self, *, user_id: UUID, at: datetime) -> int:
        return _count("confirmation.phone", str(user_id), at, DAY)

    def open(self, confirmation: Confirmation, *, sent_to: str | None, silent: bool, at: datetime) -> None:
        models.Confirmation.objects.filter(
            user=confirmation.user_id, purpose=confirmation.purpose.value, closed_at__isnull=True
        ).update(closed_at=at, code_hash="")
        models.Confirmation.objects.create(
            id=confirmation.id,
            user_id=confirmation.user_id,
            purpose=confirmation.purpose.value,
            sent_to=sent_to or "",
            new_value=confirmation.new_value,
            old_email="",
            requested_at=at,
            closed_at=at if silent else None,
        )

    def whose(self, confirmation_id: UUID) -> UUID | None:
        return (
            models.Confirmation.objects.filter(pk=confirmation_id).values_list("user_id", flat=True).first()
        )

    def pending(self, confirmation_id: UUID) -> tuple[Confirmation, str | None] | None:
        row = _locked(confirmation_id)
        if row is None or row.closed_at is not None:
            return None
        try:
            return _confirmation(row), row.sent_to or None
        except KeyDestroyed:
            return None

    def issue(self, confirmation_id: UUID) -> tuple[str, int]:
        row = models.Confirmation.objects.select_for_update().get(pk=confirmation_id)
        return ConfirmationCode(row).initiate(), lifetime_minutes()

    def accept(
        self, *, confirmation_id: UUID, user_id: UUID, purpose: ConfirmationPurpose, code: str, at: datetime
    ) -> Confirmation | None:
        row = _locked(confirmation_id)
        if row is None or row.user_id != user_id or row.purpose != purpose or not row.code_hash:
            return None
        row.accepted = ConfirmationCode(row).accept(code)
        if not row.code_hash:  # used up, or locked
            row.closed_at = at
            row.save(update_fields=["closed_at", "accepted"])
        return _confirmation(row) if row.accepted else None

    def close_all(self, *, user_id: UUID, at: datetime) -> None:
        models.Confirmation.objects.filter(user=user_id, closed_at__isnull=True).update(
            closed_at=at, code_hash=""
        )

    def remember_old_email(self, *, confirmation_id: UUID, email: str) -> None:
        row = models.Confirmation.objects.get(pk=confirmation_id)
        row.old_email = email
        row.save(update_fields=["old_email"])

    def done(self, confirmation_id: UUID) -> tuple[Confirmation, str | None] | None:
        row = models.Confirmation.objects.filter(pk=confirmation_id, accepted=True).first()
        try:
            return None if row is None else (_confirmation(row), row.old_email or None)
        except KeyDestroyed:
            return None


def _locked(confirmation_id: UUID) -> models.Confirmation | None:
    return models.Confirmation.objects.select_for_update().filter(pk=confirmation_id).first()


def _confirmation(row: models.Confirmation) -> Confirmation:
    return Confirmation(
        id=row.id,
        user_id=row.user_id,
        purpose=ConfirmationPurpose(row.purpose),
        new_value=row.new_value,
    )


def _count(scope: str, subject: str, at: datetime, window: timedelta) -> int:
    start = rate_limit.window_of(at=at, length=int(window.total_seconds()))
    return rate_limit.count(scope=scope, subject=keyed_hash(scope, subject), window_start=start)
