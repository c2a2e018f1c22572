"""The owner's settings of letters: reminders move, quiet hours and switches hold, every change is told."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client as Browser
from django.urls import reverse

from apps.audit.models import AuditRecord
from apps.messaging.models import DeliverySettings, Message
from tests.booking.factories import make_appointment, make_client, make_staff, next_monday
from tests.identity.people import browser_of
from tests.messaging.letters import post_letters
from tests.messaging.rows import make_letter

pytestmark = pytest.mark.django_db
PAGE = reverse("admin:messaging_deliverysettings_changelist")
KINDS = [
    "booking_confirmed", "how_to_prepare", "reminder_day", "reminder_hour", "appointment_moved",
    "appointment_canceled", "request_declined", "awaiting_payment", "payment_received",
    "payment_returned", "waitlist_offer", "export_ready", "material_shared",
]  # fmt: skip


@pytest.fixture
def owner() -> Browser:
    return browser_of(make_staff("owner"))


def save(browser: Browser, **values: object) -> str:
    fields = {
        "reminder_day_hours": "24",
        "reminder_hour_hours": "1",
        "quiet_from": "21:00",
        "quiet_until": "09:00",
        "sent": KINDS,
        "seen": "1",
        **values,
    }
    return browser.post(PAGE, fields, follow=True).content.decode()


def test_planned_reminders_move_with_the_setting(owner: Browser) -> None:
    start = next_monday(15)
    letter = make_letter(
        kind="reminder_day", start=start, due_at=start - timedelta(hours=24), useful_until=start
    )
    assert "Настройки сохранены" in save(owner, reminder_day_hours="48")
    letter.refresh_from_db()
    assert letter.due_at == letter.next_try_at == start - timedelta(hours=48)
    record = AuditRecord.objects.get(action="settings_changed")
    assert record.changes == {"reminder_day_hours": [24, 48]}


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"reminder_day_hours": "0"}, "от 1 до"),
        ({"reminder_day_hours": "1000"}, "от 1 до"),
        ({"reminder_hour_hours": "24"}, "ближе к встрече"),
        ({"seen": "7"}, "изменил"),
    ],
)
def test_what_makes_no_sense_is_refused(owner: Browser, values: dict[str, str], words: str) -> None:
    assert words in save(owner, **values)
    kept = DeliverySettings.objects.get()
    assert (kept.reminder_day_hours, kept.version) == (24, 1)


def test_a_letter_that_is_switched_off_is_not_sent(owner: Browser) -> None:
    save(owner, sent=[kind for kind in KINDS if kind != "booking_confirmed"])
    client = make_client()
    make_letter(client=client, appointment=make_appointment(client=client))
    Message.objects.update(next_try_at="2020-01-01T00:00Z")
    from apps.messaging.presentation.tasks import deliver_due

    deliver_due.func(timestamp=0)
    post_letters()
    assert mail.outbox == []
    assert Message.objects.get().result == "switched_off"


def test_only_the_owner_sees_them() -> None:
    assert browser_of(make_staff("assistant")).get(PAGE).status_code == 403


def test_there_is_one_page_and_no_other(owner: Browser) -> None:
    assert owner.get(reverse("admin:messaging_deliverysettings_change", args=[1])).status_code == 302
    assert owner.get(reverse("admin:messaging_deliverysettings_add")).status_code == 403
