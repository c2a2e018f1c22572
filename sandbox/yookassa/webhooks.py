"""Notifications: sent again with growing pauses until the receiver answers 200, for 24 hours."""

import asyncio
import copy
import json
import random
import secrets
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from sandbox.clock import Clock, read, written
from sandbox.http_client import NotDelivered, post
from sandbox.store import Record, Store
from sandbox.timetable import Timetable

SHELF = "webhooks"
PATIENCE = timedelta(hours=24)
PAUSES = (2, 5, 10, 30, 60, 300, 900, 1800, 3600)  # seconds after each failed try; the last one repeats
PARALLEL = 64


@dataclass
class Habits:
    """How notifications misbehave; the usual ones are well-behaved."""

    delay: float = 0.0
    """Seconds between the event and the first try."""
    copies: int = 1
    """How often each is delivered, in parallel."""
    drop: int = 0
    """How many of the next ones are lost."""
    paused: bool = False
    """Whether new ones wait until they are released."""


class Webhooks:
    """Records: id, event, object, url, created_at, next_at (None: not planned), delivered, tries."""

    def __init__(self, store: Store, clock: Clock, timetable: Timetable, url: str) -> None:
        self._store = store
        self._clock = clock
        self._timetable = timetable
        self.url = url
        self.habits = Habits()
        self._gate = asyncio.Semaphore(PARALLEL)
        self._sending: set[asyncio.Task[None]] = set()

    def restore(self) -> None:
        """Plan again what was not delivered before a restart."""
        for record in self._store.shelf(SHELF).values():
            if record["next_at"]:
                self._plan(record["id"])

    def announce(self, event: str, body: Record) -> None:
        """Something happened to a payment or a refund: ``body`` is the object as it is now."""
        now = self._clock.now()
        lost = self.habits.drop > 0
        self.habits.drop -= lost
        waits = self.habits.paused or lost
        record: Record = {
            "id": f"wh-{secrets.token_hex(8)}",
            "event": event,
            "object": copy.deepcopy(body),
            "url": self.url,
            "created_at": written(now),
            "next_at": None if waits else written(now + timedelta(seconds=self.habits.delay)),
            "copies": max(1, self.habits.copies),
            "dropped": lost,
            "delivered": False,
            "tries": [],
        }
        self._store.put(SHELF, record["id"], record)
        if not waits:
            self._plan(record["id"])

    def _plan(self, key: str) -> None:
        record = self._store.shelf(SHELF)[key]
        self._timetable.plan(read(record["next_at"]), lambda: self._start(key))

    def _start(self, key: str) -> None:
        record = self._store.get(SHELF, key)
        if record is None or not record["next_at"] or read(record["next_at"]) > self._clock.now():
            return
        record["next_at"] = None
        self._run(self._deliver(record, record["copies"]))

    def _run(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    async def _deliver(self, record: Record, copies: int = 1) -> None:
        outcomes = await asyncio.gather(*(self._try(record) for _ in range(copies)))
        if self._store.get(SHELF, record["id"]) is not record:
            return  # emptied meanwhile
        if any(outcomes):
            record["delivered"] = True
        elif not record["delivered"]:
            pause = PAUSES[min(len(record["tries"]) - 1, len(PAUSES) - 1)]
            next_at = self._clock.now() + timedelta(seconds=pause)
            if next_at <= read(record["created_at"]) + PATIENCE:
                record["next_at"] = written(next_at)
                self._plan(record["id"])
        self._store.put(SHELF, record["id"], record)

    async def _try(self, record: Record) -> bool:
        status = await self.send(notification(record["event"], record["object"]), url=record["url"])
        record["tries"].append({"at": written(self._clock.now()), **status})
        return status.get("status") == 200

    async def send(
        self,
        body: Any,
        *,
        url: str = "",
        headers: dict[str, str] | None = None,
        source: str | None = None,
    ) -> dict[str, Any]:
        """Send anything at once: ``{"status": 200}``, or ``{"error": "timeout"}``."""
        content = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        async with self._gate:
            try:
                return {"status": await post(url or self.url, content, headers=headers, source=source)}
            except NotDelivered as error:
                return {"error": str(error)}

    async def resend(self, key: str, copies: int = 1) -> list[dict[str, Any]]:
        """Deliver one again, now, whatever became of it; raises KeyError for an unknown one."""
        record = self._store.shelf(SHELF)[key]
        before = len(record["tries"])
        record["next_at"] = None
        await self._deliver(record, copies)
        return record["tries"][before:]

    async def release(self, *, shuffle: bool = False, copies: int = 1) -> list[str]:
        """Deliver in parallel what waits or was lost; the keys in the order in which they were begun."""
        keys = [
            key
            for key, record in self._store.shelf(SHELF).items()
            if not record["delivered"] and not record["tries"] and not record["next_at"]
        ]
        order = [key for key in keys for _ in range(copies)]
        if shuffle:
            random.shuffle(order)
        await asyncio.gather(*(self.resend(key) for key in order))
        return order

    def settings(self) -> dict[str, Any]:
        return {"url": self.url, **asdict(self.habits)}

    async def idle(self) -> None:
        """Return when nothing is being sent."""
        while self._sending:
            await asyncio.gather(*self._sending, return_exceptions=True)

    def stop(self) -> None:
        for task in self._sending:
            task.cancel()


def notification(event: str, body: Record) -> Record:
    return {"type": "notification", "event": event, "object": body}
