"""The log as a file: CSV for a table, JSON for a program."""

import csv
import json
from collections.abc import Iterable, Iterator
from typing import Any

from apps.audit.infrastructure.models import AuditRecord

COLUMNS = ("at", "actor_id", "role", "action", "entity", "entity_id", "changes", "ip", "user_agent")
CHUNK = 1_000
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


class _Echo:
    """A file for csv.writer that hands every line straight back."""

    def write(self, text: str) -> str:
        return text


def as_csv(records: Iterable[AuditRecord]) -> Iterator[str]:
    """Lines of CSV in UTF-8 with a byte-order mark, so that spreadsheets see Cyrillic.

    Texts that a spreadsheet would take for a formula get an apostrophe before them.
    """
    writer = csv.writer(_Echo())
    yield "\ufeff"
    yield str(writer.writerow(COLUMNS))
    for record in records:
        row = _row(record)
        row["changes"] = json.dumps(row["changes"], ensure_ascii=False) if row["changes"] else ""
        yield str(writer.writerow([_neutral(row[name]) for name in COLUMNS]))


def as_json(records: Iterable[AuditRecord]) -> Iterator[str]:
    """A JSON array, one record a line."""
    before = "["
    for record in records:
        yield before + "\n" + json.dumps(_row(record), ensure_ascii=False)
        before = ","
    yield "\n]\n" if before == "," else "[]\n"


def _row(record: AuditRecord) -> dict[str, Any]:
    row = {name: getattr(record, name) for name in COLUMNS}
    return row | {
        "at": record.at.isoformat(),
        "actor_id": None if record.actor_id is None else str(record.actor_id),
    }


def _neutral(value: Any) -> Any:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
