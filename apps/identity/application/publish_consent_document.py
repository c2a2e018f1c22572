"""Publish a version of a consent's text."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from apps.identity.application.consent_ports import ConsentDocuments
from apps.identity.application.ports import AuditLog
from apps.identity.domain.consent import ConsentDocument, ConsentDocumentPublished
from apps.kernel.application.ports import UnitOfWork
from apps.kernel.domain.actor import Actor


@dataclass(frozen=True)
class PublishConsentDocument:
    documents: ConsentDocuments
    audit: AuditLog
    unit_of_work: UnitOfWork

    def __call__(
        self,
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
        """Return whether the version is new; publishing the same text again changes nothing.

        Raises ConsentDocumentInvalid, and ConsentDocumentPublished when the version has another text.
        """
        document = ConsentDocument.publish(
            purpose=purpose,
            version=version,
            title=title,
            text=text,
            legal=dict(legal),
            effective_from=effective_from,
        )
        with self.unit_of_work():
            published = self.documents.find(purpose=document.purpose, version=document.version)
            if published is not None:
                if published.sha256 != document.sha256:
                    raise ConsentDocumentPublished(purpose=purpose, version=version)
                return False
            self.documents.add(document)
            self.audit.record(
                actor=actor,
                action="consent_document_published",
                entity="consent_document",
                entity_id=f"{document.purpose} {document.version}",
                at=at,
                changes={"sha256": (None, document.sha256)},
            )
        return True
