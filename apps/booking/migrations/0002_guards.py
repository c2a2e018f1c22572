"""The database's own guards: what the aggregate promises holds whoever writes."""

from django.db import migrations

from apps.kernel.infrastructure.append_only import append_only

# Frozen copy of apps.booking.domain.lifecycle.ALLOWED; a test compares the two.
ALLOWED = {
    "requested": ["pending_payment", "confirmed", "declined"],
    "pending_payment": ["confirmed", "expired", "canceled"],
    "confirmed": ["completed", "no_show", "canceled"],
}
PAIRS = ", ".join(f"('{old}', '{new}')" for old, news in ALLOWED.items() for new in news)

BLOCKED_IS_PERIOD_WITH_BUFFERS = """
ALTER TABLE booking_appointment ADD CONSTRAINT appointment_blocked_is_period_with_buffers CHECK (
    extract(epoch FROM lower(blocked)) = extract(epoch FROM start) - 60 * buffer_before_minutes
    AND extract(epoch FROM upper(blocked)) = extract(epoch FROM "end") + 60 * buffer_after_minutes
    AND lower_inc(blocked) AND NOT upper_inc(blocked)
);
"""

TRANSITIONS = f"""
CREATE FUNCTION booking_guard_appointment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status <> OLD.status AND (OLD.status, NEW.status) NOT IN ({PAIRS}) THEN
        RAISE EXCEPTION 'appointment cannot go from % to %', OLD.status, NEW.status
            USING ERRCODE = 'check_violation', CONSTRAINT = 'appointment_transition_allowed';
    END IF;
    IF NEW.terms <> OLD.terms OR NEW.client_id <> OLD.client_id OR NEW.service_id <> OLD.service_id THEN
        RAISE EXCEPTION 'the terms, client and service of an appointment never change'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'appointment_terms_fixed';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER booking_appointment_guard BEFORE UPDATE ON booking_appointment
    FOR EACH ROW EXECUTE FUNCTION booking_guard_appointment();
"""

INTAKE_IS_FINAL = """
CREATE FUNCTION booking_guard_intake() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status = 'submitted' THEN
        RAISE EXCEPTION 'a submitted intake form never changes'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'intake_submitted_is_final';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER booking_intake_guard BEFORE UPDATE ON booking_intakeform
    FOR EACH ROW EXECUTE FUNCTION booking_guard_intake();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("booking", "0001_initial"),
        ("kernel", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(
            BLOCKED_IS_PERIOD_WITH_BUFFERS,
            "ALTER TABLE booking_appointment DROP CONSTRAINT appointment_blocked_is_period_with_buffers;",
        ),
        migrations.RunSQL(
            TRANSITIONS,
            "DROP TRIGGER booking_appointment_guard ON booking_appointment;"
            " DROP FUNCTION booking_guard_appointment();",
        ),
        migrations.RunSQL(
            INTAKE_IS_FINAL,
            "DROP TRIGGER booking_intake_guard ON booking_intakeform; DROP FUNCTION booking_guard_intake();",
        ),
        append_only("booking_timelineentry"),
    ]
