"""What the sandbox remembers: named shelves of JSON records, in memory and, if asked for, in a file."""

import json
import sqlite3
from pathlib import Path
from typing import Any

Record = dict[str, Any]


class Store:
    """Records keep the order in which they were first put. Every ``put`` is on disk when it returns."""

    def __init__(self, directory: Path | None = None) -> None:
        self._shelves: dict[str, dict[str, Record]] = {}
        self._file: sqlite3.Connection | None = None
        if directory is not None:
            directory.mkdir(parents=True, exist_ok=True)
            self._file = sqlite3.connect(directory / "sandbox.sqlite3", autocommit=True)
            self._load(self._file)

    def _load(self, file: sqlite3.Connection) -> None:
        # A crash of this process loses nothing; a crash of the machine may, which is fine for a sandbox.
        file.execute("PRAGMA journal_mode = WAL")
        file.execute("PRAGMA synchronous = OFF")
        file.execute(
            "CREATE TABLE IF NOT EXISTS records (shelf TEXT, key TEXT, body TEXT, PRIMARY KEY (shelf, key))"
        )
        for shelf, key, body in file.execute("SELECT shelf, key, body FROM records ORDER BY rowid"):
            self.shelf(shelf)[key] = json.loads(body)

    def shelf(self, name: str) -> dict[str, Record]:
        """The records of a shelf by key, oldest first; to be changed by ``put`` and ``drop`` only."""
        return self._shelves.setdefault(name, {})

    def get(self, shelf: str, key: str) -> Record | None:
        return self.shelf(shelf).get(key)

    def put(self, shelf: str, key: str, record: Record) -> None:
        self.shelf(shelf)[key] = record
        if self._file is not None:
            self._file.execute(
                "INSERT INTO records VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET body = excluded.body",
                (shelf, key, json.dumps(record, ensure_ascii=False)),
            )

    def drop(self, shelf: str, key: str) -> None:
        self.shelf(shelf).pop(key, None)
        if self._file is not None:
            self._file.execute("DELETE FROM records WHERE shelf = ? AND key = ?", (shelf, key))

    def empty(self, shelf: str | None = None) -> None:
        """Forget one shelf, or everything."""
        if shelf is None:
            self._shelves.clear()
        else:
            self.shelf(shelf).clear()
        if self._file is not None:
            where, values = ("", ()) if shelf is None else (" WHERE shelf = ?", (shelf,))
            self._file.execute(f"DELETE FROM records{where}", values)  # noqa: S608 - no text from outside

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
