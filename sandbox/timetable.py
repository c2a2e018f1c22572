"""What is to happen later, by the clock of the sandbox."""

import asyncio
import heapq
from collections.abc import Callable
from datetime import datetime
from itertools import count

from sandbox.clock import Clock

LONGEST_SLEEP = 3600.0  # seconds


class Timetable:
    """Plans are plain calls and are not stored: whoever plans, plans again after a restart."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._plans: list[tuple[datetime, int, Callable[[], None]]] = []
        self._numbers = count()
        self._changed = asyncio.Event()

    def plan(self, at: datetime, action: Callable[[], None]) -> None:
        """``action`` decides itself, when it runs, whether it still has something to do."""
        heapq.heappush(self._plans, (at, next(self._numbers), action))
        self._changed.set()

    def run_due(self) -> None:
        """Run all that is due, in the order of time, what comes up meanwhile included."""
        while self._plans and self._plans[0][0] <= self._clock.now():
            _, _, action = heapq.heappop(self._plans)
            action()

    def clear(self) -> None:
        self._plans.clear()

    async def keep(self) -> None:
        """Run plans when their time comes, for ever."""
        while True:
            self._changed.clear()
            self.run_due()
            pause = LONGEST_SLEEP
            if self._plans:
                pause = min(pause, max(0.0, (self._plans[0][0] - self._clock.now()).total_seconds()))
            try:
                await asyncio.wait_for(self._changed.wait(), pause)
            except TimeoutError:
                continue

    def look_again(self) -> None:
        """The clock was moved."""
        self._changed.set()
