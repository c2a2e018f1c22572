"""Drafts of consent documents: begun from the text in force, written, published or thrown away."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol
from uuid import UUID

from apps.identity.application.consent_ports import ConsentDocuments
from apps.identity.application.ports import AuditLog
from apps.identity.application.publish_consent_document import PublishConsentDocument
from apps.identity.domain.consent import ConsentDocumentInvalid, ConsentDocumentPublished, Purpose
from apps.kernel.application.ports import UnitOfWork
from apps.kernel.domain.actor import Actor
from apps.kernel.domain.errors import DomainError, NotFound, gettext_noop
from apps.kernel.domain.ids import NewId


class ConsentDraftNotFound(NotFound):
    code = "consent_draft_not_found"
    message = gettext_noop("There is no such draft: it may be published or deleted already.")


class ConsentDraftExists(DomainError):
    """Another draft has this version of this purpose."""

    code = "consent_draft_exists"
    message = gettext_noop("There is a draft of this version already.")


class ConsentDraftIncomplete(DomainError):
    """The law asks for particulars that the draft does not name (152-FZ, art. 9(4))."""

    code = "consent_draft_incomplete"
    message = gettext_noop("Fill in every particular that the law asks for before you publish.")


LEGAL_FIELDS = (
    "subject",
    "operator",
    "aim",
    "data",
    "processors",
    "actions",
    "term_and_withdrawal",
    "signature",
)
"""What a consent in writing has to name (152-FZ, art. 9(4))."""


@dataclass(frozen=True, kw_only=True)
class Draft:
    """``effective_from`` None: from the moment it is published."""

    id: UUID
    purpose: str
    version: str
    title: str
    text: str
    legal: Mapping[str, str]
    effective_from: datetime | None


class ConsentDrafts(Protocol):
    def get(self, draft_id: UUID) -> Draft:
        """The draft, held until the end of the transaction. Raises ConsentDraftNotFound."""
        ...

    def put(self, draft: Draft, *, at: datetime) -> None:
        """Add or replace. Raises ConsentDraftExists."""
        ...

    def remove(self, draft_id: UUID) -> None: ...


@dataclass(frozen=True)
class WriteConsentDraft:
    drafts: ConsentDrafts
    documents: ConsentDocuments
    audit: AuditLog
    unit_of_work: UnitOfWork
    new_id: NewId

    def begin(
        self, *, purpose: str, version: str, based_on: str | None, title: str, actor: Actor, at: datetime
    ) -> UUID:
        """A new draft with the text of the version ``based_on``, or empty; return its id.

        Raises ConsentDocumentInvalid, ConsentDocumentPublished, ConsentDraftExists."""
        if purpose not in set(Purpose) or not version.strip():
            raise ConsentDocumentInvalid
        source = self.documents.find(purpose=purpose, version=based_on) if based_on else None
        draft = Draft(
            id=self.new_id(),
            purpose=purpose,
            version=version.strip(),
            title=source.title if source else title,
            text=source.text if source else "",
            legal=source.legal if source else {},
            effective_from=None,
        )
        self._write(draft, "consent_draft_begun", actor=actor, at=at)
        return draft.id

    def change(
        self,
        *,
        draft_id: UUID,
        version: str,
        title: str,
        text: str,
        legal: Mapping[str, str],
        effective_from: datetime | None,
        actor: Actor,
        at: datetime,
    ) -> None:
        """Raises ConsentDraftNotFound, ConsentDocumentPublished, ConsentDraftExists."""
        with self.unit_of_work():
            draft = replace(
                self.drafts.get(draft_id),
                version=version.strip(),
                title=title.strip(),
                text=text,
                legal={name: legal.get(name, "").strip() for name in LEGAL_FIELDS},
                effective_from=effective_from,
            )
            self._write(draft, "consent_draft_changed", actor=actor, at=at)

    def discard(self, *, draft_id: UUID, actor: Actor, at: datetime) -> None:
        """Raises ConsentDraftNotFound."""
        with self.unit_of_work():
            draft = self.drafts.get(draft_id)
            self.drafts.remove(draft_id)
            self._record(draft, "consent_draft_discarded", actor=actor, at=at)

    def _write(self, draft: Draft, action: str, *, actor: Actor, at: datetime) -> None:
        with self.unit_of_work():
            if self.documents.find(purpose=draft.purpose, version=draft.version) is not None:
                raise ConsentDocumentPublished(purpose=draft.purpose, version=draft.version)
            self.drafts.put(draft, at=at)
            self._record(draft, action, actor=actor, at=at)

    def _record(self, draft: Draft, action: str, *, actor: Actor, at: datetime) -> None:
        self.audit.record(
            actor=actor,
            action=action,
            entity="consent_document",
            entity_id=f"{draft.purpose} {draft.version}",
            at=at,
        )


@dataclass(frozen=True)
class PublishConsentDraft:
    drafts: ConsentDrafts
    publish: PublishConsentDocument
    unit_of_work: UnitOfWork

    def __call__(self, *, draft_id: UUID, actor: Actor, at: datetime) -> Draft:
        """What the draft says is in force for good; the draft goes. A day that has passed means now.

        Raises ConsentDraftNotFound, ConsentDraftIncomplete, ConsentDocumentInvalid,
        ConsentDocumentPublished."""
        with self.unit_of_work():
            draft = self.drafts.get(draft_id)
            if not draft.text.strip() or any(not draft.legal.get(name) for name in LEGAL_FIELDS):
                raise ConsentDraftIncomplete
            since = max(draft.effective_from or at, at)
            self.publish(
                purpose=draft.purpose,
                version=draft.version,
                title=draft.title,
                text=draft.text,
                legal=draft.legal,
                effective_from=since,
                actor=actor,
                at=at,
            )
            self.drafts.remove(draft_id)
        return replace(draft, effective_from=since)
