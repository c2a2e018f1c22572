"""How long calls take, ours and the bare ones by turns, as a client of the server meets them."""

import http.client
import json
import statistics
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

WARM_UP = 20


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


class KeptConnection:
    """One HTTP connection to a server on this machine, kept open between calls."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def get(self, path: str, **headers: str) -> Answer:
        return self._ask("GET", path, None, headers)

    def post(self, path: str, body: Any, **headers: str) -> Answer:
        return self._ask("POST", path, json.dumps(body).encode(), headers)

    def _ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self._connection.request(method, path, body, {"Content-Type": "application/json", **named})
        answer = self._connection.getresponse()
        return Answer(answer.status, answer.read())


@dataclass(frozen=True)
class Timing:
    """Milliseconds."""

    median: float
    p95: float

    @classmethod
    def of(cls, seconds: list[float]) -> "Timing":
        return cls(
            median=statistics.median(seconds) * 1_000,
            p95=statistics.quantiles(seconds, n=20)[-1] * 1_000,
        )


def by_turns(works: dict[str, Callable[[], Any]], *, times: int) -> dict[str, Timing]:
    """Run the works one after the other, again and again, so that all meet the same moods of the machine."""
    took: dict[str, list[float]] = {name: [] for name in works}
    for round_ in range(times + WARM_UP):
        for name, work in works.items():
            begun = perf_counter()
            work()
            if round_ >= WARM_UP:
                took[name].append(perf_counter() - begun)
    return {name: Timing.of(seconds) for name, seconds in took.items()}


def statements(work: Callable[[], Any]) -> int:
    """How many SQL statements a work in this process takes, BEGIN and COMMIT included, once it is warm."""
    work()
    with CaptureQueriesContext(connection) as captured:
        work()
    return len(captured)
