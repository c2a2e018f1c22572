"""Services say how they stand on a receipt; a hold that has ended may still be paid while its time is free."""

from django.db import migrations, models

# Frozen copy of apps.booking.domain.lifecycle.ALLOWED; a test compares the two.
ALLOWED = {
    "requested": ["pending_payment", "confirmed", "declined"],
    "pending_payment": ["confirmed", "expired", "canceled"],
    "confirmed": ["completed", "no_show", "canceled"],
    "expired": ["confirmed"],
}
BEFORE = {old: news for old, news in ALLOWED.items() if old != "expired"}

KNOWN_TO_OLD_APPOINTMENTS = """
ALTER TABLE booking_appointment DISABLE TRIGGER booking_appointment_guard;
UPDATE booking_appointment
    SET terms = terms || '{"vat_code": 1, "payment_subject": "service"}' WHERE NOT terms ? 'vat_code';
ALTER TABLE booking_appointment ENABLE TRIGGER booking_appointment_guard;
"""


def guard(allowed: dict[str, list[str]]) -> str:
    """The trigger's function over a table of transitions."""
    pairs = ", ".join(f"('{old}', '{new}')" for old, news in allowed.items() for new in news)
    return f"""
CREATE OR REPLACE FUNCTION booking_guard_appointment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status <> OLD.status AND (OLD.status, NEW.status) NOT IN ({pairs}) THEN
        RAISE EXCEPTION 'appointment cannot go from % to %', OLD.status, NEW.status
            USING ERRCODE = 'check_violation', CONSTRAINT = 'appointment_transition_allowed';
    END IF;
    IF NEW.terms <> OLD.terms OR NEW.client_id <> OLD.client_id OR NEW.service_id <> OLD.service_id THEN
        RAISE EXCEPTION 'the terms, client and service of an appointment never change'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'appointment_terms_fixed';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("booking", "0003_tighter_guards"),
    ]

    operations = [
        migrations.AddField(
            model_name="historicalservice",
            name="payment_subject",
            field=models.CharField(
                choices=[
                    ("service", "a service"),
                    ("job", "a piece of work"),
                    ("composite", "a composite subject"),
                    ("another", "another subject"),
                ],
                default="service",
                max_length=16,
                verbose_name="subject of payment on the receipt",
            ),
        ),
        migrations.AddField(
            model_name="historicalservice",
            name="vat_code",
            field=models.PositiveSmallIntegerField(
                choices=[
                    (1, "no VAT"),
                    (2, "VAT 0 %"),
                    (7, "VAT 5 %"),
                    (8, "VAT 7 %"),
                    (3, "VAT 10 %"),
                    (4, "VAT 20 %"),
                    (11, "VAT 22 %"),
                ],
                default=1,
                verbose_name="VAT on the receipt",
            ),
        ),
        migrations.AddField(
            model_name="service",
            name="payment_subject",
            field=models.CharField(
                choices=[
                    ("service", "a service"),
                    ("job", "a piece of work"),
                    ("composite", "a composite subject"),
                    ("another", "another subject"),
                ],
                default="service",
                max_length=16,
                verbose_name="subject of payment on the receipt",
            ),
        ),
        migrations.AddField(
            model_name="service",
            name="vat_code",
            field=models.PositiveSmallIntegerField(
                choices=[
                    (1, "no VAT"),
                    (2, "VAT 0 %"),
                    (7, "VAT 5 %"),
                    (8, "VAT 7 %"),
                    (3, "VAT 10 %"),
                    (4, "VAT 20 %"),
                    (11, "VAT 22 %"),
                ],
                default=1,
                verbose_name="VAT on the receipt",
            ),
        ),
        migrations.AddConstraint(
            model_name="service",
            constraint=models.CheckConstraint(
                condition=models.Q(("vat_code__in", [1, 2, 3, 4, 7, 8, 11])), name="service_vat_code_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="service",
            constraint=models.CheckConstraint(
                condition=models.Q(("payment_subject__in", ["service", "job", "composite", "another"])),
                name="service_payment_subject_known",
            ),
        ),
        migrations.RunSQL(KNOWN_TO_OLD_APPOINTMENTS, migrations.RunSQL.noop),
        migrations.RunSQL(guard(ALLOWED), guard(BEFORE)),
    ]
