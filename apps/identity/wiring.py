"""Use cases with their adapters."""

from uuid import uuid4

from apps.identity.application.ensure_client import EnsureClient
from apps.identity.application.grant_consents import GrantConsents
from apps.identity.application.publish_consent_document import PublishConsentDocument
from apps.identity.infrastructure.audit import FacadeAuditLog
from apps.identity.infrastructure.repositories import (
    DjangoConsentDocuments,
    DjangoConsentLedger,
    DjangoUserRepository,
)
from apps.kernel.infrastructure.unit_of_work import DjangoUnitOfWork


def ensure_client() -> EnsureClient:
    return EnsureClient(
        users=DjangoUserRepository(), audit=FacadeAuditLog(), unit_of_work=DjangoUnitOfWork(), new_id=uuid4
    )


def grant_consents() -> GrantConsents:
    return GrantConsents(ledger=DjangoConsentLedger(), unit_of_work=DjangoUnitOfWork())


def publish_consent_document() -> PublishConsentDocument:
    return PublishConsentDocument(
        documents=DjangoConsentDocuments(), audit=FacadeAuditLog(), unit_of_work=DjangoUnitOfWork()
    )
