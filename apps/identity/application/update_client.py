"""Correct what is known about a client."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.identity.application.ports import AuditLog
from apps.identity.domain.contacts import normalise_email, normalise_phone
from apps.identity.domain.user import ContactOfStaff, UserRepository
from apps.kernel.application.ports import UnitOfWork
from apps.kernel.domain.actor import Actor


@dataclass(frozen=True)
class UpdateClient:
    users: UserRepository
    audit: AuditLog
    unit_of_work: UnitOfWork

    def __call__(
        self,
        *,
        user_id: UUID,
        display_name: str,
        email: str | None,
        phone: str | None,
        time_zone: str,
        actor: Actor,
        at: datetime,
    ) -> None:
        """The audit log learns which fields changed, never their values: they are personal data.

        Raises UserNotFound, NameRequired, InvalidEmail, InvalidPhone, ContactRequired, ContactTaken,
        ContactOfStaff, AccountDeleted, TimeZoneUnknown.
        """
        email = normalise_email(email) if email and email.strip() else None
        phone = normalise_phone(phone) if phone and phone.strip() else None
        with self.unit_of_work():
            user = self.users.get(user_id)
            if user.is_staff:
                raise ContactOfStaff
            changed = user.correct(display_name=display_name, email=email, phone=phone, time_zone=time_zone)
            if not changed:
                return
            self.users.save(user)
            self.audit.record(
                actor=actor,
                action="client_changed",
                entity="client",
                entity_id=str(user_id),
                at=at,
                changes={"fields": (None, sorted(changed))},
            )
