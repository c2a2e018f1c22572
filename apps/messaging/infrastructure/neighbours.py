"""Neighbouring contexts behind messaging's ports: each call goes to the neighbour's facade."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from email.utils import parseaddr
from uuid import UUID

from django.conf import settings

from apps.audit import facade as audit
from apps.booking import facade as booking
from apps.identity import facade as identity
from apps.kernel.domain.actor import Actor
from apps.messaging.application.account_ports import ConfirmationLetter, ContactNotice, InvitationLetter
from apps.messaging.application.ports import Person, Session, SignInLetter
from apps.messaging.domain.kinds import Invitation

PRACTICE = "admin"


class BookingSessions:
    """Sessions (port)."""

    def find(self, appointment_id: UUID, *, at: datetime) -> Session | None:
        found = booking.appointment(appointment_id, at=at)
        if found is None:
            return None
        return Session(
            id=found.id,
            client_id=found.client_id,
            status=found.status.value,
            start=found.start,
            time_zone=found.time_zone,
            service_name=found.service_name,
            specialist_name=found.specialist_name,
            place=found.meeting_link or found.address,
            price_minor=found.price.minor,
            due_minor=found.amount_due.minor,
            refund_minor=found.refund.minor,
            currency=found.price.currency,
            hold_expires_at=found.hold_expires_at,
            made_by_practice=found.entry_point == PRACTICE,
            created_at=found.created_at,
        )

    def invitation(self, appointment_id: UUID, *, method: Invitation, attendee: str) -> bytes | None:
        _name, organizer = parseaddr(settings.DEFAULT_FROM_EMAIL)
        return booking.invitation(appointment_id, method=method.value, organizer=organizer, attendee=attendee)


class IdentityPeople:
    """People (port)."""

    def find(self, person_id: UUID) -> Person | None:
        found = identity.client(person_id)
        if found is None:
            return None
        return Person(
            name=found.display_name or (found.email or "").partition("@")[0],
            email=found.email or "",
            language=found.language,
            time_zone=found.time_zone,
        )

    def owners(self) -> list[UUID]:
        return [owner.id for owner in identity.owners()]

    def consents(self, person_id: UUID, *, purposes: Sequence[str], at: datetime) -> frozenset[str]:
        return frozenset(
            purpose for purpose in purposes if identity.has_consent(user_id=person_id, purpose=purpose, at=at)
        )


class IdentityAccountLetters:
    """AccountLetters (port)."""

    def confirmation(self, confirmation_id: UUID) -> ConfirmationLetter | None:
        found = identity.issue_confirmation_code(confirmation_id=confirmation_id)
        if found is None:
            return None
        return ConfirmationLetter(
            email=found.email,
            code=found.code,
            purpose=found.purpose,
            language=found.language,
            lifetime_minutes=found.lifetime_minutes,
        )

    def contact_notice(self, confirmation_id: UUID) -> ContactNotice | None:
        found = identity.contact_notice(confirmation_id=confirmation_id)
        if found is None:
            return None
        return ContactNotice(email=found.email, kind=found.kind, language=found.language)

    def invitation(self, invitation_id: UUID, *, at: datetime) -> InvitationLetter | None:
        found = identity.invitation_letter(invitation_id=invitation_id, at=at)
        if found is None:
            return None
        return InvitationLetter(
            email=found.email,
            name=found.display_name,
            link=f"{settings.PUBLIC_URL}{identity.invitation_path(found.token)}",
            language=found.language,
            lifetime_hours=found.lifetime_hours,
        )


class IdentitySignInCodes:
    """SignInCodes (port)."""

    def issue(self, *, row_id: int, request_number: int) -> SignInLetter | None:
        found = identity.issue_sign_in_code(row_id=row_id, request_number=request_number)
        if found is None:
            return None
        return SignInLetter(
            email=found.email,
            code=found.code,
            language=found.language,
            lifetime_minutes=found.lifetime_minutes,
        )


class FacadeAuditLog:
    def record(
        self,
        *,
        actor: Actor,
        action: str,
        entity: str,
        entity_id: str,
        at: datetime,
        changes: Mapping[str, tuple[object, object]] | None = None,
    ) -> None:
        audit.record(actor=actor, action=action, entity=entity, entity_id=entity_id, at=at, changes=changes)
