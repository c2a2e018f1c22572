"""What ``check --deploy --database default`` finds about the role that the application connects as."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage
from django.core.checks import Warning as Finding
from django.db import DatabaseError, connections

HINT = "Run `python manage.py database_roles` and connect as the application's role (docs/operations.md)."
_OWN = """
SELECT
    (SELECT rolsuper FROM pg_roles WHERE rolname = current_user),
    (SELECT count(*) FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND pg_has_role(relowner, 'USAGE')),
    ARRAY(SELECT DISTINCT guard.tgrelid::regclass::text FROM pg_trigger AS guard
        JOIN pg_proc AS refusal ON refusal.oid = guard.tgfoid
        WHERE starts_with(refusal.proname, 'kernel_refuse_change')
            AND has_table_privilege(guard.tgrelid, 'UPDATE, DELETE, TRUNCATE, TRIGGER') ORDER BY 1)
"""


def check_database_role(databases: Sequence[str] | None = None, **_given: Any) -> list[CheckMessage]:
    """Warns when the application could switch the guards of append-only tables off, or get around them."""
    found: list[CheckMessage] = []
    for alias in databases or []:
        try:
            with connections[alias].cursor() as cursor:
                cursor.execute(_OWN)
                is_superuser, owned, changeable = cursor.fetchone()
        except DatabaseError:
            continue  # whether the database answers, other checks tell
        if is_superuser:
            found.append(
                Finding(
                    "The application connects as a superuser of PostgreSQL.", hint=HINT, id="project.W001"
                )
            )
        elif owned:
            found.append(
                Finding(
                    "The application connects as the owner of its tables, who may switch off the guards of "
                    "append-only ones.",
                    hint=HINT,
                    id="project.W002",
                )
            )
        elif changeable:
            found.append(
                Finding(
                    f"The application's role may change append-only tables: {', '.join(changeable)}.",
                    hint=HINT,
                    id="project.W003",
                )
            )
    return found
