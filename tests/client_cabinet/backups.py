"""A backup in tests: rows of all our tables as they were, and loading them again as a restore does."""

from collections.abc import Mapping

from django.apps import apps
from django.db import connection

from apps.identity.infrastructure.models import User
from apps.kernel.infrastructure.models import PersonKey


def tables() -> list[str]:
    """Every table of ours, of procrastinate and of Django that may hold something about people."""
    found = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    unmanaged = {m._meta.db_table for m in apps.get_models() if not m._meta.managed}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        )
        real = {name for (name,) in cursor.fetchall()}
    return sorted((found - unmanaged | {name for name in real if name.startswith("procrastinate_")}) & real)


def taken(*names: str) -> dict[str, bytes]:
    """The rows of tables (all of them where none is named) as COPY writes them."""
    copied = {}
    for table in names or tables():
        with connection.cursor() as cursor, cursor.copy(f'COPY "{table}" TO STDOUT') as copy:
            copied[table] = b"".join(bytes(piece) for piece in copy)
    return copied


def loaded(backup: Mapping[str, bytes]) -> None:
    """Put the rows of ``backup`` in place of those of today. Triggers rest, as while a dump is restored."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for table in backup:
            cursor.execute(f'DELETE FROM "{table}"')
        for table, rows in backup.items():
            with cursor.copy(f'COPY "{table}" FROM STDIN') as copy:
                copy.write(rows)
        cursor.execute("SET session_replication_role = origin")


ROWS_OF_A_PERSON = (User._meta.db_table, PersonKey._meta.db_table)
