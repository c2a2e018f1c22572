"""Consents: each purpose is a separate act given to one version of one document (152-FZ, art. 9)."""

from collections.abc import Mapping
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


class Channel(StrEnum):
    """Where an act of consent was made."""

    WEB = "web"
    TELEGRAM = "telegram"
    STAFF = "staff"
    PAPER = "paper"


class ConsentNotGiven(DomainError):
    """Nothing stands that could be withdrawn."""

    code = "consent_not_given"
    message = gettext_noop("There is no such consent to withdraw: it was never given, or it is withdrawn.")


class ConsentStands(DomainError):
    """Who has agreed cannot decline any more; an agreement ends by a withdrawal and by nothing else."""

    code = "consent_stands"
    message = gettext_noop("You have agreed to this earlier. To end it, withdraw that consent.")


class ConsentsContradict(DomainError):
    """One call agrees to a purpose and declines it."""

    code = "consents_contradict"
    message = gettext_noop("Decide about each consent once.")


class ConsentEvidenceMissing(DomainError):
    """The proof that the channel has to bring is not there."""

    code = "consent_evidence_missing"
    message = gettext_noop("A consent is kept with its proof: say how it was given.")


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


PROOFS: Mapping[Channel, tuple[frozenset[str], ...]] = {
    Channel.WEB: (frozenset({"ip"}), frozenset({"waitlist_request"})),
    Channel.TELEGRAM: (frozenset({"update_id"}),),
    Channel.STAFF: (frozenset({"ground", "recorded_by"}),),
    Channel.PAPER: (frozenset({"ground", "recorded_by"}),),
}
"""What proves an act, by channel: one of these sets has to be there whole. A guest's request for a place
keeps its own address and is named by its id."""
PARTICULARS = frozenset({"user_agent", "request_id"})
"""What may stand beside a proof."""


def proved(*, channel: str, evidence: Mapping[str, str]) -> dict[str, str]:
    """``evidence`` without its empty parts. Raises ConsentEvidenceMissing when it does not prove an act made
    by ``channel``, or tells what nobody asked for."""
    told = {name: text.strip() for name, text in evidence.items() if text.strip()}
    proofs = PROOFS[Channel(channel)] if channel in set(Channel) else ()
    if not any(proof <= told.keys() for proof in proofs):
        raise ConsentEvidenceMissing
    if not told.keys() <= PARTICULARS.union(*proofs):
        raise ConsentEvidenceMissing
    return told


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
