"""Wrapping the data keys of people anew, under the newest key-encryption key; no text is touched."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from apps.kernel.application.ports import DecryptionFailed
from apps.kernel.infrastructure.encryption.key_ring import KeyRing

BATCH = 500

_TAKE = """
SELECT id, person, wrapped, generation FROM kernel_personkey
WHERE generation <> %s AND destroyed_at IS NULL AND id > %s
ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
"""
_PUT = """
UPDATE kernel_personkey AS key SET wrapped = given.wrapped, generation = %s
FROM unnest(%s::uuid[], %s::bytea[]) AS given (id, wrapped) WHERE key.id = given.id
"""
_LEFT = "SELECT count(*) FROM kernel_personkey WHERE generation <> %s AND destroyed_at IS NULL"
_FIRST = UUID(int=0)


@dataclass(frozen=True, kw_only=True)
class Rewrapped:
    """One batch: how many keys were wrapped anew, and the ids of those that no key at hand opens."""

    done: int
    failed: tuple[UUID, ...]


def left(ring: KeyRing) -> int:
    """How many keys are not yet under the newest generation."""
    with connection.cursor() as cursor:
        cursor.execute(_LEFT, [ring.newest])
        return int(cursor.fetchone()[0])


def rewrap(ring: KeyRing, *, batch: int = BATCH) -> Iterator[Rewrapped]:
    """One walk over the keys of older generations, a transaction for each batch.

    It may be stopped at any moment and begun again: what is done stays done. Rows that somebody holds just
    now are passed over; readers and writers of texts are not held up, because the data key stays the same.
    """
    last = _FIRST
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_TAKE, [ring.newest, last, batch])
            rows = cursor.fetchall()
            if not rows:
                return
            last = rows[-1][0]
            wrapped, failed = _wrapped_anew(ring, rows)
            if wrapped:
                cursor.execute(_PUT, [ring.newest, list(wrapped), list(wrapped.values())])
        yield Rewrapped(done=len(wrapped), failed=tuple(failed))


def _wrapped_anew(ring: KeyRing, rows: list[Any]) -> tuple[dict[UUID, bytes], list[UUID]]:
    wrapped, failed = {}, []
    for key_id, person, old, generation in rows:
        try:
            key = ring.unwrap(bytes(old), generation=generation, key_id=key_id, person=person)
        except DecryptionFailed:
            failed.append(key_id)
        else:
            wrapped[key_id] = ring.wrap(key, key_id=key_id, person=person)
    return wrapped, failed
