"""The client behind a waitlist request: an offer needs an account and a consent that stands."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.booking.application.ports import (
    PERSONAL_DATA,
    Clients,
    ConsentRequired,
    Consents,
    Contacts,
    GivenConsents,
)
from apps.booking.domain.contact import ContactRequired
from apps.booking.domain.waitlist import PreferredContact, WaitlistRequest
from apps.kernel.application.ports import UnitOfWork
from apps.kernel.domain.actor import SYSTEM, Actor
from apps.kernel.domain.errors import DomainError

GUEST_CHANNEL = "web"


@dataclass(frozen=True)
class WaitingClient:
    """Works inside the caller's transaction; where it raises, it has written nothing."""

    unit_of_work: UnitOfWork
    clients: Clients
    contacts: Contacts
    consents: Consents

    def by_letter(self, request: WaitlistRequest, *, now: datetime) -> UUID | None:
        """The client's id where a letter can reach them and their consent stands; else None."""
        if request.client_id is None and request.preferred_contact is not PreferredContact.EMAIL:
            return None
        if request.client_id is not None:
            known = self.contacts.of(client_id=request.client_id)
            if "email" not in known.by_kind:
                return None
        try:
            return self(request, actor=SYSTEM, now=now)
        except DomainError:
            return None

    def __call__(
        self,
        request: WaitlistRequest,
        *,
        actor: Actor,
        now: datetime,
        email: str | None = None,
        phone: str | None = None,
        given: GivenConsents | None = None,
    ) -> UUID:
        """The client's id; a guest gets an account, and the consent that they gave with the request is
        written down for it, by the instant of the request: a later withdrawal goes before it.

        ``email`` and ``phone`` are what staff know of a guest beside the request; ``given`` are consents that
        staff hold. Raises ConsentRequired, ContactRequired, and what ensuring the client raises."""
        with self.unit_of_work():
            client_id = request.client_id
            if client_id is None:
                client_id = self._guest(request, actor=actor, now=now, email=email, phone=phone)
                self._keep_consent(request, client_id, now)
            if given is not None and given.documents:
                self.consents.grant(client_id=client_id, given=given, at=now)
            missing = self.consents.missing(client_id=client_id, purpose=PERSONAL_DATA, at=now)
            if missing is not None:
                raise ConsentRequired(missing)
        return client_id

    def _guest(
        self,
        request: WaitlistRequest,
        *,
        actor: Actor,
        now: datetime,
        email: str | None,
        phone: str | None,
    ) -> UUID:
        if request.preferred_contact is PreferredContact.EMAIL:
            email = request.contact
        if request.preferred_contact is PreferredContact.PHONE:
            phone = request.contact
        if not email and not phone:
            raise ContactRequired(field="email")
        return self.clients.ensure(name=request.name or None, email=email, phone=phone, actor=actor, at=now)

    def _keep_consent(self, request: WaitlistRequest, client_id: UUID, now: datetime) -> None:
        document = self.consents.in_force(purpose=PERSONAL_DATA, at=now)
        if document.version != request.consent_version:
            return
        given = GivenConsents(
            documents=[(PERSONAL_DATA, document.version)],
            channel=GUEST_CHANNEL,
            evidence={"waitlist_request": str(request.id)},
        )
        self.consents.grant(client_id=client_id, given=given, at=request.created_at)
