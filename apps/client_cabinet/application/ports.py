"""What the cabinet needs from its neighbours."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from apps.kernel.domain.actor import Actor
from apps.kernel.domain.errors import DomainError, gettext_noop

HEALTH_DATA = "health_data"


@dataclass(frozen=True, kw_only=True)
class ConsentDocument:
    """The text that a client is asked to consent to."""

    purpose: str
    version: str
    title: str
    text: str
    sha256: str


class ConsentRequired(DomainError):
    """``document`` (also in ``params``) is the text to be shown and consented to."""

    code = "consent_required"
    message = gettext_noop("A diary tells of health: please read and accept the consent to it first.")

    members = ("document",)

    def __init__(self, document: ConsentDocument) -> None:
        super().__init__(document=document)
        self.document = document


class Consents(Protocol):
    def is_active(self, *, client_id: UUID, purpose: str, at: datetime) -> bool:
        """Whether the client has agreed to any version and has not withdrawn."""
        ...

    def in_force(self, *, purpose: str, at: datetime) -> ConsentDocument:
        """Raises DomainError when nothing has been published for the purpose."""
        ...


@dataclass(frozen=True, kw_only=True)
class SharedAppointment:
    """What the cabinet asks about an appointment. ``is_shareable``: it is booked or took place;
    ``specialist_user_id`` is the account of its specialist, where there is one."""

    id: UUID
    client_id: UUID
    is_shareable: bool
    specialist_user_id: UUID | None
    start: datetime
    time_zone: str
    specialist_time_zone: str


class AppointmentMissing(DomainError):
    """There is no such appointment of this client."""

    code = "appointment_missing"
    message = gettext_noop("You have no such appointment.")


class Appointments(Protocol):
    def find(
        self, appointment_id: UUID, *, at: datetime, client_id: UUID | None = None
    ) -> SharedAppointment | None:
        """The appointment, of this client where one is named; None when there is none."""
        ...


class AuditLog(Protocol):
    def record(
        self,
        *,
        actor: Actor,
        action: str,
        entity: str,
        entity_id: str,
        at: datetime,
        changes: Mapping[str, tuple[object, object]] | None = None,
    ) -> None: ...
