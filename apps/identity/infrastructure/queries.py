"""Reads of identity, straight from the tables."""

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Q

from apps.identity.domain.consent import ConsentDocumentMissing, ConsentStatus
from apps.identity.domain.contacts import InvalidEmail, InvalidPhone, normalise_email, normalise_phone
from apps.identity.domain.roles import Role
from apps.identity.domain.user import Status
from apps.identity.infrastructure.models import Consent, ConsentDocument, User
from apps.kernel.infrastructure.fields import preload_keys


@dataclass(frozen=True, kw_only=True)
class DocumentInForce:
    """The text of a consent that people are asked for now."""

    purpose: str
    version: str
    title: str
    text: str
    sha256: str


def documents_in_force(*, at: datetime) -> list[DocumentInForce]:
    """The newest document of every purpose at ``at``, ordered by purpose."""
    rows = (
        ConsentDocument.objects.filter(effective_from__lte=at)
        .order_by("purpose", "-effective_from", "-id")
        .distinct("purpose")
    )
    return [_info(row) for row in rows]


def document_in_force(*, purpose: str, at: datetime) -> DocumentInForce:
    """The newest document of one purpose at ``at``: one query. Raises ConsentDocumentMissing."""
    rows = ConsentDocument.objects.filter(purpose=purpose, effective_from__lte=at)
    document = rows.order_by("-effective_from", "-id").first()
    if document is None:
        raise ConsentDocumentMissing(purpose=purpose)
    return _info(document)


def missing_consent(*, user_id: UUID, purpose: str, at: datetime) -> DocumentInForce | None:
    """The document the person still has to agree to, or None: one query.

    Only the latest act counts, and only for exactly the version in force; until the end of the caller's
    transaction it is not withdrawn. Raises ConsentDocumentMissing.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM identity_missing_consent(%s, %s, %s)", [user_id, purpose, at])
        found = cursor.fetchone()
    if found is None:
        raise ConsentDocumentMissing(purpose=purpose)
    version, title, text, sha256, has_agreed = found
    if has_agreed:
        return None
    return DocumentInForce(purpose=purpose, version=version, title=title, text=text, sha256=sha256)


def has_consent(*, user_id: UUID, purpose: str, at: datetime) -> bool:
    """Whether a consent of any version stands: one query."""
    return bool(who_consents(user_ids=[user_id], purpose=purpose, at=at))


def who_consents(*, user_ids: Collection[UUID], purpose: str, at: datetime) -> set[UUID]:
    """Those of the people whose latest act about ``purpose`` is a grant, made by ``at``: one query."""
    if not user_ids:
        return set()
    latest = (
        Consent.objects.filter(user__in=user_ids, purpose=purpose)
        .order_by("user", "-at", "-id")
        .distinct("user")
        .values_list("user", "status", "at")
    )
    return {user for user, status, since in latest if status == ConsentStatus.GRANTED and since <= at}


def _info(row: ConsentDocument) -> DocumentInForce:
    return DocumentInForce(
        purpose=row.purpose, version=row.version, title=row.title, text=row.text, sha256=row.sha256
    )


def search_clients(*, term: str, limit: int) -> list[User]:
    """Active clients whose name contains ``term``, or whose whole e-mail or phone it is, by name; at most
    ``limit``. One query, and one for the keys of those who were not met lately."""
    rows = User.objects.filter(matching(term), role=Role.CLIENT.value, status=Status.ACTIVE.value)
    found = list(rows.order_by("display_name", "id")[:limit])
    preload_keys(found)
    return found


def matching(term: str) -> Q:
    """People whose name contains ``term``, or whose whole e-mail or phone it is, however it is typed."""
    term = term.replace("\0", "").strip()
    return with_contact(term) or Q(display_name__icontains=term)


def with_contact(term: str, *, path: str = "") -> Q | None:
    """People whose whole e-mail or phone ``term`` is; None when it is neither. ``path`` leads to them
    (``user__``)."""
    with suppress(InvalidEmail):
        return Q(**{f"{path}email": normalise_email(term)})
    with suppress(InvalidPhone):
        return Q(**{f"{path}phone": normalise_phone(term)})
    return None
