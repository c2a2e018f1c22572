from django.db import migrations, models

from apps.kernel.infrastructure.append_only import CREATE_TERM, DROP_TERM, append_only, kept_for


class Migration(migrations.Migration):
    dependencies = [("kernel", "0005_practice_key")]

    operations = [
        migrations.RunSQL(CREATE_TERM, DROP_TERM),
        migrations.CreateModel(
            name="BackupRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("finished_at", models.DateTimeField(db_index=True)),
                ("seconds", models.FloatField()),
                ("file", models.CharField(blank=True, max_length=100)),
                ("size", models.PositiveBigIntegerField(default=0)),
                ("rows", models.PositiveBigIntegerField(default=0)),
                ("trouble", models.CharField(blank=True, max_length=400)),
            ],
        ),
        migrations.CreateModel(
            name="RetentionRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("rule", models.CharField(max_length=60, verbose_name="what was removed")),
                ("cut_off", models.DateTimeField(verbose_name="older than")),
                ("removed", models.PositiveBigIntegerField(verbose_name="how many")),
                ("started_at", models.DateTimeField(verbose_name="begun")),
                ("finished_at", models.DateTimeField(verbose_name="when")),
            ],
            options={
                "verbose_name": "removal",
                "verbose_name_plural": "Terms of keeping",
                "ordering": ["-finished_at", "-id"],
                "indexes": [
                    models.Index(fields=["-finished_at", "-id"], name="retention_at"),
                    models.Index(fields=["rule", "-finished_at"], name="retention_rule_at"),
                ],
            },
        ),
        append_only("kernel_retentionrun"),
        kept_for("kernel_retentionrun", column="finished_at", term="3 years"),
    ]
