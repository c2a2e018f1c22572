"""Three roles of PostgreSQL for production: who owns the tables, who works with them, who only reads.

The owner migrates. The application reads and writes rows, cannot change tables or triggers, and may only
add to append-only ones; which those are, the triggers tell, so a new one is in without being named here. The
backup role reads. With ``DATABASE_ROLES`` set, every ``migrate`` renews the grants.
"""

import re
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connections, transaction

_NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")

_ROLES = """
-- The roles. Once, as a role that may create roles; then give each a password: \\password {application}
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{owner}') THEN
        -- A restore makes a database beside the one that it replaces.
        CREATE ROLE {owner} LOGIN NOSUPERUSER NOCREATEROLE CREATEDB NOBYPASSRLS;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{application}') THEN
        CREATE ROLE {application} LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB NOBYPASSRLS;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{backup}') THEN
        CREATE ROLE {backup} LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB NOBYPASSRLS;
        ALTER ROLE {backup} SET default_transaction_read_only = on;
    END IF;
END $$;
"""

_HAND_OVER = """
-- Everything of the application belongs to the owner, whoever made it.
DO $$
DECLARE
    statement text;
BEGIN
    EXECUTE format('ALTER DATABASE %I OWNER TO {owner}', current_database());
    FOR statement IN
        SELECT format('ALTER %s %I.%I OWNER TO {owner}',
            CASE thing.relkind WHEN 'S' THEN 'SEQUENCE' WHEN 'v' THEN 'VIEW' ELSE 'TABLE' END,
            'public', thing.relname)
        FROM pg_class AS thing
        WHERE thing.relnamespace = 'public'::regnamespace AND thing.relkind IN ('r', 'p', 'v', 'S')
            AND thing.relowner <> '{owner}'::regrole
            AND NOT EXISTS (  -- a part of an extension; a sequence that goes with its column
                SELECT FROM pg_depend AS bond
                WHERE bond.classid = 'pg_class'::regclass AND bond.objid = thing.oid
                    AND (bond.deptype = 'e' OR thing.relkind = 'S' AND bond.deptype IN ('a', 'i')))
        UNION ALL
        SELECT format('ALTER FUNCTION %s OWNER TO {owner}', routine.oid::regprocedure)
        FROM pg_proc AS routine
        WHERE routine.pronamespace = 'public'::regnamespace AND routine.proowner <> '{owner}'::regrole
            AND NOT EXISTS (
                SELECT FROM pg_depend AS bond
                WHERE bond.classid = 'pg_proc'::regclass AND bond.objid = routine.oid AND bond.deptype = 'e')
        UNION ALL
        SELECT format('ALTER TYPE %s OWNER TO {owner}', kind.oid::regtype)
        FROM pg_type AS kind
        WHERE kind.typnamespace = 'public'::regnamespace AND kind.typowner <> '{owner}'::regrole
            AND kind.typtype IN ('e', 'd')
    LOOP
        EXECUTE statement;
    END LOOP;
    ALTER SCHEMA public OWNER TO {owner};
END $$;
"""

_GRANTS = """
-- What the application and the backup may do. After every migration, as the owner.
DO $$
DECLARE
    guarded text;
    privileged text;
BEGIN
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO {application}, {backup}', current_database());
    REVOKE ALL ON SCHEMA public FROM PUBLIC;
    GRANT USAGE ON SCHEMA public TO {application}, {backup};
    REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, {application}, {backup};
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {application};
    GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {application};
    GRANT SELECT ON ALL TABLES IN SCHEMA public TO {backup};
    GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO {backup};
    -- Only migrations write down what was migrated.
    REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {application};
    FOR guarded IN
        SELECT DISTINCT guard.tgrelid::regclass::text FROM pg_trigger AS guard
        JOIN pg_proc AS refusal ON refusal.oid = guard.tgfoid
        WHERE starts_with(refusal.proname, 'kernel_refuse_change')
    LOOP
        EXECUTE format('REVOKE UPDATE, DELETE ON %s FROM {application}', guarded);
    END LOOP;
    -- What runs with the owner's rights is for triggers, and for whoever removes what is beyond its term.
    -- A restored backup has lost what its migrations revoked.
    FOR privileged IN
        SELECT routine.oid::regprocedure::text FROM pg_proc AS routine
        WHERE routine.pronamespace = 'public'::regnamespace AND routine.prosecdef
    LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC, {application}, {backup}', privileged);
    END LOOP;
    GRANT EXECUTE ON FUNCTION kernel_remove_expired(regclass, integer), identity_destroy_consents(integer)
        TO {application};
    -- Tables to come: until the grants are renewed after their migration, rows can be read and added.
    ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public
        GRANT SELECT, INSERT ON TABLES TO {application};
    ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public
        GRANT USAGE, SELECT ON SEQUENCES TO {application};
    ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public GRANT SELECT ON TABLES TO {backup};
    ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public GRANT SELECT ON SEQUENCES TO {backup};
END $$;
"""

_KNOWN = """
SELECT count(*) = 3 AND bool_or(rolname = %s AND pg_has_role(oid, 'MEMBER')) FROM pg_roles
WHERE rolname = ANY(%s)
"""


@dataclass(frozen=True, kw_only=True)
class DatabaseRoles:
    """The names of the roles; ``owner`` migrates, ``application`` serves, ``backup`` reads."""

    owner: str = "practice_owner"
    application: str = "practice_app"
    backup: str = "practice_backup"

    def __post_init__(self) -> None:
        names = [self.owner, self.application, self.backup]
        if len(set(names)) != 3 or not all(_NAME.fullmatch(name) for name in names):
            raise ImproperlyConfigured(
                "DATABASE_ROLES names three different roles, in small Latin letters, digits and _: the "
                "owner's, the application's, the backup's."
            )

    def sql(self, *, roles: bool = True, hand_over: bool = True, grants: bool = True) -> str:
        """The statements that make the roles, hand everything over to the owner, and grant the rest."""
        parts = [(_ROLES, roles), (_HAND_OVER, hand_over), (_GRANTS, grants)]
        names = {"owner": self.owner, "application": self.application, "backup": self.backup}
        return "".join(text.format(**names) for text, wanted in parts if wanted)


def configured() -> DatabaseRoles | None:
    """The roles of DATABASE_ROLES; None when it is not set. Raises ImproperlyConfigured."""
    names = settings.DATABASE_ROLES
    if not names:
        return None
    if len(names) != 3:
        raise ImproperlyConfigured(
            "DATABASE_ROLES names three roles: the owner's, the application's, the backup's."
        )
    owner, application, backup = names
    return DatabaseRoles(owner=owner, application=application, backup=backup)


def renew_grants(*, using: str, **_signal: Any) -> None:
    """After a migration: let the grants fit the tables there are now.

    Only where the roles are there and the present one may act as the owner: a drill or a test has none.
    """
    roles = configured()
    if roles is None:
        return
    connection = connections[using]
    with transaction.atomic(using=using), connection.cursor() as cursor:
        cursor.execute(_KNOWN, [roles.owner, [roles.owner, roles.application, roles.backup]])
        if cursor.fetchone()[0]:
            cursor.execute(roles.sql(roles=False, hand_over=False))
