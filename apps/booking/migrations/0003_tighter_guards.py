"""Hours of an override are never NULL where its kind needs them; what is paid never exceeds the price."""

from django.db import migrations, models

from apps.booking.domain.schedule import OverrideKind

PAID_WITHIN_PRICE = """
ALTER TABLE booking_appointment ADD CONSTRAINT appointment_paid_within_price CHECK (
    paid_minor <= coalesce((terms ->> 'price_minor')::bigint, 0)
);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("booking", "0002_guards"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="dateoverride", name="date_override_hours_fit_kind"),
        migrations.AddConstraint(
            model_name="dateoverride",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    kind__in=[OverrideKind.DAY_OFF, OverrideKind.HOLIDAY],
                    start_minute__isnull=True,
                    end_minute__isnull=True,
                )
                | models.Q(
                    kind__in=[OverrideKind.EXTRA_HOURS, OverrideKind.TIME_OFF],
                    start_minute__isnull=False,
                    end_minute__isnull=False,
                    start_minute__lt=models.F("end_minute"),
                    end_minute__lte=1440,
                ),
                name="date_override_hours_fit_kind",
            ),
        ),
        migrations.RunSQL(
            PAID_WITHIN_PRICE,
            "ALTER TABLE booking_appointment DROP CONSTRAINT appointment_paid_within_price;",
        ),
    ]
