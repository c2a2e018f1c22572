"""How much the encryption of a diary costs its reader: the real list, beside the same list in plain text."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import cycle
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from django.db import connection
from django.test import Client

from apps.client_cabinet.infrastructure.models import DiaryEntry
from bench.data import Practice, analyze
from bench.measure import KeptConnection, by_turns, statements
from bench.plain_diary import PlainEntry
from bench.report import Report
from tests.faults.crowd import serving

ENTRIES, ROUNDS = 1_000, 12
DIARY, PLAIN = "/api/v1/me/diary/", "/plain/diary/"
# About as long as people write: half a kilobyte to one and a half.
_SENTENCE = "Сегодня было много мыслей о работе, к вечеру стало спокойнее и захотелось тишины. "


def diary(practice: Practice, report: Report) -> None:
    """1 000 entries read from the first page to the last, again and again, by turns with their twin."""
    author, token = UUID(practice.clients[-1]), practice.tokens[-1]
    with connection.schema_editor() as editor:
        editor.create_model(PlainEntry)
    _write(author)
    analyze()
    browser = Client(headers={"Host": "localhost", "X-Session-Token": token})
    for size in (25, 100):
        counted = statements(lambda size=size: browser.get(f"{DIARY}?limit={size}"))
        report.add(f"diary of {ENTRIES:,} entries, page of {size}, statements", counted, "", 4)
    with serving("project.wsgi:application", threads=1, settings="bench.settings") as server:
        client = KeptConnection(server.port)
        for size in (25, 100):
            ours, plain = _pages(client, DIARY, size, token), _pages(client, PLAIN, size, token)
            if len(ours) != ENTRIES // size or _told(client, ours, token) != _told(client, plain, token):
                raise RuntimeError("the two lists differ: nothing was measured")
            walk, twin = cycle(ours), cycle(plain)
            took = by_turns(
                {
                    "ours": lambda walk=walk: client.get(next(walk), X_Session_Token=token),
                    "plain": lambda twin=twin: client.get(next(twin), X_Session_Token=token),
                },
                times=len(ours) * ROUNDS,
            )
            report.add(f"diary of {ENTRIES:,} entries, page of {size}, median", took["ours"].median, "ms")
            report.add("  the same, p95", took["ours"].p95, "ms")
            report.add("  the same list in plain text, median", took["plain"].median, "ms")
            report.add("  encrypted / plain", took["ours"].median / took["plain"].median, "×", 1.3)


def _pages(client: KeptConnection, address: str, size: int, token: str) -> list[str]:
    """The addresses of all pages, from the first to the last."""

    def walk() -> Iterator[str]:
        place: str | None = f"{address}?limit={size}"
        while place is not None:
            yield place
            answer = client.get(place, X_Session_Token=token)
            if answer.status != 200:
                raise RuntimeError("a page did not answer: nothing was measured")
            following = answer.json()["next"]
            parts = urlsplit(following) if following else None
            place = f"{parts.path}?{parts.query}" if parts else None

    return list(walk())


def _told(client: KeptConnection, pages: list[str], token: str) -> list[Any]:
    return [entry for page in pages for entry in client.get(page, X_Session_Token=token).json()["results"]]


def _write(author: UUID) -> None:
    """The same entries into both tables."""
    now = datetime.now(UTC)
    rows: list[dict[str, Any]] = [
        {
            "id": uuid4(),
            "author_id": author,
            "happened_at": now - timedelta(hours=9 * number),
            "time_zone": "Europe/Moscow",
            "day": (now - timedelta(hours=9 * number)).date(),
            "created_at": now,
            "updated_at": now,
            "version": 1,
            **_content(number),
        }
        for number in range(ENTRIES)
    ]
    DiaryEntry.objects.bulk_create([DiaryEntry(**row) for row in rows])
    PlainEntry.objects.bulk_create([PlainEntry(**row) for row in rows])


def _content(number: int) -> dict[str, Any]:
    words = _SENTENCE * (1 + number % 4)
    return [
        {
            "type": "emotions",
            "payload": {
                "emotions": [{"name": "тревога", "intensity": 6}, {"name": "усталость", "intensity": 4}],
                "situation": words,
                "body": words,
            },
        },
        {
            "type": "abc",
            "payload": {"activating_event": words, "beliefs": words, "consequences": words, "dispute": words},
        },
        {
            "type": "sleep_energy",
            "payload": {
                "bed_time": "23:30", "rise_time": "07:15", "quality": 7, "energy": 6, "tension": 3,
                "note": words,
            },
        },
        {"type": "gratitude", "payload": {"items": [words, words, words]}},
    ][number % 4]  # fmt: skip
