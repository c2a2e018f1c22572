import uuid

import django.db.models.functions
from django.db import migrations, models

from apps.identity.infrastructure import chain_guards
from apps.kernel.infrastructure.append_only import append_only

PURPOSES = [
    ("personal_data", "personal data"),
    ("communications", "messages and mailings"),
    ("telegram", "Telegram"),
    ("review_publication", "publication of a review"),
    ("health_data", "health data"),
    ("cross_border", "cross-border transfer"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("identity", "0007_sealed_contacts"),
        ("kernel", "0006_retention"),
    ]

    operations = [
        migrations.AddField(
            model_name="consent",
            name="uuid",
            # The database's own default numbers the rows there are without an UPDATE, which is refused.
            field=models.UUIDField(
                db_default=django.db.models.functions.UUID4(), default=uuid.uuid4, editable=False, unique=True
            ),
        ),
        migrations.AddIndex(
            model_name="consent",
            index=models.Index(
                condition=models.Q(("status", "withdrawn")), fields=["at"], name="consent_withdrawn_at"
            ),
        ),
        migrations.CreateModel(
            name="ConsentLink",
            fields=[
                (
                    "seq",
                    models.BigIntegerField(primary_key=True, serialize=False, verbose_name="number"),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("act", "act"), ("destruction", "destruction")],
                        max_length=11,
                        verbose_name="kind",
                    ),
                ),
                ("subject", models.UUIDField(unique=True)),
                ("content_hash", models.CharField(max_length=64)),
                ("previous_hash", models.CharField(max_length=64, unique=True)),
                ("hash", models.CharField(max_length=64, unique=True)),
                ("chained_at", models.DateTimeField(verbose_name="chained")),
            ],
            options={
                "verbose_name": "link of the chain of consents",
                "verbose_name_plural": "chain of consents",
                "ordering": ["seq"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["act", "destruction"])),
                        name="consent_link_kind_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ConsentDestruction",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("consent", models.UUIDField(unique=True)),
                (
                    "purpose",
                    models.CharField(choices=PURPOSES, max_length=30, verbose_name="purpose"),
                ),
                ("act_at", models.DateTimeField(verbose_name="when it was done")),
                ("withdrawn_at", models.DateTimeField(verbose_name="withdrawn at")),
                ("destroyed_at", models.DateTimeField(verbose_name="destroyed at")),
            ],
            options={
                "verbose_name": "destruction of a consent",
                "verbose_name_plural": "destructions of consents",
                "ordering": ["-destroyed_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="ConsentChainCheck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(db_index=True, verbose_name="when")),
                ("links", models.BigIntegerField(verbose_name="links")),
                ("seq", models.BigIntegerField(verbose_name="number of the last link")),
                ("head", models.CharField(max_length=64, verbose_name="head")),
                ("problem", models.CharField(blank=True, max_length=40, verbose_name="problem")),
                (
                    "problem_seq",
                    models.BigIntegerField(blank=True, null=True, verbose_name="link with the problem"),
                ),
            ],
            options={
                "verbose_name": "check of the chain of consents",
                "verbose_name_plural": "checks of the chain of consents",
                "ordering": ["-at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="ConsentDraft",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "purpose",
                    models.CharField(choices=PURPOSES, max_length=30, verbose_name="purpose"),
                ),
                ("version", models.CharField(max_length=20, verbose_name="version")),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                ("text", models.TextField(blank=True, verbose_name="text")),
                (
                    "legal",
                    models.JSONField(blank=True, default=dict, verbose_name="particulars required by law"),
                ),
                (
                    "effective_from",
                    models.DateTimeField(blank=True, null=True, verbose_name="in force from"),
                ),
                ("changed_at", models.DateTimeField(verbose_name="changed at")),
            ],
            options={
                "verbose_name": "draft of a consent document",
                "verbose_name_plural": "drafts of consent documents",
                "ordering": ["purpose", "-changed_at"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("purpose", "version"), name="consent_draft_version_unique"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("purpose__in", [purpose for purpose, _ in PURPOSES])),
                        name="consent_draft_purpose_is_known",
                    ),
                ],
            },
        ),
        append_only("identity_consentlink"),
        append_only("identity_consentdestruction"),
        migrations.RunSQL(sql=chain_guards.CREATE_QUESTIONS, reverse_sql=chain_guards.DROP_QUESTIONS),
        migrations.RunSQL(sql=chain_guards.CREATE_CHAIN, reverse_sql=chain_guards.DROP_CHAIN),
        migrations.RunSQL(sql=chain_guards.CREATE_DESTRUCTION, reverse_sql=chain_guards.DROP_DESTRUCTION),
        migrations.RunSQL(sql=chain_guards.CHAIN_WHAT_THERE_IS, reverse_sql=migrations.RunSQL.noop),
    ]
