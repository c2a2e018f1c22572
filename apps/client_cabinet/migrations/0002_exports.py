import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import apps.kernel.infrastructure.fields


class Migration(migrations.Migration):
    dependencies = [
        ("client_cabinet", "0001_diary"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DataExport",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("kind", models.CharField(max_length=12)),
                ("first_day", models.DateField(null=True)),
                ("last_day", models.DateField(null=True)),
                ("status", models.CharField(max_length=12)),
                ("passphrase", apps.kernel.infrastructure.fields.EncryptedTextField(blank=True)),
                ("failure", models.CharField(blank=True, max_length=16)),
                ("build", models.UUIDField(null=True)),
                ("done", models.PositiveIntegerField(default=0)),
                ("total", models.PositiveIntegerField(default=0)),
                ("size", models.PositiveBigIntegerField(default=0)),
                ("created_at", models.DateTimeField()),
                ("ready_at", models.DateTimeField(null=True)),
                ("expires_at", models.DateTimeField(null=True)),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="client",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DataExportPiece",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("build", models.UUIDField()),
                ("number", models.PositiveIntegerField()),
                ("data", models.BinaryField()),
                (
                    "export",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pieces",
                        to="client_cabinet.dataexport",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="dataexport",
            index=models.Index(fields=["client", "-created_at", "-id"], name="data_export_of_client"),
        ),
        migrations.AddIndex(
            model_name="dataexport",
            index=models.Index(
                condition=models.Q(("status", "ready")), fields=["expires_at"], name="data_export_to_end"
            ),
        ),
        migrations.AddConstraint(
            model_name="dataexport",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status__in", ["processing", "requested"])),
                fields=("client",),
                name="data_export_one_running",
            ),
        ),
        migrations.AddConstraint(
            model_name="dataexport",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["archive", "diary_pdf"])), name="data_export_kind_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="dataexport",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["requested", "processing", "ready", "failed", "expired"])),
                name="data_export_status_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="dataexport",
            constraint=models.CheckConstraint(
                condition=models.Q(("failure__in", ["", "unreadable", "took_too_long", "defect"])),
                name="data_export_failure_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="dataexport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status__in", ["processing", "requested"]), ("passphrase", ""), _connector="OR"
                ),
                name="data_export_passphrase_is_wiped",
            ),
        ),
        migrations.AddConstraint(
            model_name="dataexport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "ready"), _negated=True),
                    models.Q(
                        ("build__isnull", False),
                        ("expires_at__isnull", False),
                        ("ready_at__isnull", False),
                        ("size__gt", 0),
                    ),
                    _connector="OR",
                ),
                name="data_export_ready_has_a_file",
            ),
        ),
        migrations.AddConstraint(
            model_name="dataexport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("first_day__isnull", True), ("kind", "archive"), ("last_day__isnull", True)),
                    models.Q(("first_day__lte", models.F("last_day")), ("kind", "diary_pdf")),
                    _connector="OR",
                ),
                name="data_export_period_of_a_diary",
            ),
        ),
        migrations.AddConstraint(
            model_name="dataexport",
            constraint=models.CheckConstraint(
                condition=models.Q(("done__lte", models.F("total"))), name="data_export_done_of_all"
            ),
        ),
        migrations.AddConstraint(
            model_name="dataexportpiece",
            constraint=models.UniqueConstraint(
                fields=("export", "build", "number"), name="data_export_piece_once"
            ),
        ),
        migrations.RunSQL(
            sql="""
            ALTER TABLE client_cabinet_dataexportpiece
                ADD CONSTRAINT data_export_piece_is_small CHECK (octet_length(data) <= 262144);
            """,
            reverse_sql="""
            ALTER TABLE client_cabinet_dataexportpiece DROP CONSTRAINT data_export_piece_is_small;
            """,
        ),
    ]
