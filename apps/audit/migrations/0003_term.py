"""Audit records stay for three years; older ones may go, and no others."""

from django.db import migrations

from apps.kernel.infrastructure.append_only import kept_for


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_readings"), ("kernel", "0006_retention")]

    operations = [kept_for("audit_auditrecord", column="at", term="3 years")]
