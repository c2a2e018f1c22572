"""Acts of destruction stay for three years (order 179 of Roskomnadzor); older ones may go, and no others."""

from django.db import migrations

from apps.kernel.infrastructure.append_only import kept_for


class Migration(migrations.Migration):
    dependencies = [("client_cabinet", "0003_erasure"), ("kernel", "0006_retention")]

    operations = [kept_for("client_cabinet_destructionact", column="at", term="3 years")]
