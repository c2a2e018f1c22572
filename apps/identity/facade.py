"""What neighbours may call: plain data in, plain frozen data out."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse

from apps.identity import wiring
from apps.identity.application.invite_staff import InvitationLetter
from apps.identity.application.ports import ConfirmationLetter, ContactNotice, SignInLetter
from apps.identity.domain.confirmation import (
    ConfirmationCodeInvalid,
    ConfirmationPurpose,
    NoAddressForCode,
    TooManyConfirmations,
)
from apps.identity.domain.consent import (
    ConsentDocumentMissing,
    ConsentDocumentOutdated,
    ConsentDocumentUnknown,
    ConsentEvidenceMissing,
    ConsentNotGiven,
    ConsentStands,
    Purpose,
)
from apps.identity.domain.contacts import InvalidEmail, InvalidPhone, normalise_email, normalise_phone
from apps.identity.domain.roles import ROLES, Access, Area, Role, Verb, access, may
from apps.identity.domain.user import Status
from apps.identity.infrastructure import erasure, models, queries
from apps.identity.infrastructure.erasure import PersonStanding
from apps.identity.infrastructure.queries import DocumentInForce as ConsentDocumentInfo
from apps.kernel.domain.actor import Actor
from apps.kernel.infrastructure.fields import preload_keys
from apps.kernel.infrastructure.unit_of_work import ensure_no_unit_of_work

__all__ = [
    "CONSENT_PURPOSES",
    "ROLES",
    "Access",
    "Area",
    "Client",
    "ConfirmationCodeInvalid",
    "ConfirmationLetter",
    "ConsentDocumentInfo",
    "ConsentDocumentMissing",
    "ConsentDocumentOutdated",
    "ConsentDocumentUnknown",
    "ConsentEvidenceMissing",
    "ConsentNotGiven",
    "ConsentStands",
    "ContactNotice",
    "InvalidEmail",
    "InvalidPhone",
    "InvitationLetter",
    "NoAddressForCode",
    "PersonStanding",
    "Role",
    "SignInLetter",
    "TooManyConfirmations",
    "Verb",
    "accept_confirmation",
    "access",
    "client",
    "contact_notice",
    "decline_consents",
    "document_in_force",
    "ensure_client",
    "grant_consents",
    "has_consent",
    "invitation_letter",
    "invitation_path",
    "issue_confirmation_code",
    "issue_sign_in_code",
    "lock_person",
    "may",
    "missing_consent",
    "normalise_email",
    "normalise_phone",
    "not_deleted",
    "owners",
    "people",
    "publish_consent_document",
    "request_confirmation",
    "search_clients",
    "who_consents",
    "withdraw_consent",
]

CONSENT_PURPOSES = tuple(each.value for each in Purpose)
"""What people are asked to consent to, each for itself."""


@dataclass(frozen=True, kw_only=True)
class Client:
    """A person whom the practice serves. ``time_zone`` is an IANA name, ``language`` a code (``ru``).

    Somebody who was erased is called so in the present language, and has no contacts.
    """

    id: UUID
    display_name: str
    email: str | None
    phone: str | None
    telegram_id: int | None
    time_zone: str
    language: str
    is_active: bool


def client(client_id: UUID) -> Client | None:
    """The person with this id, whatever their role or status; None when there is none. One query."""
    row = models.User.objects.filter(pk=client_id).first()
    return None if row is None else _client(row)


def people(ids: Collection[UUID]) -> list[Client]:
    """The people with these ids, whatever their role or status. One query and one for the keys of those who
    were not met lately, none for no ids."""
    rows = list(models.User.objects.filter(pk__in=ids)) if ids else []
    preload_keys(rows)
    return [_client(row) for row in rows]


def lock_person(person_id: UUID) -> PersonStanding | None:
    """Hold the account, in the caller's transaction, against everything that would refer to it anew; None
    when there is no such person."""
    return erasure.lock_person(person_id)


def not_deleted(ids: Collection[UUID]) -> set[UUID]:
    """Those of the people whose account is there and not deleted. One query, none for nobody."""
    return erasure.not_deleted(ids)


def owners() -> list[Client]:
    """The active owners of the practice. One query."""
    rows = models.User.objects.filter(role=Role.OWNER.value, status=Status.ACTIVE.value)
    return [_client(row) for row in rows.order_by("created_at", "id")]


def search_clients(*, term: str, limit: int) -> list[Client]:
    """Active clients whose name contains ``term``, or whose whole e-mail or phone it is, by name; at most
    ``limit``. One query, and one for the keys of those who were not met lately."""
    return [_client(row) for row in queries.search_clients(term=term, limit=limit)]


def ensure_client(
    *, display_name: str | None, email: str | None, phone: str | None, actor: Actor, at: datetime
) -> UUID:
    """The id of the client with this e-mail or phone, registered if they are new.

    Raises ContactRequired, InvalidEmail, InvalidPhone, NameRequired, ContactsOfTwoPeople, ContactOfStaff,
    ClientBlocked (all DomainError).
    """
    return wiring.ensure_client()(display_name=display_name, email=email, phone=phone, actor=actor, at=at)


def issue_sign_in_code(*, row_id: int, request_number: int) -> SignInLetter | None:
    """A new code for whoever asked for it, in a transaction of its own; codes issued before stop working.
    None where a newer request has taken its place or the hour's limit is reached."""
    return wiring.issue_sign_in_code()(row_id=row_id, request_number=request_number)


