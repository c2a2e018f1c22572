"""The database's own guards, and the texts and settings that the product comes with."""

from datetime import time

from django.db import migrations

from apps.kernel.infrastructure.append_only import append_only
from apps.messaging.infrastructure.first_texts import load_first_texts

# Frozen copy of apps.messaging.domain.message.ALLOWED; a test compares the two.
ALLOWED = {
    "planned": ["sending", "skipped", "failed"],
    "sending": ["sent", "planned", "failed", "unknown"],
    "unknown": ["sent", "planned", "failed"],
    "failed": ["planned"],
    "skipped": ["planned"],
}
PAIRS = ", ".join(f"('{old}', '{new}')" for old, news in ALLOWED.items() for new in news)

KINDS = frozenset(
    {
        "appointment_canceled",
        "appointment_moved",
        "awaiting_payment",
        "booking_confirmed",
        "how_to_prepare",
        "payment_received",
        "payment_returned",
        "reminder_day",
        "reminder_hour",
        "request_declined",
        "sign_in_code",
        "staff_sign_in",
        "waitlist_offer",
    }
)

TRANSITIONS = f"""
CREATE FUNCTION messaging_guard_message() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status <> OLD.status AND (OLD.status, NEW.status) NOT IN ({PAIRS}) THEN
        RAISE EXCEPTION 'message cannot go from % to %', OLD.status, NEW.status
            USING ERRCODE = 'check_violation', CONSTRAINT = 'message_transition_allowed';
    END IF;
    IF (NEW.kind, NEW.recipient_kind, NEW.recipient_id, NEW.dedupe_key)
        <> (OLD.kind, OLD.recipient_kind, OLD.recipient_id, OLD.dedupe_key) THEN
        RAISE EXCEPTION 'what a message is and whom it goes to never change'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'message_occasion_fixed';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER messaging_message_guard BEFORE UPDATE ON messaging_message
    FOR EACH ROW EXECUTE FUNCTION messaging_guard_message();
"""
DROP_TRANSITIONS = """
DROP TRIGGER messaging_message_guard ON messaging_message;
DROP FUNCTION messaging_guard_message();
"""


def write_first_texts(apps, schema_editor):
    load_first_texts(apps, KINDS)
    settings = apps.get_model("messaging", "DeliverySettings")
    settings.objects.create(id=1, quiet_from=time(21), quiet_until=time(9))


class Migration(migrations.Migration):
    dependencies = [("messaging", "0001_initial"), ("kernel", "0001_initial")]

    operations = [
        migrations.RunPython(write_first_texts, migrations.RunPython.noop),
        migrations.RunSQL(TRANSITIONS, DROP_TRANSITIONS),
        append_only("messaging_templateversion"),
    ]
