"""Drafts of consent documents in PostgreSQL."""

from datetime import datetime
from uuid import UUID

from apps.identity.application.consent_drafts import ConsentDraftExists, ConsentDraftNotFound, Draft
from apps.identity.infrastructure.models import ConsentDraft


class DjangoConsentDrafts:
    """ConsentDrafts over their table."""

    def get(self, draft_id: UUID) -> Draft:
        row = ConsentDraft.objects.select_for_update().filter(pk=draft_id).first()
        if row is None:
            raise ConsentDraftNotFound
        return Draft(
            id=row.pk,
            purpose=row.purpose,
            version=row.version,
            title=row.title,
            text=row.text,
            legal=row.legal,
            effective_from=row.effective_from,
        )

    def put(self, draft: Draft, *, at: datetime) -> None:
        same = ConsentDraft.objects.filter(purpose=draft.purpose, version=draft.version)
        if same.exclude(pk=draft.id).exists():
            raise ConsentDraftExists
        ConsentDraft.objects.update_or_create(
            pk=draft.id,
            defaults={
                "purpose": draft.purpose,
                "version": draft.version,
                "title": draft.title,
                "text": draft.text,
                "legal": dict(draft.legal),
                "effective_from": draft.effective_from,
                "changed_at": at,
            },
        )

    def remove(self, draft_id: UUID) -> None:
        ConsentDraft.objects.filter(pk=draft_id).delete()
