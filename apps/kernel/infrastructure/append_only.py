"""Tables that the database itself keeps append-only, whoever writes; some of them for a term.

A row whose term is over may be deleted, and only then: the trigger looks at the row's own age. It is removed
by ``kernel_remove_expired``, which runs with the rights of the tables' owner and reads the term from the
trigger, so that the application's role needs no right to delete.
"""

from django.db.migrations.operations import RunSQL

YEARS_OF_PROOF = 3
"""How long audit records and reports are kept (product.md); acts of destruction as long by order 179 of
Roskomnadzor of 28.10.2022."""

CREATE_GUARD = """
CREATE FUNCTION kernel_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""
DROP_GUARD = "DROP FUNCTION kernel_refuse_change();"

CREATE_TERM = r"""
CREATE FUNCTION kernel_refuse_change_within_term() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE'
        AND (to_jsonb(OLD) ->> TG_ARGV[0])::timestamptz < now() - TG_ARGV[1]::interval THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
COMMENT ON FUNCTION kernel_refuse_change_within_term() IS
    'Arguments of the trigger: the column that tells the age of a row, and how long rows stay.';
CREATE FUNCTION kernel_remove_expired(guarded regclass, most integer) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    term text[];
    removed bigint;
BEGIN
    SELECT string_to_array(encode(guard.tgargs, 'escape'), '\000') INTO term
    FROM pg_trigger AS guard JOIN pg_proc AS refusal ON refusal.oid = guard.tgfoid
    WHERE guard.tgrelid = guarded AND refusal.proname = 'kernel_refuse_change_within_term';
    IF term IS NULL THEN
        RAISE EXCEPTION '% keeps its rows for ever', guarded USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    EXECUTE format(
        'DELETE FROM %1$s WHERE ctid = ANY (ARRAY(SELECT ctid FROM %1$s WHERE %2$I < now() - %3$L::interval
            ORDER BY %2$I LIMIT %4$s FOR UPDATE SKIP LOCKED))',
        guarded, term[1], term[2], most
    );
    GET DIAGNOSTICS removed = ROW_COUNT;
    RETURN removed;
END $$;
COMMENT ON FUNCTION kernel_remove_expired(regclass, integer) IS
    'Removes the oldest rows that are beyond the term of the table, and no others; returns how many.';
"""
DROP_TERM = """
DROP FUNCTION kernel_remove_expired(regclass, integer);
DROP FUNCTION kernel_refuse_change_within_term();
"""


def append_only(table: str) -> RunSQL:
    """The migration operation that lets ``table`` take INSERTs only: UPDATE, DELETE and TRUNCATE raise
    ``integrity_constraint_violation``. The migration depends on the kernel's first one.
    """
    return RunSQL(
        sql=f"""
        CREATE TRIGGER {table}_rows_stay BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change();
        CREATE TRIGGER {table}_table_stays BEFORE TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION kernel_refuse_change();
        """,
        reverse_sql=f"""
        DROP TRIGGER {table}_rows_stay ON {table};
        DROP TRIGGER {table}_table_stays ON {table};
        """,
    )


def kept_for(table: str, *, column: str, term: str) -> RunSQL:
    """The migration operation that lets the rows of an append-only ``table`` be deleted once ``column`` is
    ``term`` (an interval, ``3 years``) ago. The migration depends on the kernel's one with the terms.
    """
    return RunSQL(
        sql=f"""
        DROP TRIGGER {table}_rows_stay ON {table};
        CREATE TRIGGER {table}_rows_stay BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change_within_term('{column}', '{term}');
        """,
        reverse_sql=f"""
        DROP TRIGGER {table}_rows_stay ON {table};
        CREATE TRIGGER {table}_rows_stay BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change();
        """,
    )