def request_confirmation(*, user_id: UUID, purpose: str, email: str | None = None, at: datetime) -> UUID:
    """Send the person a code that proves a step; the id names it to :func:`accept_confirmation`.

    ``purpose`` is a value of ConfirmationPurpose (ValueError for others); the code goes to ``email``, or to
    the person's own address. It replaces the one asked for before for the same purpose. Raises UserNotFound,
    NoAddressForCode (no e-mail is known), TooManyConfirmations, InvalidEmail.
    """
    return wiring.request_confirmation()(
        user_id=user_id, purpose=ConfirmationPurpose(purpose), email=email, at=at
    )


def accept_confirmation(
    *, confirmation_id: UUID, user_id: UUID, purpose: str, code: str, at: datetime
) -> None:
    """Use up the code that proves a step of this person.

    Raises ConfirmationCodeInvalid: wrong, expired (10 min), used, locked (5 tries), replaced, somebody else's
    or for another purpose. Call it before your own unit of work begins (RuntimeError otherwise): the count of
    wrong tries must outlive the error. The API keeps it by itself (``leaves_trace``).
    """
    ensure_no_unit_of_work()
    wiring.accept_confirmation()(
        confirmation_id=confirmation_id,
        user_id=user_id,
        purpose=ConfirmationPurpose(purpose),
        code=code,
        at=at,
    )


def issue_confirmation_code(*, confirmation_id: UUID) -> ConfirmationLetter | None:
    """A new code for a step that waits for it, in a transaction of its own; codes issued before stop working.
    None where no code is to be had any more."""
    return wiring.issue_confirmation_code()(confirmation_id=confirmation_id)


def invitation_letter(*, invitation_id: UUID, at: datetime) -> InvitationLetter | None:
    """What the letter of an invitation tells, with a fresh token, in a transaction of its own; tokens made
    before stop working. The link is ``invitation_path(token)`` below PUBLIC_URL. None where the invitation
    was used, canceled or replaced meanwhile: then nothing is sent."""
    return wiring.write_invitation()(invitation_id=invitation_id, at=at)


def invitation_path(token: str) -> str:
    """The address, without the host, of the page that an invitation opens."""
    return reverse("admin:invitation", args=[token])


