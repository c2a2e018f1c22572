"""What messaging hands out about a person: which letters, when, and what became of them."""

from datetime import UTC, datetime

from apps.messaging.models import ReminderOptOut
from tests.booking.factories import make_client
from tests.client_cabinet.exports import records_of
from tests.messaging.rows import make_letter

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def test_letters_with_kind_time_and_state(db):
    client = make_client()
    letter = make_letter(client=client, status="sent")
    make_letter(client=make_client())
    make_letter(recipient_kind="staff", recipient_id=str(client.pk))
    [record] = records_of("letters", client)
    assert record["id"] == str(letter.pk)
    assert (record["kind"], record["channel"], record["status"]) == ("booking_confirmed", "email", "sent")
    assert record["sent_at"] == letter.sent_at.isoformat()


def test_whether_reminders_are_switched_off(db):
    client = make_client()
    assert records_of("reminders", client) == []
    ReminderOptOut.objects.create(client_id=client.pk, at=NOW, kinds=["reminder_hour", "how_to_prepare"])
    assert records_of("reminders", client) == [
        {"switched_off_at": NOW.isoformat(), "letters": ["how_to_prepare", "reminder_hour"]}
    ]
