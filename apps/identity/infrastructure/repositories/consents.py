"""Consents and their documents in PostgreSQL."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import OuterRef, Subquery

from apps.identity.application.ports import ConsentAct, Standing
from apps.identity.domain.consent import ConsentDocument, ConsentStatus, Purpose
from apps.identity.infrastructure import models


class DjangoConsentLedger:
    """ConsentLedger over the append-only table."""

    def standings(self, *, user_id: UUID, purposes: Sequence[str]) -> list[Standing]:
        latest = models.Consent.objects.filter(user=user_id, purpose=OuterRef("purpose")).order_by(
            "-at", "-id"
        )
        documents = (
            models.ConsentDocument.objects.filter(purpose__in=purposes)
            .annotate(
                act_document=Subquery(latest.values("document_id")[:1]),
                act_status=Subquery(latest.values("status")[:1]),
            )
            .values_list("id", "purpose", "version", "sha256", "effective_from", "act_document", "act_status")
        )
        return [
            Standing(
                document_id=document_id,
                purpose=purpose,
                version=version,
                sha256=sha256,
                effective_from=effective_from,
                granted=act_document == document_id and act_status == ConsentStatus.GRANTED,
            )
            for document_id, purpose, version, sha256, effective_from, act_document, act_status in documents
        ]

    def append(self, acts: Sequence[ConsentAct]) -> None:
        models.Consent.objects.bulk_create(
            models.Consent(
                user_id=act.user_id,
                document_id=act.document.document_id,
                purpose=act.document.purpose,
                version=act.document.version,
                sha256=act.document.sha256,
                status=act.status.value,
                at=act.at,
                channel=act.channel,
                evidence=dict(act.evidence),
            )
            for act in acts
        )


class DjangoConsentDocuments:
    """ConsentDocuments over the append-only table."""

    def find(self, *, purpose: str, version: str) -> ConsentDocument | None:
        row = models.ConsentDocument.objects.filter(purpose=purpose, version=version).first()
        if row is None:
            return None
        return ConsentDocument(
            purpose=Purpose(row.purpose),
            version=row.version,
            title=row.title,
            text=row.text,
            sha256=row.sha256,
            legal=row.legal,
            effective_from=row.effective_from,
        )

    def add(self, document: ConsentDocument) -> None:
        models.ConsentDocument.objects.create(
            purpose=document.purpose.value,
            version=document.version,
            title=document.title,
            text=document.text,
            sha256=document.sha256,
            legal=document.legal,
            effective_from=document.effective_from,
        )
