"""A client or a guest asks for a place on the waitlist."""

from dataclasses import dataclass
from uuid import UUID

from apps.booking.application.ports import Contacts, GivenConsents
from apps.booking.application.views import WaitlistView
from apps.booking.application.waitlist import JoinWaitlist
from apps.booking.domain.contact import ContactRequired, normalise_telegram
from apps.booking.domain.waitlist import PreferredContact, PreferredWindow


@dataclass(frozen=True)
class RequestPlace:
    contacts: Contacts
    join: JoinWaitlist

    def __call__(
        self,
        *,
        client_id: UUID | None,
        guest_token: str,
        service_slug: str,
        name: str,
        preferred_contact: PreferredContact,
        contact: str,
        window: PreferredWindow,
        time_zone: str,
        given: GivenConsents,
    ) -> WaitlistView:
        """What a client leaves out (empty ``name`` or ``contact``) is taken from their account.
        Raises ContactRequired, InvalidTelegram, what the contacts raise, and what JoinWaitlist raises."""
        if client_id is not None and not (name and contact):
            known = self.contacts.of(client_id=client_id)
            name = name or known.name
            contact = contact or known.by_kind.get(preferred_contact, "")
        if not contact:
            raise ContactRequired(field="contact")
        return self.join(
            client_id=client_id,
            guest_token=guest_token,
            service_slug=service_slug,
            name=name,
            preferred_contact=preferred_contact,
            contact=self._normal(preferred_contact, contact),
            window=window,
            time_zone=time_zone,
            given=given,
        )

    def _normal(self, kind: PreferredContact, contact: str) -> str:
        if kind is PreferredContact.EMAIL:
            return self.contacts.normal_email(contact)
        if kind is PreferredContact.PHONE:
            return self.contacts.normal_phone(contact)
        return normalise_telegram(contact)
