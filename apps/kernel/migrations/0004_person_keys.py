from uuid import uuid4

from django.db import migrations, models

GUARD = """
CREATE FUNCTION kernel_keep_person_key() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%: a key is destroyed, never deleted or brought back', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER kernel_person_key_stays BEFORE DELETE ON kernel_personkey
    FOR EACH ROW EXECUTE FUNCTION kernel_keep_person_key();
CREATE TRIGGER kernel_person_key_stays_destroyed BEFORE UPDATE ON kernel_personkey
    FOR EACH ROW WHEN (OLD.destroyed_at IS NOT NULL OR NEW.id <> OLD.id
                       OR NEW.person IS DISTINCT FROM OLD.person)
    EXECUTE FUNCTION kernel_keep_person_key();
CREATE TRIGGER kernel_person_keys_stay BEFORE TRUNCATE ON kernel_personkey
    FOR EACH STATEMENT EXECUTE FUNCTION kernel_keep_person_key();
"""
UNGUARD = """
DROP TRIGGER kernel_person_keys_stay ON kernel_personkey;
DROP TRIGGER kernel_person_key_stays_destroyed ON kernel_personkey;
DROP TRIGGER kernel_person_key_stays ON kernel_personkey;
DROP FUNCTION kernel_keep_person_key();
"""


class Migration(migrations.Migration):
    dependencies = [("kernel", "0003_wake_who_waits_for_a_lock")]

    operations = [
        migrations.CreateModel(
            name="PersonKey",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("person", models.UUIDField(null=True)),
                ("wrapped", models.BinaryField(null=True)),
                ("generation", models.CharField(blank=True, db_index=True, max_length=40)),
                ("created_at", models.DateTimeField()),
                ("destroyed_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person",), name="person_key_unique", nulls_distinct=False
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("destroyed_at__isnull", True), ("wrapped__isnull", False)),
                            models.Q(("destroyed_at__isnull", False), ("wrapped__isnull", True)),
                            _connector="OR",
                        ),
                        name="person_key_destroyed_or_there",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("person__isnull", False), ("destroyed_at__isnull", True), _connector="OR"
                        ),
                        name="practice_key_stays",
                    ),
                ],
            },
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
