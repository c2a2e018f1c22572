"""Neighbouring contexts behind booking's ports: each call goes to the neighbour's facade."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from apps.audit import facade as audit
from apps.booking.application.ports import ClientContacts, ConsentDocument, GivenConsents
from apps.identity import facade as identity
from apps.kernel.domain.actor import Actor


class IdentityConsents:
    def missing(self, *, client_id: UUID, purpose: str, at: datetime) -> ConsentDocument | None:
        document = identity.missing_consent(user_id=client_id, purpose=purpose, at=at)
        return None if document is None else _document(document)

    def grant(self, *, client_id: UUID, given: GivenConsents, at: datetime) -> None:
        identity.grant_consents(
            user_id=client_id,
            grants=given.documents,
            channel=given.channel,
            evidence=given.evidence,
            at=at,
        )

    def in_force(self, *, purpose: str, at: datetime) -> ConsentDocument:
        return _document(identity.document_in_force(purpose=purpose, at=at))


class IdentityClients:
    def ensure(
        self, *, name: str | None, email: str | None, phone: str | None, actor: Actor, at: datetime
    ) -> UUID:
        return identity.ensure_client(display_name=name, email=email, phone=phone, actor=actor, at=at)


class IdentityContacts:
    def of(self, *, client_id: UUID) -> ClientContacts:
        client = identity.client(client_id)
        if client is None or not client.is_active:
            return ClientContacts(name="", by_kind={})
        telegram = None if client.telegram_id is None else str(client.telegram_id)
        known = {"email": client.email, "phone": client.phone, "telegram": telegram}
        return ClientContacts(
            name=client.display_name, by_kind={kind: value for kind, value in known.items() if value}
        )

    def normal_email(self, text: str) -> str:
        try:
            return identity.normalise_email(text)
        except identity.InvalidEmail as error:
            raise identity.InvalidEmail(field="contact") from error

    def normal_phone(self, text: str) -> str:
        try:
            return identity.normalise_phone(text)
        except identity.InvalidPhone as error:
            raise identity.InvalidPhone(field="contact") from error


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


def _document(document: identity.ConsentDocumentInfo) -> ConsentDocument:
    return ConsentDocument(
        purpose=document.purpose,
        version=document.version,
        title=document.title,
        text=document.text,
        sha256=document.sha256,
    )
