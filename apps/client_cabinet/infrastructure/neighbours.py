"""Neighbouring contexts behind the cabinet's ports: each call goes to the neighbour's facade."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from apps.audit import facade as audit
from apps.booking import facade as booking
from apps.client_cabinet.application.ports import ConsentDocument, SharedAppointment
from apps.identity import facade as identity
from apps.kernel.domain.actor import Actor

_SHAREABLE = frozenset({"requested", "pending_payment", "confirmed", "completed", "no_show"})


class IdentityConsents:
    def is_active(self, *, client_id: UUID, purpose: str, at: datetime) -> bool:
        return identity.has_consent(user_id=client_id, purpose=purpose, at=at)

    def in_force(self, *, purpose: str, at: datetime) -> ConsentDocument:
        document = identity.document_in_force(purpose=purpose, at=at)
        return ConsentDocument(
            purpose=document.purpose,
            version=document.version,
            title=document.title,
            text=document.text,
            sha256=document.sha256,
        )


class BookingAppointments:
    def find(
        self, appointment_id: UUID, *, at: datetime, client_id: UUID | None = None
    ) -> SharedAppointment | None:
        found = booking.appointment(appointment_id, at=at, client_id=client_id)
        if found is None:
            return None
        return SharedAppointment(
            id=found.id,
            client_id=found.client_id,
            is_shareable=found.status.value in _SHAREABLE,
            specialist_user_id=found.specialist_user_id,
            start=found.start,
            time_zone=found.time_zone,
            specialist_time_zone=found.specialist_time_zone,
        )


def is_for(actor: Actor, specialist_user_id: UUID | None) -> bool:
    """Whether a member of staff is the specialist of an appointment. Where the specialist has no account of
    their own, the owner of the practice stands in for them."""
    if specialist_user_id is None:
        return actor.role == identity.Role.OWNER.value
    return actor.user_id == specialist_user_id


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


def session(appointment_id: UUID, *, at: datetime) -> SharedAppointment | None:
    """The session that a page of the workspace tells of; None when there is none. One query."""
    return BookingAppointments().find(appointment_id, at=at)


def client_name(client_id: UUID) -> str:
    """How the client is called, empty when there is none. One query."""
    found = identity.client(client_id)
    return "" if found is None else found.display_name or found.email or ""


def clients_named(term: str, *, limit: int) -> list[UUID]:
    """The clients whom a search finds. One query."""
    return [each.id for each in identity.search_clients(term=term, limit=limit)]
