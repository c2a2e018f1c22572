"""A place on the waitlist: what a client leaves out is taken from their account."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest

from apps.booking.application.ports import ClientContacts
from apps.booking.application.request_place import RequestPlace
from apps.booking.application.views import WaitlistView
from apps.booking.domain.contact import ContactRequired, InvalidTelegram
from apps.booking.domain.waitlist import PreferredContact, PreferredWindow
from apps.kernel.domain.errors import DomainError
from tests.booking.application.practice import CONSENT_GIVEN, Practice
from tests.booking.domain_objects import CLIENT_ID


class BadContact(DomainError):
    code = "bad_contact"


@dataclass
class FakeContacts:
    """Knows one account; an e-mail has an @, a phone begins with +."""

    known: ClientContacts

    def of(self, *, client_id: UUID) -> ClientContacts:
        return self.known if client_id == CLIENT_ID else ClientContacts(name="", by_kind={})

    def normal_email(self, text: str) -> str:
        if "@" not in text:
            raise BadContact(field="contact")
        return text.lower()

    def normal_phone(self, text: str) -> str:
        if not text.startswith("+"):
            raise BadContact(field="contact")
        return text.replace(" ", "")


def ask(practice: Practice, *, known: dict[str, str] | None = None, **values: Any) -> WaitlistView:
    account = ClientContacts(name="Ирина", by_kind=known or {"email": "irina@example.org"})
    return RequestPlace(contacts=FakeContacts(account), join=practice.join_waitlist)(
        **{
            "client_id": CLIENT_ID,
            "guest_token": "",
            "service_slug": "first-session",
            "name": "",
            "preferred_contact": PreferredContact.EMAIL,
            "contact": "",
            "window": PreferredWindow.ANY,
            "time_zone": "Europe/Moscow",
            "given": CONSENT_GIVEN,
            **values,
        }
    )


def kept(practice: Practice, view: WaitlistView) -> tuple[str, str]:
    request = practice.waitlist.get(view.id)
    return request.name, request.contact


def test_a_clients_name_and_contact_come_from_the_account(practice: Practice) -> None:
    assert kept(practice, ask(practice)) == ("Ирина", "irina@example.org")


def test_what_a_client_says_goes_before_the_account(practice: Practice) -> None:
    view = ask(practice, name="Ира", contact="Ira@Example.org")
    assert kept(practice, view) == ("Ира", "ira@example.org")


def test_a_kind_of_contact_that_the_account_lacks_must_be_named(practice: Practice) -> None:
    with pytest.raises(ContactRequired) as refusal:
        ask(practice, preferred_contact=PreferredContact.PHONE)
    assert refusal.value.field == "contact"
    assert not practice.waitlist.rows


def test_a_guest_has_no_account_to_take_from(practice: Practice) -> None:
    with pytest.raises(ContactRequired):
        ask(practice, client_id=None)


@pytest.mark.parametrize(
    ("kind", "contact", "normal"),
    [
        (PreferredContact.EMAIL, "Irina@Example.org", "irina@example.org"),
        (PreferredContact.PHONE, "+7 912 345", "+7912345"),
        (PreferredContact.TELEGRAM, " irina_k ", "@irina_k"),
        (PreferredContact.TELEGRAM, "@irina_k", "@irina_k"),
        (PreferredContact.TELEGRAM, "12345678", "12345678"),
    ],
)
def test_contacts_are_kept_in_their_normal_form(
    practice: Practice, kind: PreferredContact, contact: str, normal: str
) -> None:
    view = ask(practice, client_id=None, preferred_contact=kind, contact=contact)
    assert kept(practice, view) == ("", normal)


@pytest.mark.parametrize(
    ("kind", "contact", "error"),
    [
        (PreferredContact.EMAIL, "irina", BadContact),
        (PreferredContact.PHONE, "irina", BadContact),
        (PreferredContact.TELEGRAM, "ир", InvalidTelegram),
        (PreferredContact.TELEGRAM, "@1name", InvalidTelegram),
        (PreferredContact.TELEGRAM, "0123456", InvalidTelegram),
        (PreferredContact.TELEGRAM, "@" + "a" * 33, InvalidTelegram),
        (PreferredContact.TELEGRAM, "name\n\nname", InvalidTelegram),
    ],
)
def test_what_is_no_contact_of_its_kind_is_refused(
    practice: Practice, kind: PreferredContact, contact: str, error: type[DomainError]
) -> None:
    with pytest.raises(error):
        ask(practice, preferred_contact=kind, contact=contact)
    assert not practice.waitlist.rows
