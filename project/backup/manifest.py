"""What a backup says of itself, read in the very snapshot that is dumped."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import psycopg
from psycopg import sql

from project.backup.guards import append_only_tables

_TABLES = """
SELECT namespace.nspname, class.relname FROM pg_class AS class
JOIN pg_namespace AS namespace ON namespace.oid = class.relnamespace
WHERE class.relkind = 'r' AND class.relpersistence = 'p'
    AND namespace.nspname <> 'information_schema' AND namespace.nspname !~ '^pg_'
ORDER BY 1, 2
"""
_MIGRATIONS = "SELECT app, max(name) FROM django_migrations GROUP BY app ORDER BY app"


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """``tables`` maps ``schema.table`` to its number of rows, ``migrations`` an app to its last one,
    and ``append_only`` names the tables whose guards stood.

    Tables that PostgreSQL empties after a crash (UNLOGGED) are neither dumped nor counted.
    """

    made_at: datetime
    server_version: int
    migrations: Mapping[str, str]
    tables: Mapping[str, int]
    append_only: Sequence[str]

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "made_at": self.made_at.isoformat()}

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> "Manifest":
        """Raises ValueError, KeyError or TypeError when it is none."""
        return cls(
            made_at=datetime.fromisoformat(given["made_at"]),
            server_version=int(given["server_version"]),
            migrations={str(app): str(name) for app, name in given["migrations"].items()},
            append_only=[str(table) for table in given["append_only"]],
            tables={str(table): int(count) for table, count in given["tables"].items()},
        )

    @property
    def rows(self) -> int:
        return sum(self.tables.values())


def read_manifest(connection: psycopg.Connection[tuple[Any, ...]], *, at: datetime) -> Manifest:
    """The manifest of what ``connection`` sees in its transaction."""
    return Manifest(
        made_at=at,
        server_version=connection.info.server_version // 10_000,
        migrations=dict(_pairs(connection.execute(_MIGRATIONS).fetchall())),
        tables=count_rows(connection),
        append_only=append_only_tables(connection),
    )


def count_rows(connection: psycopg.Connection[tuple[Any, ...]]) -> dict[str, int]:
    """The number of rows of every table that is dumped."""
    counts = {}
    for schema, table in connection.execute(_TABLES).fetchall():
        statement = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(schema, table))
        found = connection.execute(statement).fetchone()
        counts[f"{schema}.{table}"] = int(found[0]) if found else 0
    return counts


def _pairs(rows: list[tuple[Any, ...]]) -> list[tuple[str, str]]:
    return [(str(app), str(name)) for app, name in rows]
