from apps.identity.presentation.admin import (
    clients,
    consent_chain,
    consent_documents,
    consent_drafts,
    consents,
    staff,
)

__all__ = ["clients", "consent_chain", "consent_documents", "consent_drafts", "consents", "staff"]
