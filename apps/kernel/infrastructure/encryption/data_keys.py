"""Data keys of people in PostgreSQL, wrapped; in memory for a minute at most."""

import os
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from time import monotonic
from typing import Any
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import connection, transaction
from django.utils import timezone

from apps.kernel.application.ports import DecryptionFailed, KeyDestroyed
from apps.kernel.infrastructure.encryption.key_ring import KEY_LENGTH, KeyRing

KEPT_SECONDS = 60.0
KEPT_AT_MOST = 2_048

_FIND = (
    "SELECT id, person, wrapped, generation FROM kernel_personkey WHERE person IS NOT DISTINCT FROM %s::uuid"
)
_FIND_SEVERAL = """
SELECT id, person, wrapped, generation FROM kernel_personkey WHERE person = ANY(%s) OR person IS NULL AND %s
"""
_FIND_OR_MAKE = """
WITH known AS (
    SELECT id, person, wrapped, generation FROM kernel_personkey
    WHERE person IS NOT DISTINCT FROM %(person)s::uuid
), made AS (
    INSERT INTO kernel_personkey (id, person, wrapped, generation, created_at)
    SELECT %(id)s::uuid, %(person)s::uuid, %(wrapped)s::bytea, %(generation)s, %(at)s::timestamptz
    WHERE NOT EXISTS (SELECT FROM known)
    ON CONFLICT (person) DO NOTHING
    RETURNING id, person, wrapped, generation
)
SELECT * FROM known UNION ALL SELECT * FROM made
"""
_DESTROY = """
INSERT INTO kernel_personkey AS key (id, person, wrapped, generation, created_at, destroyed_at)
VALUES (%(id)s, %(person)s, NULL, '', %(at)s, %(at)s)
ON CONFLICT (person) DO UPDATE SET wrapped = NULL, destroyed_at = EXCLUDED.destroyed_at
WHERE key.destroyed_at IS NULL
RETURNING id
"""


@dataclass(frozen=True, slots=True)
class DataKey:
    """An open data key; its repr names no secret."""

    id: UUID
    person: UUID | None
    cipher: AESGCM


class _Created:
    """A key of a transaction that has not ended. Django keeps it among the hooks of the commit, and drops it
    with its savepoint or transaction: a key whose hook is gone is gone itself."""

    def __init__(self, key: DataKey, remember: Callable[[DataKey], None]) -> None:
        self.key, self.remember, self.destroyed = key, remember, False

    def __call__(self) -> None:
        if not self.destroyed:
            self.remember(self.key)


class PostgresPersonKeys:
    """PersonKeys (port), and where the envelope gets its data keys from.

    A key that was read is kept in memory for ``KEPT_SECONDS``, ``KEPT_AT_MOST`` at once. One that was made
    here is kept only once its transaction has committed. Another process may still hold a destroyed key for
    as long as that, never longer.
    """

    def __init__(self, ring: KeyRing, *, clock: Callable[[], float] = monotonic) -> None:
        self._ring, self._clock = ring, clock
        self._kept: OrderedDict[UUID | None, tuple[float, DataKey]] = OrderedDict()
        self._lock = Lock()

    def to_seal(self, person: UUID | None) -> DataKey:
        """The person's key, made if there is none. One statement, or two in a race. Raises KeyDestroyed."""
        known = self._at_hand(person)
        if known:
            return known
        key_id, key = uuid4(), os.urandom(KEY_LENGTH)
        values = {
            "id": key_id,
            "person": person,
            "wrapped": self._ring.wrap(key, key_id=key_id, person=person),
            "generation": self._ring.newest,
            "at": timezone.now(),
        }
        row = _one(_FIND_OR_MAKE, values) or _one(_FIND, [person])
        if row is None:  # made by somebody else just now, and not visible to a transaction of old standing
            raise DecryptionFailed("the person's key is being made by another transaction")
        if row[0] != key_id:
            return self._opened(row)
        made = DataKey(id=key_id, person=person, cipher=AESGCM(key))
        transaction.on_commit(_Created(made, self._remember))
        return made

    def to_open(self, person: UUID | None, key_id: UUID) -> DataKey:
        """The person's key, which must be the one called ``key_id``. At most one statement.

        Raises DecryptionFailed, KeyDestroyed.
        """
        key = self._at_hand(person)
        if key is None or key.id != key_id:
            row = _one(_FIND, [person])
            if row is None:
                raise DecryptionFailed("there is no key of the place that the ciphertext is in")
            key = self._opened(row)
        if key.id != key_id:
            raise DecryptionFailed("the ciphertext was made with the key of another person")
        return key

    def preload(self, persons: Iterable[UUID | None]) -> None:
        """Read the keys of many people in one statement, if any of them is not at hand."""
        wanted = {each for each in persons if self._at_hand(each) is None}
        if not wanted:
            return
        with connection.cursor() as cursor:
            cursor.execute(_FIND_SEVERAL, [[each for each in wanted if each], None in wanted])
            rows = cursor.fetchall()
        for row in rows:
            if row[2] is not None:
                self._opened(row)

    def destroy(self, person: UUID, *, at: datetime) -> bool:
        new_id = uuid4()
        row = _one(_DESTROY, {"id": new_id, "person": person, "at": at})
        for made in _made_here():
            if made.key.person == person:
                made.destroyed = True
        self.forget(person)
        transaction.on_commit(lambda: self.forget(person))
        return row is not None and row[0] != new_id

    def forget(self, person: UUID | None) -> None:
        """Drop the person's key from memory."""
        with self._lock:
            self._kept.pop(person, None)

    def forget_all(self) -> None:
        """Drop every key from memory."""
        with self._lock:
            self._kept.clear()

    def _at_hand(self, person: UUID | None) -> DataKey | None:
        with self._lock:
            until, key = self._kept.get(person, (0.0, None))
            if key is not None and until > self._clock():
                return key
        for made in _made_here():
            if made.key.person == person and not made.destroyed:
                return made.key
        return None

    def _opened(self, row: Sequence[Any]) -> DataKey:
        key_id, person, wrapped, generation = row
        if wrapped is None:
            raise KeyDestroyed("the person's key was destroyed")
        opened = self._ring.unwrap(bytes(wrapped), generation=generation, key_id=key_id, person=person)
        key = DataKey(id=key_id, person=person, cipher=AESGCM(opened))
        if not any(made.key.id == key_id for made in _made_here()):
            self._remember(key)
        return key

    def _remember(self, key: DataKey) -> None:
        with self._lock:
            self._kept[key.person] = (self._clock() + KEPT_SECONDS, key)
            self._kept.move_to_end(key.person)
            while len(self._kept) > KEPT_AT_MOST:
                self._kept.popitem(last=False)


def _made_here() -> list[_Created]:
    """Keys made by the transaction that this connection is in, as far as it has not been rolled back."""
    return [hook for _, hook, *_ in connection.run_on_commit if isinstance(hook, _Created)]


def _one(statement: str, values: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()
