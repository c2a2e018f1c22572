from django.conf import settings
from django.db import migrations


def make_practice_key(apps, schema_editor):
    """The practice's own key is there from the beginning: nobody waits for somebody else who makes it."""
    from apps.kernel.infrastructure.encryption import person_keys

    if settings.KEY_ENCRYPTION_KEYS:
        person_keys().to_seal(None)


class Migration(migrations.Migration):
    dependencies = [("kernel", "0004_person_keys")]

    operations = [migrations.RunPython(make_practice_key, migrations.RunPython.noop)]
