"""Empties the test database between transactional tests.

Django's own flush fails here: append-only tables refuse TRUNCATE, and the queue's tables are unmanaged. So
the triggers are off while tables are emptied, and what the migrations had put in is put back.
"""

from django.db import connection

_SEED_SCHEMA = "seeded"
_KEPT = {"django_migrations"}


def remember_seeds() -> None:
    """Keep a copy of every row that the migrations have made."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {_SEED_SCHEMA} CASCADE")
        cursor.execute(f"CREATE SCHEMA {_SEED_SCHEMA}")
        for table in _filled_tables(cursor):
            cursor.execute(f'CREATE TABLE {_SEED_SCHEMA}."{table}" AS TABLE public."{table}"')


def restore_seeds_only() -> None:
    """Empty all tables and put the rows of the migrations back."""
    with connection.cursor() as cursor:
        filled = _filled_tables(cursor)
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [_SEED_SCHEMA])
        seeded = [row[0] for row in cursor.fetchall()]
        statements = [
            "BEGIN",
            "SET LOCAL lock_timeout = '30s'",
            "SET LOCAL session_replication_role = replica",
        ]
        if filled:
            statements.append(
                "TRUNCATE {} CASCADE".format(", ".join(f'public."{table}"' for table in filled))
            )
        for table in seeded:
            columns = ", ".join(f'"{column}"' for column in _plain_columns(cursor, table))
            statements.append(
                f'INSERT INTO public."{table}" ({columns}) OVERRIDING SYSTEM VALUE '
                f'SELECT {columns} FROM {_SEED_SCHEMA}."{table}"'
            )
        statements.append("COMMIT")
        cursor.execute("; ".join(statements))


def _filled_tables(cursor) -> list[str]:
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
    tables = [row[0] for row in cursor.fetchall() if row[0] not in _KEPT]
    cursor.execute(
        " UNION ALL ".join(f"(SELECT '{table}' FROM public.\"{table}\" LIMIT 1)" for table in tables)
    )
    return [row[0] for row in cursor.fetchall()]


def _plain_columns(cursor, table: str) -> list[str]:
    """The columns that are stored, not computed."""
    cursor.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' "
        "AND table_name = %s AND is_generated = 'NEVER' ORDER BY ordinal_position",
        [table],
    )
    return [row[0] for row in cursor.fetchall()]
