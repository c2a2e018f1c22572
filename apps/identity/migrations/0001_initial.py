import uuid

import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import apps.kernel.infrastructure.fields
from apps.kernel.infrastructure.append_only import append_only


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("kernel", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="SignInCode",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("address_hash", models.CharField(max_length=64, unique=True)),
                ("address", apps.kernel.infrastructure.fields.EncryptedTextField()),
                ("language", models.CharField(max_length=10)),
                ("code_hash", models.CharField(blank=True, max_length=64)),
                ("state", models.JSONField(default=dict)),
                ("window_start", models.DateTimeField()),
                ("requests", models.PositiveIntegerField()),
                ("requested_at", models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "email",
                    models.EmailField(
                        blank=True, max_length=254, null=True, unique=True, verbose_name="e-mail"
                    ),
                ),
                (
                    "phone",
                    models.CharField(blank=True, max_length=16, null=True, unique=True, verbose_name="phone"),
                ),
                (
                    "telegram_id",
                    models.BigIntegerField(blank=True, null=True, unique=True, verbose_name="Telegram id"),
                ),
                ("display_name", models.CharField(blank=True, max_length=120, verbose_name="name")),
                (
                    "time_zone",
                    models.CharField(default="Europe/Moscow", max_length=64, verbose_name="time zone"),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[("active", "active"), ("blocked", "blocked"), ("deleted", "deleted")],
                        default="active",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("owner", "owner"),
                            ("assistant", "assistant"),
                            ("editor", "editor"),
                            ("client", "client"),
                        ],
                        default="client",
                        max_length=10,
                        verbose_name="role",
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="registered"),
                ),
            ],
            options={
                "verbose_name": "user",
                "verbose_name_plural": "users and roles",
                "indexes": [models.Index(fields=["role", "display_name"], name="user_role_name")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status", "deleted"),
                            ("email__isnull", False),
                            ("phone__isnull", False),
                            ("telegram_id__isnull", False),
                            _connector="OR",
                        ),
                        name="user_has_a_contact",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("email__isnull", True),
                            models.Q(
                                ("email", django.db.models.functions.text.Lower("email")),
                                models.Q(("email", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="user_email_is_normal",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("phone__isnull", True),
                            ("phone__regex", "^\\+[1-9][0-9]{7,14}$"),
                            _connector="OR",
                        ),
                        name="user_phone_is_normal",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status", "deleted"),
                            ("role", "client"),
                            ("email__isnull", False),
                            _connector="OR",
                        ),
                        name="user_staff_has_email",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("role__in", ["owner", "assistant", "editor", "client"])),
                        name="user_role_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["active", "blocked", "deleted"])),
                        name="user_status_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Client",
            fields=[],
            options={
                "verbose_name": "client of the practice",
                "verbose_name_plural": "clients",
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("identity.user",),
        ),
        migrations.CreateModel(
            name="ApiSession",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField(db_index=True)),
                ("last_seen_at", models.DateTimeField()),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ConsentDocument",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("personal_data", "personal data"),
                            ("communications", "messages and mailings"),
                            ("telegram", "Telegram"),
                            ("review_publication", "publication of a review"),
                            ("health_data", "health data"),
                            ("cross_border", "cross-border transfer"),
                        ],
                        max_length=30,
                        verbose_name="purpose",
                    ),
                ),
                ("version", models.CharField(max_length=20, verbose_name="version")),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                ("text", models.TextField(verbose_name="text")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                ("legal", models.JSONField(default=dict, verbose_name="particulars required by law")),
                ("effective_from", models.DateTimeField(verbose_name="in force from")),
            ],
            options={
                "verbose_name": "consent document",
                "verbose_name_plural": "consent documents",
                "ordering": ["purpose", "-effective_from"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("purpose", "version"), name="consent_document_version_unique"
                    ),
                    models.UniqueConstraint(
                        fields=("purpose", "effective_from"), name="consent_document_from_unique"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "purpose__in",
                                [
                                    "personal_data",
                                    "communications",
                                    "telegram",
                                    "review_publication",
                                    "health_data",
                                    "cross_border",
                                ],
                            )
                        ),
                        name="consent_document_purpose_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Consent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("personal_data", "personal data"),
                            ("communications", "messages and mailings"),
                            ("telegram", "Telegram"),
                            ("review_publication", "publication of a review"),
                            ("health_data", "health data"),
                            ("cross_border", "cross-border transfer"),
                        ],
                        max_length=30,
                        verbose_name="purpose",
                    ),
                ),
                ("version", models.CharField(max_length=20, verbose_name="version")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("granted", "granted"),
                            ("declined", "declined"),
                            ("withdrawn", "withdrawn"),
                        ],
                        max_length=10,
                        verbose_name="act",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="when")),
                ("channel", models.CharField(max_length=20, verbose_name="channel")),
                ("evidence", apps.kernel.infrastructure.fields.EncryptedJSONField(verbose_name="evidence")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="who",
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="identity.consentdocument",
                        verbose_name="document",
                    ),
                ),
            ],
            options={
                "verbose_name": "consent",
                "verbose_name_plural": "consents",
                "ordering": ["-at", "-id"],
                "indexes": [
                    models.Index(
                        models.F("user"),
                        models.F("purpose"),
                        models.OrderBy(models.F("at"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        name="consent_latest",
                    ),
                    models.Index(fields=["-at", "-id"], name="consent_at"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["granted", "declined", "withdrawn"])),
                        name="consent_status_is_known",
                    )
                ],
            },
        ),
        append_only("identity_consentdocument"),
        append_only("identity_consent"),
    ]
