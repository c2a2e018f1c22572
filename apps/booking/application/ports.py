"""What booking needs from its neighbours."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from apps.kernel.domain.actor import Actor
from apps.kernel.domain.errors import DomainError, gettext_noop

PERSONAL_DATA = "personal_data"
HEALTH_DATA = "health_data"


@dataclass(frozen=True, kw_only=True)
class ConsentDocument:
    """The text that a client is asked to consent to."""

    purpose: str
    version: str
    title: str
    text: str
    sha256: str


@dataclass(frozen=True, kw_only=True)
class GivenConsents:
    """Consents given at this step: pairs of purpose and document version, and how that is proved.

    ``channel`` is web, telegram or staff; ``evidence`` (IP and user agent, or the ground that staff name)
    is kept encrypted."""

    documents: Sequence[tuple[str, str]] = ()
    channel: str = "web"
    evidence: Mapping[str, str]


class ConsentRequired(DomainError):
    """``document`` (also in ``params``) is the text to be shown and consented to."""

    code = "consent_required"
    message = gettext_noop("Please read and accept the consent to the processing of personal data.")

    members = ("document",)

    def __init__(self, document: ConsentDocument) -> None:
        super().__init__(field="consents", document=document)
        self.document = document


class Consents(Protocol):
    def missing(self, *, client_id: UUID, purpose: str, at: datetime) -> ConsentDocument | None:
        """The document in force if the client has not consented to it; None if they have."""
        ...

    def grant(self, *, client_id: UUID, given: GivenConsents, at: datetime) -> None:
        """Raises DomainError for unknown or outdated documents."""
        ...

    def in_force(self, *, purpose: str, at: datetime) -> ConsentDocument:
        """Raises DomainError when nothing has been published for the purpose."""
        ...


class Clients(Protocol):
    def ensure(
        self, *, name: str | None, email: str | None, phone: str | None, actor: Actor, at: datetime
    ) -> UUID:
        """The id of the client with this e-mail or phone, created if there is none; the name is None when
        nobody has told it. Raises DomainError."""
        ...


@dataclass(frozen=True, kw_only=True)
class ClientContacts:
    """``by_kind`` has the kinds (email, phone, telegram) that the account knows."""

    name: str
    by_kind: Mapping[str, str]


class Contacts(Protocol):
    def of(self, *, client_id: UUID) -> ClientContacts:
        """What the client's account knows; nothing for nobody."""
        ...

    def normal_email(self, text: str) -> str:
        """The one form in which the address is kept. Raises DomainError for ``contact``."""
        ...

    def normal_phone(self, text: str) -> str:
        """The number in E.164. Raises DomainError for ``contact``."""
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