def contact_notice(*, confirmation_id: UUID) -> ContactNotice | None:
    """Whom to tell that a contact has changed: the replaced address, or about a number the person's own. None
    where there is nobody to tell."""
    return wiring.contact_notice()(confirmation_id=confirmation_id)


def document_in_force(*, purpose: str, at: datetime) -> ConsentDocumentInfo:
    """The text of a consent that people are asked for now. One query. Raises ConsentDocumentMissing."""
    return queries.document_in_force(purpose=purpose, at=at)


def missing_consent(*, user_id: UUID, purpose: str, at: datetime) -> ConsentDocumentInfo | None:
    """The document in force that the person has not agreed to, or None when they have. One query.

    Raises ConsentDocumentMissing when nothing is published for the purpose.
    """
    return queries.missing_consent(user_id=user_id, purpose=purpose, at=at)


def grant_consents(
    *,
    user_id: UUID,
    grants: Sequence[tuple[str, str]],
    channel: str,
    evidence: Mapping[str, str],
    at: datetime,
) -> None:
    """Write that the person agreed to each (purpose, version). One SELECT and one INSERT at most.

    ``evidence`` proves the act as :data:`apps.identity.domain.consent.PROOFS` asks of the channel. Raises
    ConsentDocumentUnknown, ConsentDocumentOutdated, ConsentEvidenceMissing; then nothing is written.
    """
    wiring.decide_consents()(user_id=user_id, grants=grants, channel=channel, evidence=evidence, at=at)


def decline_consents(
    *,
    user_id: UUID,
    declines: Sequence[tuple[str, str]],
    channel: str,
    evidence: Mapping[str, str],
    at: datetime,
) -> None:
    """Write that the person declined each (purpose, version).

    Raises what granting raises, and ConsentStands when they have agreed to the purpose earlier.
    """
    wiring.decide_consents()(user_id=user_id, declines=declines, channel=channel, evidence=evidence, at=at)


def has_consent(*, user_id: UUID, purpose: str, at: datetime) -> bool:
    """Whether a consent to ``purpose``, of any version, stands at ``at``: given and not withdrawn. One query.

    What processes on the ground of a consent asks this at the moment of use; ``missing_consent`` is for the
    next step of a person who may have to be asked again.
    """
    return queries.has_consent(user_id=user_id, purpose=purpose, at=at)


def who_consents(*, user_ids: Collection[UUID], purpose: str, at: datetime) -> set[UUID]:
    """Those of the people whose consent to ``purpose`` stands at ``at``. One query, none for nobody."""
    return queries.who_consents(user_ids=user_ids, purpose=purpose, at=at)


def withdraw_consent(
    *, user_id: UUID, purpose: str, channel: str, evidence: Mapping[str, str], at: datetime
) -> None:
    """Write that the person withdrew their consent; ConsentWithdrawn tells whoever relied on it.

    Raises ConsentNotGiven, ConsentEvidenceMissing; then nothing is written.
    """
    wiring.withdraw_consent()(user_id=user_id, purpose=purpose, channel=channel, evidence=evidence, at=at)


def publish_consent_document(
    *,
    purpose: str,
    version: str,
    title: str,
    text: str,
    legal: Mapping[str, str],
    effective_from: datetime,
    actor: Actor,
    at: datetime,
) -> bool:
    """Publish a version of a consent's text; return whether it is new (the same text again is not).

    Raises ConsentDocumentInvalid, ConsentDocumentPublished (the version exists with another text).
    """
    return wiring.publish_consent_document()(
        purpose=purpose,
        version=version,
        title=title,
        text=text,
        legal=legal,
        effective_from=effective_from,
        actor=actor,
        at=at,
    )


def _client(row: models.User) -> Client:
    return Client(
        id=row.id,
        display_name=str(row) if row.status == Status.DELETED else row.display_name,
        email=row.email,
        phone=row.phone,
        telegram_id=row.telegram_id,
        time_zone=row.time_zone,
        language=row.language,
        is_active=row.is_active,
    )
