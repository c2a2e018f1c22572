import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

FILL = """
UPDATE booking_outcomerecord AS record SET client_id = appointment.client_id
FROM booking_appointment AS appointment WHERE appointment.id = record.appointment_id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("booking", "0005_waitlist_offers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="outcomerecord",
            name="client",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RunSQL(f"{FILL}; SET CONSTRAINTS ALL IMMEDIATE;", migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="outcomerecord",
            name="client",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
    ]
