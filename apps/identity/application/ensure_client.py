"""Find the client these contacts belong to, or make them one."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.identity.application.ports import AuditLog
from apps.identity.domain.contacts import normalise_email, normalise_phone
from apps.identity.domain.user import (
    DEFAULT_TIME_ZONE,
    ClientBlocked,
    ContactOfStaff,
    ContactRequired,
    ContactsOfTwoPeople,
    ContactTaken,
    Status,
    User,
    UserRepository,
)
from apps.kernel.application.ports import UnitOfWork
from apps.kernel.domain.actor import Actor


@dataclass(frozen=True)
class EnsureClient:
    users: UserRepository
    audit: AuditLog
    unit_of_work: UnitOfWork
    new_id: Callable[[], UUID]

    def __call__(
        self, *, display_name: str | None, email: str | None, phone: str | None, actor: Actor, at: datetime
    ) -> UUID:
        """Return the client's id. A known client keeps their name and contacts and gains missing ones.

        Raises ContactRequired, InvalidEmail, InvalidPhone, NameRequired, ContactsOfTwoPeople,
        ContactOfStaff, ClientBlocked.
        """
        email = normalise_email(email) if email and email.strip() else None
        phone = normalise_phone(phone) if phone and phone.strip() else None
        if email is None and phone is None:
            raise ContactRequired(field="email")
        with self.unit_of_work():
            client = self._find(email, phone)
            if client is None:
                client = User.register_client(
                    id=self.new_id(),
                    display_name=display_name,
                    email=email,
                    phone=phone,
                    time_zone=DEFAULT_TIME_ZONE,
                )
                try:
                    self.users.add(client)
                except ContactTaken:  # somebody registered the same person a moment ago
                    client = self._find(email, phone)
                    if client is None:
                        raise
                    return client.id
                self._record("client_registered", client, actor, at)
            elif client.learn_contacts(email=email, phone=phone):
                self.users.save(client)
                self._record("client_contacts_added", client, actor, at)
        return client.id

    def _find(self, email: str | None, phone: str | None) -> User | None:
        people = self.users.with_contacts(email=email, phone=phone)
        if any(person.is_staff for person in people):
            raise ContactOfStaff
        if len(people) > 1:
            raise ContactsOfTwoPeople
        if people and people[0].status != Status.ACTIVE:
            raise ClientBlocked
        return people[0] if people else None

    def _record(self, action: str, client: User, actor: Actor, at: datetime) -> None:
        self.audit.record(actor=actor, action=action, entity="client", entity_id=str(client.id), at=at)
