"""What a person sees of their own consents."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from apps.identity.domain.consent import ConsentStatus
from apps.identity.infrastructure.models import Consent, ConsentDocument


@dataclass(frozen=True, kw_only=True)
class OwnConsent:
    """The document in force for a purpose, and the person's latest act about it, if there is one."""

    document: ConsentDocument
    latest: Consent | None

    @property
    def asked_again(self) -> bool:
        """Whether they decided about a text that was replaced; who has withdrawn is not bothered."""
        return (
            self.latest is not None
            and self.latest.status != ConsentStatus.WITHDRAWN
            and self.latest.document_id != self.document.pk
        )


def own_consents(user_id: UUID, *, at: datetime) -> list[OwnConsent]:
    """One for each purpose with a document in force at ``at``, by purpose: two queries."""
    documents = (
        ConsentDocument.objects.filter(effective_from__lte=at)
        .order_by("purpose", "-effective_from", "-id")
        .distinct("purpose")
    )
    acts = Consent.objects.filter(user=user_id).order_by("purpose", "-at", "-id").distinct("purpose")
    latest = {act.purpose: act for act in acts.defer("evidence")}
    return [OwnConsent(document=each, latest=latest.get(each.purpose)) for each in documents]


def latest_act(user_id: UUID, *, purpose: str) -> Consent:
    """How the person has decided about the purpose last: one query. Raises Consent.DoesNotExist."""
    acts = Consent.objects.filter(user=user_id, purpose=purpose).defer("evidence")
    return acts.order_by("-at", "-id")[:1].get()


def own_acts(user_id: UUID) -> QuerySet[Consent]:
    """Every act of the person, with its document's title; the proof of it stays unread."""
    acts = Consent.objects.filter(user=user_id).select_related("document")
    return acts.defer("evidence", "document__text", "document__legal")
