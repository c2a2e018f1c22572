import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from apps.kernel.infrastructure.append_only import append_only


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("kernel", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AuditRecord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="when")),
                ("role", models.CharField(max_length=20, verbose_name="role")),
                ("action", models.CharField(max_length=80, verbose_name="action")),
                ("entity", models.CharField(max_length=80, verbose_name="kind of thing")),
                ("entity_id", models.CharField(max_length=80, verbose_name="thing")),
                ("changes", models.JSONField(default=dict, verbose_name="changes")),
                ("ip", models.GenericIPAddressField(null=True, verbose_name="IP address")),
                ("user_agent", models.CharField(max_length=400, verbose_name="user agent")),
                (
                    "actor",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="who",
                    ),
                ),
            ],
            options={
                "verbose_name": "audit record",
                "verbose_name_plural": "audit log",
                "ordering": ["-at", "-id"],
                "indexes": [
                    models.Index(fields=["-at", "-id"], name="audit_at"),
                    models.Index(fields=["actor", "-at"], name="audit_actor_at"),
                    models.Index(fields=["action", "-at"], name="audit_action_at"),
                    models.Index(fields=["entity", "entity_id", "-at"], name="audit_entity_at"),
                ],
            },
        ),
        append_only("audit_auditrecord"),
    ]
