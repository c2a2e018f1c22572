from django.db import migrations, models

from apps.kernel.infrastructure.findable import BlindIndexField, FindableIntegerField, FindableTextField

CONTACTS = ("email", "phone", "telegram_id")
BATCH = 500


def _places(user_id):
    from apps.kernel.application.ports import Place

    return [Place(field=f"identity.user.{name}", row=str(user_id), person=user_id) for name in CONTACTS]


def _rewrite(schema_editor, row_of):
    """Each person's contacts through ``row_of(id, texts)``, which gives the three columns and their indexes."""
    columns = ", ".join(CONTACTS)
    given = ", ".join(f"{name} = %s, {name}_index = %s" for name in CONTACTS)
    last = None
    while True:
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(
                f"SELECT id, {columns} FROM identity_user WHERE %s::uuid IS NULL OR id > %s::uuid "  # noqa: S608  # names of our own
                f"ORDER BY id LIMIT {BATCH}",
                [last, last],
            )
            rows = cursor.fetchall()
            for user_id, *texts in rows:
                cursor.execute(
                    f"UPDATE identity_user SET {given} WHERE id = %s",  # noqa: S608  # names of our own
                    [*row_of(user_id, texts), user_id],
                )
        if not rows:
            return
        last = rows[-1][0]


def seal(apps, schema_editor):
    from apps.kernel.infrastructure.blind_index import blind_index
    from apps.kernel.infrastructure.encryption import encryption_service

    def row_of(user_id, texts):
        for place, text in zip(_places(user_id), texts, strict=True):
            yield None if text is None else encryption_service().encrypt(text, place=place)
            yield None if text is None else blind_index(place.field, text)

    _rewrite(schema_editor, row_of)


def open_again(apps, schema_editor):
    from apps.kernel.infrastructure.encryption import encryption_service

    def row_of(user_id, texts):
        for place, text in zip(_places(user_id), texts, strict=True):
            yield None if text is None else encryption_service().decrypt(text, place=place)
            yield None

    _rewrite(schema_editor, row_of)


def is_indexed(name):
    return models.CheckConstraint(
        condition=models.Q(
            models.Q((f"{name}__isnull", True), (f"{name}_index__isnull", True)),
            models.Q((f"{name}__isnull", False), (f"{name}_index__isnull", False)),
            _connector="OR",
        ),
        name=f"user_{name}_is_indexed",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("identity", "0006_staff_sign_in"),
        ("kernel", "0005_practice_key"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="user", name="user_email_is_normal"),
        migrations.RemoveConstraint(model_name="user", name="user_phone_is_normal"),
        migrations.RemoveIndex(model_name="user", name="user_search_email"),
        migrations.RemoveIndex(model_name="user", name="user_search_phone"),
        *(
            migrations.AddField(model_name="user", name=f"{name}_index", field=BlindIndexField())
            for name in CONTACTS
        ),
        migrations.AlterField(
            model_name="user",
            name="email",
            field=FindableTextField(blank=True, null=True, verbose_name="e-mail"),
        ),
        migrations.AlterField(
            model_name="user",
            name="phone",
            field=FindableTextField(blank=True, null=True, verbose_name="phone"),
        ),
        migrations.AlterField(
            model_name="user",
            name="telegram_id",
            field=FindableIntegerField(blank=True, null=True, verbose_name="Telegram id"),
        ),
        migrations.RunPython(seal, open_again),
        *(migrations.AddConstraint(model_name="user", constraint=is_indexed(name)) for name in CONTACTS),
    ]
