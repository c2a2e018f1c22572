"""Answers kept under the keys of their calls, with PostgreSQL as the judge of races."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import connection

from apps.kernel.application.ports import Place
from apps.kernel.infrastructure.encryption import encryption_service
from apps.kernel.infrastructure.fields import place_of
from apps.kernel.infrastructure.models import IdempotencyRecord

LIFETIME = timedelta(hours=24)

_CLAIM = """
WITH lock AS MATERIALIZED (SELECT pg_try_advisory_xact_lock(%s) AS got)
SELECT lock.got, record.fingerprint, record.status, record.headers, record.body
FROM lock LEFT JOIN kernel_idempotencyrecord AS record
    ON record.owner = %s AND record.key = %s AND record.created_at > %s
"""
_FIND = """
SELECT fingerprint, status, headers, body FROM kernel_idempotencyrecord
WHERE owner = %s AND key = %s AND created_at > %s
"""
_KEEP = """
INSERT INTO kernel_idempotencyrecord AS record (owner, key, fingerprint, status, headers, body, created_at)
VALUES (%s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (owner, key) DO UPDATE SET
    fingerprint = EXCLUDED.fingerprint, status = EXCLUDED.status, headers = EXCLUDED.headers,
    body = EXCLUDED.body, created_at = EXCLUDED.created_at
WHERE record.created_at <= %s
RETURNING record.id
"""
_PURGE = """
DELETE FROM kernel_idempotencyrecord WHERE id = ANY (ARRAY(
    SELECT id FROM kernel_idempotencyrecord WHERE created_at <= %s
    ORDER BY created_at LIMIT %s FOR UPDATE SKIP LOCKED))
"""


class KeyTaken(Exception):
    """Another call with this key has written its answer first."""


class CallRunning(Exception):
    """Another call with this key has not ended yet."""


@dataclass(frozen=True, kw_only=True)
class KeptAnswer:
    fingerprint: str
    status: int
    headers: dict[str, str]
    body: str


@dataclass(frozen=True, kw_only=True)
class IdempotentCall:
    """One call of ``owner`` under ``key``; ``at`` is when it began."""

    owner: str
    key: str
    at: datetime

    def claim(self) -> KeptAnswer | None:
        """Take the key until the end of the transaction: None when the call is to be carried out, the kept
        answer when it was already. One statement. Raises CallRunning."""
        digest = sha256(f"{self.owner}|{self.key}".encode()).digest()
        lock = int.from_bytes(digest[:8], "big", signed=True)
        with connection.cursor() as cursor:
            cursor.execute(_CLAIM, [lock, self.owner, self.key, self.at - LIFETIME])
            got, *answer = cursor.fetchone()
        if answer[0] is not None:
            return self._answer(*answer)
        if not got:
            raise CallRunning
        return None

    def find(self) -> KeptAnswer | None:
        """The answer kept under the key, if there is one."""
        with connection.cursor() as cursor:
            cursor.execute(_FIND, [self.owner, self.key, self.at - LIFETIME])
            row = cursor.fetchone()
        return None if row is None else self._answer(*row)

    def keep(self, answer: KeptAnswer) -> None:
        """Write the answer down: one INSERT, over an expired one if there is. Raises KeyTaken."""
        body = encryption_service().encrypt(answer.body, place=self._place()) if answer.body else ""
        values: list[str | int | datetime] = [
            self.owner,
            self.key,
            answer.fingerprint,
            answer.status,
            json.dumps(answer.headers),
            body,
            self.at,
            self.at - LIFETIME,
        ]
        with connection.cursor() as cursor:
            cursor.execute(_KEEP, values)
            if cursor.fetchone() is None:
                raise KeyTaken

    def _answer(self, fingerprint: str, status: int, headers: str | dict[str, str], body: str) -> KeptAnswer:
        return KeptAnswer(
            fingerprint=fingerprint,
            status=status,
            headers=json.loads(headers) if isinstance(headers, str) else headers,
            body=encryption_service().decrypt(body, place=self._place()) if body else "",
        )

    def _place(self) -> Place:
        record = IdempotencyRecord(owner=self.owner, key=self.key)
        return place_of(record, "body")


def forget(*, owner: str) -> int:
    """Drop every answer kept for ``owner``; return how many there were."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM kernel_idempotencyrecord WHERE owner = %s", [owner])
        return cursor.rowcount


def purge(before: datetime, most: int) -> int:
    """Drop at most ``most`` of the answers that were kept up to ``before``; return how many."""
    with connection.cursor() as cursor:
        cursor.execute(_PURGE, [before, most])
        return cursor.rowcount
