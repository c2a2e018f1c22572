"""Consents: each purpose is a separate act given to one version of one document (152-FZ, art. 9)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Self

from apps.kernel.domain.errors import DomainError, gettext_noop


class Purpose(StrEnum):
    PERSONAL_DATA = "personal_data"
    COMMUNICATIONS = "communications"
    TELEGRAM = "telegram"
    REVIEW_PUBLICATION = "review_publication"
    HEALTH_DATA = "health_data"
    CROSS_BORDER = "cross_border"


class ConsentStatus(StrEnum):
    GRANTED = "granted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class ConsentDocumentMissing(DomainError):
    """Nobody has published a document for this purpose yet."""

    code = "consent_document_missing"
    message = gettext_noop("The text of this consent has not been published yet.")


class ConsentDocumentUnknown(DomainError):
    code = "consent_document_unknown"
    message = gettext_noop("There is no such version of this consent.")


class ConsentDocumentOutdated(DomainError):
    code = "consent_document_outdated"
    message = gettext_noop("The text of this consent has changed. Please read the new version.")


class ConsentDocumentPublished(DomainError):
    """The version exists with another text; what people agreed to never changes."""

    code = "consent_document_published"
    message = gettext_noop("This version is already published with another text. Publish a new version.")


class ConsentDocumentInvalid(DomainError):
    code = "consent_document_invalid"
    message = gettext_noop("A consent document needs a known purpose, a version, a title and a text.")


@dataclass(frozen=True, kw_only=True)
class ConsentDocument:
    """One version of the text people agree to. ``legal`` names what art. 9(4) of 152-FZ asks for."""

    purpose: Purpose
    version: str
    title: str
    text: str
    sha256: str
    legal: dict[str, str]
    effective_from: datetime

    @classmethod
    def publish(
        cls,
        *,
        purpose: str,
        version: str,
        title: str,
        text: str,
        legal: dict[str, str],
        effective_from: datetime,
    ) -> Self:
        """Raises ConsentDocumentInvalid."""
        text = text.strip() + "\n"
        known = purpose in set(Purpose)
        if not known or not version.strip() or not title.strip() or not text.strip():
            raise ConsentDocumentInvalid
        if effective_from.tzinfo is None:
            raise ConsentDocumentInvalid(field="effective_from")
        return cls(
            purpose=Purpose(purpose),
            version=version.strip(),
            title=title.strip(),
            text=text,
            sha256=sha256(text.encode()).hexdigest(),
            legal=dict(legal),
            effective_from=effective_from,
        )
