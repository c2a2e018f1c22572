"""The tables that the database keeps append-only, told by the triggers that stand on them."""

from typing import Any

import psycopg
from psycopg import sql

_GUARDED = """
SELECT DISTINCT class.relname FROM pg_trigger AS guard
JOIN pg_class AS class ON class.oid = guard.tgrelid
JOIN pg_namespace AS namespace ON namespace.oid = class.relnamespace
JOIN pg_proc AS function ON function.oid = guard.tgfoid
WHERE namespace.nspname = 'public' AND NOT guard.tgisinternal AND guard.tgenabled = ANY(%s)
    AND starts_with(function.proname, 'kernel_refuse_change')
ORDER BY 1
"""


def append_only_tables(connection: psycopg.Connection[tuple[Any, ...]]) -> list[str]:
    """Their names; one whose guard is switched off is not among them."""
    return [str(row[0]) for row in connection.execute(_GUARDED, [["O", "A"]]).fetchall()]


def emptied(connection: psycopg.Connection[tuple[Any, ...]], tables: list[str]) -> list[str]:
    """Those of ``tables`` that could be emptied: each is tried, and nothing is kept of it."""
    weak = []
    for table in tables:
        try:
            with connection.transaction(force_rollback=True):
                connection.execute("SET LOCAL lock_timeout = '5s'")
                connection.execute(sql.SQL("TRUNCATE {} CASCADE").format(sql.Identifier(table)))
            weak.append(table)
        except psycopg.errors.IntegrityConstraintViolation:
            continue
    return weak
