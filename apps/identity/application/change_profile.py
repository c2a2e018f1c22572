"""Somebody says how to call them, in which language to write to them, and which clock they live by."""

from dataclasses import dataclass
from datetime import datetime

from apps.identity.application.ports import AuditLog
from apps.identity.domain.user import User, UserNotFound, UserRepository
from apps.kernel.application.ports import UnitOfWork
from apps.kernel.domain.actor import Actor


@dataclass(frozen=True)
class ChangeProfile:
    users: UserRepository
    audit: AuditLog
    unit_of_work: UnitOfWork

    def __call__(
        self,
        *,
        actor: Actor,
        at: datetime,
        display_name: str | None = None,
        time_zone: str | None = None,
        language: str | None = None,
    ) -> User:
        """The actor's own profile; None leaves a field as it is.

        Raises NameRequired, TimeZoneUnknown, LanguageUnknown, AccountDeleted.
        """
        if actor.user_id is None:
            raise UserNotFound
        with self.unit_of_work():
            user = self.users.get(actor.user_id)
            changed = user.describe(display_name=display_name, time_zone=time_zone, language=language)
            if changed:
                self.users.save(user)
                self.audit.record(
                    actor=actor,
                    action="profile_changed",
                    entity="user",
                    entity_id=str(user.id),
                    at=at,
                    changes={"fields": (None, sorted(changed))},
                )
            return user
