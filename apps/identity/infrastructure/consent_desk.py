"""What the workspace reads about consents: how people stand to documents, whom to ask again, the chain."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.cache import cache
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from apps.identity.domain.consent import ConsentStatus, Purpose
from apps.identity.domain.user import Status
from apps.identity.infrastructure.models import (
    Consent,
    ConsentChainCheck,
    ConsentDocument,
    ConsentLink,
    User,
)

BROKEN_KEY = "consents.chain_broken"
BROKEN_SECONDS = 30
CHUNK = 1_000
_STANDINGS = """
SELECT document_id, status, count(*) FROM (
    SELECT DISTINCT ON (act.user_id) act.document_id, act.status
    FROM identity_consent AS act JOIN identity_user AS person ON person.id = act.user_id
    WHERE act.purpose = %s AND person.status <> 'deleted'
    ORDER BY act.user_id, act.at DESC, act.id DESC
) AS latest GROUP BY document_id, status
"""


@dataclass(frozen=True, kw_only=True)
class Figures:
    """How people stand to one document by their latest act. ``again`` are those whose agreement is to an
    older version than this one."""

    granted: int
    declined: int
    withdrawn: int
    again: int


def figures(document: ConsentDocument) -> Figures:
    """Two queries, however many people there are; the erased are not counted."""
    newer = set(
        ConsentDocument.objects.filter(
            purpose=document.purpose, effective_from__gte=document.effective_from
        ).values_list("pk", flat=True)
    )
    with connection.cursor() as cursor:
        cursor.execute(_STANDINGS, [document.purpose])
        counted = {(row[0], row[1]): row[2] for row in cursor.fetchall()}
    mine = {status: counted.get((document.pk, status.value), 0) for status in ConsentStatus}
    again = sum(
        count
        for (document_id, status), count in counted.items()
        if status == ConsentStatus.GRANTED and document_id not in newer
    )
    return Figures(
        granted=mine[ConsentStatus.GRANTED],
        declined=mine[ConsentStatus.DECLINED],
        withdrawn=mine[ConsentStatus.WITHDRAWN],
        again=again,
    )


def agreed(purpose: str) -> int:
    """How many people's agreement to a purpose stands, to whatever version: who a new one asks again."""
    with connection.cursor() as cursor:
        cursor.execute(_STANDINGS, [purpose])
        return sum(row[2] for row in cursor.fetchall() if row[1] == ConsentStatus.GRANTED)


def in_force(at: datetime) -> dict[str, ConsentDocument]:
    """The document in force of every purpose that has one: one query."""
    rows = (
        ConsentDocument.objects.filter(effective_from__lte=at)
        .order_by("purpose", "-effective_from", "-id")
        .distinct("purpose")
    )
    return {row.purpose: row for row in rows}


def with_current(rows: QuerySet[ConsentDocument], *, at: datetime) -> QuerySet[ConsentDocument]:
    """Each with ``current_id``: which document of its purpose is in force."""
    return rows.annotate(current_id=_current(at))


def to_ask_again(acts: QuerySet[Consent], *, at: datetime) -> QuerySet[Consent]:
    """Of ``acts`` the latest ones that agree to another version than the one in force: whom to ask again."""
    same = Consent.objects.filter(user=OuterRef("user"), purpose=OuterRef("purpose"))
    later = same.filter(Q(at__gt=OuterRef("at")) | Q(at=OuterRef("at"), id__gt=OuterRef("id")))
    return (
        acts.filter(~Exists(later), status=ConsentStatus.GRANTED.value)
        .exclude(user__status=Status.DELETED.value)
        .exclude(document_id=_current(at))
    )


def _current(at: datetime) -> Subquery:
    same = ConsentDocument.objects.filter(purpose=OuterRef("purpose"), effective_from__lte=at)
    return Subquery(same.order_by("-effective_from", "-id").values("pk")[:1])


def acts_of(user_id: UUID, *, most: int) -> list[Consent]:
    """The person's acts with their documents, the latest first: one query; evidence stays closed."""
    rows = Consent.objects.filter(user=user_id).select_related("document").order_by("-at", "-id")
    return list(rows[:most])


def person(user_id: UUID) -> User | None:
    return User.objects.filter(pk=user_id).first()


def purposes() -> list[str]:
    return [each.value for each in Purpose]


def last_check() -> ConsentChainCheck | None:
    return ConsentChainCheck.objects.order_by("-at", "-id").first()


def last_link() -> ConsentLink | None:
    return ConsentLink.objects.order_by("-seq").first()


def is_broken() -> bool:
    """Whether the last check of the chain found a problem; known for 30 s."""
    known: bool | None = cache.get(BROKEN_KEY)
    if known is None:
        found = last_check()
        known = found is not None and bool(found.problem)
        cache.set(BROKEN_KEY, known, BROKEN_SECONDS)
    return known


def acts_with_links(*, since: datetime, until: datetime, user_id: UUID | None) -> Iterator[Consent]:
    """Acts with ``seq``, ``content_hash``, ``link_hash`` and ``previous_hash`` of their links, in the order
    they were made; read in chunks by one statement. Evidence is not read."""
    link = ConsentLink.objects.filter(subject=OuterRef("uuid"))
    rows = Consent.objects.filter(at__gte=since, at__lt=until)
    if user_id is not None:
        rows = rows.filter(user=user_id)
    return (
        rows.select_related("user")
        .defer("evidence")
        .annotate(
            seq=Subquery(link.values("seq")[:1]),
            content_hash=Subquery(link.values("content_hash")[:1]),
            link_hash=Subquery(link.values("hash")[:1]),
            previous_hash=Subquery(link.values("previous_hash")[:1]),
        )
        .order_by("at", "id")
        .iterator(chunk_size=CHUNK)
    )
