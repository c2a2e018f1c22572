"""The database's own guards, and the texts and settings that the product comes with."""

from datetime import time
from uuid import uuid4

from django.db import migrations
from django.utils import timezone

from apps.kernel.infrastructure.append_only import append_only
from apps.messaging.infrastructure.first_texts import first_texts

# Frozen copy of apps.messaging.domain.message.ALLOWED; a test compares the two.
ALLOWED = {
    "planned": ["sending", "skipped", "failed"],
    "sending": ["sent", "planned", "failed", "unknown"],
    "unknown": ["sent", "planned", "failed"],
    "failed": ["planned"],
    "skipped": ["planned"],
}
PAIRS = ", ".join(f"('{old}', '{new}')" for old, news in ALLOWED.items() for new in news)

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
    Template = apps.get_model("messaging", "MessageTemplate")
    Version = apps.get_model("messaging", "TemplateVersion")
    now = timezone.now()
    for kind, language, subject, body in first_texts():
        template = Template.objects.create(
            id=uuid4(),
            kind=kind,
            channel="email",
            language=language,
            number=1,
            subject=subject,
            body=body,
            changed_at=now,
        )
        Version.objects.create(template=template, number=1, subject=subject, body=body, created_at=now)
    settings = apps.get_model("messaging", "DeliverySettings")
    settings.objects.create(id=1, quiet_from=time(21), quiet_until=time(9))


class Migration(migrations.Migration):
    dependencies = [("messaging", "0001_initial"), ("kernel", "0001_initial")]

    operations = [
        migrations.RunPython(write_first_texts, migrations.RunPython.noop),
        migrations.RunSQL(TRANSITIONS, DROP_TRANSITIONS),
        append_only("messaging_templateversion"),
    ]
