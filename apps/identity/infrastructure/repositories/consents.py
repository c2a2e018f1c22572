"""Consents and their documents in PostgreSQL."""

from collections.abc import Sequence
from uuid import UUID

from django.db import connection

from apps.identity.application.consent_ports import ConsentAct, LatestAct, Standing
from apps.identity.domain.consent import ConsentDocument, ConsentStatus, Purpose
from apps.identity.infrastructure import models


class DjangoConsentLedger:
    """ConsentLedger over the append-only table."""

    def standings(self, *, user_id: UUID, purposes: Sequence[str], alone: bool) -> list[Standing]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT * FROM identity_consent_standings(%s, %s, %s)", [user_id, list(purposes), alone]
            )
            documents = cursor.fetchall()
        return [
            Standing(
                document_id=document_id,
                purpose=purpose,
                version=version,
                sha256=sha256,
                effective_from=effective_from,
                latest=None
                if act_document is None
                else LatestAct(document_id=act_document, status=ConsentStatus(act_status), at=act_at),
            )
            for (
                document_id,
                purpose,
                version,
                sha256,
                effective_from,
                act_document,
                act_status,
                act_at,
            ) in documents
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
