"""Idempotence keys: within 24 hours the same key with the same data gives the same answer."""

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sandbox.clock import Clock, read, written
from sandbox.store import Store
from sandbox.yookassa.errors import invalid

MEMORY = timedelta(hours=24)
LONGEST = 64
HEADER = "Idempotence-Key"
SHELF = "keys"

Body = dict[str, Any]


class Idempotence:
    """Only what was carried out is remembered: a refused request may be mended and sent again."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def once(self, key: str, call: str, body: Any, carry_out: Callable[[], Body]) -> Body:
        if not key:
            raise invalid(HEADER, "Idempotence key is missing")
        if len(key) > LONGEST:
            raise invalid(HEADER, f"Idempotence key is longer than {LONGEST} characters")
        digest = hashlib.sha256(json.dumps([call, body], sort_keys=True).encode()).hexdigest()
        known = self._store.get(SHELF, key)
        if known is not None and self._clock.now() < read(known["first"]) + MEMORY:
            if known["digest"] != digest:
                raise invalid(HEADER, "Idempotence key duplicated")
            return json.loads(known["answer"])
        answer = carry_out()
        record = {"digest": digest, "first": written(self._clock.now()), "answer": json.dumps(answer)}
        self._store.put(SHELF, key, record)
        return answer
