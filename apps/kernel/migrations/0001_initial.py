from django.db import migrations, models

import apps.kernel.infrastructure.fields
from apps.kernel.infrastructure.append_only import CREATE_GUARD, DROP_GUARD


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="IdempotencyRecord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("owner", models.CharField(max_length=80)),
                ("key", models.CharField(max_length=200)),
                ("fingerprint", models.CharField(max_length=64)),
                ("status", models.PositiveSmallIntegerField()),
                ("headers", models.JSONField()),
                ("body", apps.kernel.infrastructure.fields.EncryptedTextField()),
                ("created_at", models.DateTimeField(db_index=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("owner", "key"), name="idempotency_owner_key_unique")
                ],
            },
        ),
        migrations.CreateModel(
            name="RateLimitCounter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("scope", models.CharField(max_length=40)),
                ("subject", models.CharField(max_length=64)),
                ("window_start", models.DateTimeField(db_index=True)),
                ("hits", models.PositiveIntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("scope", "subject", "window_start"), name="rate_limit_counter_unique"
                    )
                ],
            },
        ),
        migrations.RunSQL(CREATE_GUARD, DROP_GUARD),
        migrations.RunSQL(
            "ALTER TABLE kernel_ratelimitcounter SET UNLOGGED;",
            "ALTER TABLE kernel_ratelimitcounter SET LOGGED;",
        ),
    ]
