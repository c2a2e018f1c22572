"""Finds the readings of one client's private texts among all records."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "CREATE INDEX audit_readings ON audit_auditrecord ((changes -> 'client_id' ->> 1), entity)"
            " WHERE action = 'private_text_read'",
            "DROP INDEX audit_readings",
        )
    ]
