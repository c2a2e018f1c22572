"""The chain of consents as it lies in PostgreSQL, read raw: no ciphertext is opened."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256

from django.db import connection, transaction

from apps.identity.application.consent_ports import ChainDocument
from apps.identity.domain.consent_chain import Link, Verdict
from apps.identity.infrastructure.models import ConsentChainCheck

PAGE = 5000

_LINKS = """
SELECT link.seq, link.kind, link.subject::text, link.content_hash, link.previous_hash, link.hash,
    (extract(epoch FROM link.chained_at) * 1000000)::bigint::text,
    act.uuid::text, act.id::text, act.user_id::text, act.document_id::text, act.purpose, act.version,
    act.sha256, act.status, (extract(epoch FROM act.at) * 1000000)::bigint::text, act.channel, act.evidence,
    gone.id::text, gone.consent::text, gone.purpose,
    (extract(epoch FROM gone.act_at) * 1000000)::bigint::text,
    (extract(epoch FROM gone.withdrawn_at) * 1000000)::bigint::text,
    (extract(epoch FROM gone.destroyed_at) * 1000000)::bigint::text
FROM identity_consentlink AS link
LEFT JOIN identity_consent AS act ON act.uuid = link.subject AND link.kind = 'act'
LEFT JOIN identity_consentdestruction AS gone ON gone.id = link.subject AND link.kind = 'destruction'
WHERE link.seq > %s
ORDER BY link.seq
LIMIT %s
"""
_CONTENTS = """
SELECT (SELECT count(*) FROM identity_consent) + (SELECT count(*) FROM identity_consentdestruction)
"""
_DOCUMENTS = """
SELECT id::text, purpose, version, title, text, sha256, legal, effective_from
FROM identity_consentdocument ORDER BY id
"""
_FIRST_ACT, _FIRST_DESTRUCTION, _END = 7, 18, 24


class DjangoConsentChain:
    """ConsentChain over raw rows: one statement a page of links, and one for all documents."""

    @contextmanager
    def as_of_now(self) -> Iterator[None]:
        outermost = not connection.in_atomic_block
        with transaction.atomic():
            if outermost:
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                    # A page looks its contents up one by one: whole tables, once a page, would be quadratic.
                    cursor.execute("SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off")
            yield

    def links(self) -> Iterator[Link]:
        last = 0
        while True:
            with connection.cursor() as cursor:
                cursor.execute(_LINKS, [last, PAGE])
                rows = cursor.fetchall()
            for row in rows:
                content = row[_FIRST_ACT:_FIRST_DESTRUCTION]
                if content[0] is None:
                    content = row[_FIRST_DESTRUCTION:_END]
                yield Link._make((*row[:_FIRST_ACT], None if content[0] is None else content))
            if len(rows) < PAGE:
                return
            last = rows[-1][0]

    def contents(self) -> int:
        with connection.cursor() as cursor:
            cursor.execute(_CONTENTS)
            return int(cursor.fetchone()[0])

    def documents(self) -> list[ChainDocument]:
        with connection.cursor() as cursor:
            cursor.execute(_DOCUMENTS)
            rows = cursor.fetchall()
        return [
            ChainDocument(
                id=id_,
                purpose=purpose,
                version=version,
                title=title,
                text=text,
                sha256=told,
                legal=json.loads(legal),
                effective_from=effective_from,
                is_whole=sha256(text.encode()).hexdigest() == told,
            )
            for id_, purpose, version, title, text, told, legal, effective_from in rows
        ]


class DjangoChainChecks:
    """ChainChecks in their table."""

    def add(self, verdict: Verdict, *, at: datetime) -> None:
        problem = verdict.problems[0] if verdict.problems else None
        ConsentChainCheck.objects.create(
            at=at,
            links=verdict.links,
            seq=verdict.seq,
            head=verdict.head,
            problem="" if problem is None else problem.code.value,
            problem_seq=None if problem is None else problem.seq,
        )
