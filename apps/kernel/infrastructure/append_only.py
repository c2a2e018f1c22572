"""Tables that the database itself keeps append-only, whoever writes."""

from django.db.migrations.operations import RunSQL

CREATE_GUARD = """
CREATE FUNCTION kernel_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""
DROP_GUARD = "DROP FUNCTION kernel_refuse_change();"


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
