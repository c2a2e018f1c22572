"""What the domain promises of letters and texts, the database holds whoever writes."""

from datetime import UTC, datetime, timedelta
from importlib import import_module
from itertools import product
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from apps.messaging.domain.message import ALLOWED, MessageStatus
from apps.messaging.models import DeliverySettings, Message, MessageTemplate, TemplateVersion
from tests.messaging.rows import make_letter, text_of

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def refused(work: Any, name: str) -> None:
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        work()


def letter_in(status: str) -> Message:
    values: dict[str, Any] = {}
    if status == "sending":
        values = {"claim": "00000000-0000-0000-0000-000000000001", "sending_at": NOW}
    return make_letter(status=status, **values)


def test_the_migration_has_the_domains_table_of_transitions() -> None:
    copy = import_module("apps.messaging.migrations.0002_guards_and_first_texts").ALLOWED
    assert {old: set(news) for old, news in copy.items()} == {
        old.value: {each.value for each in news} for old, news in ALLOWED.items() if news
    }


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (old.value, new.value)
        for old, new in product(MessageStatus, repeat=2)
        if old is not new and new not in ALLOWED[old]
    ],
)
def test_no_other_way_between_states(old: str, new: str) -> None:
    letter = letter_in(old)
    values: dict[str, Any] = {"status": new, "sent_at": NOW if new == "sent" else None}
    if new == "sending":
        values |= {"claim": "00000000-0000-0000-0000-000000000001", "sending_at": NOW}
    refused(lambda: Message.objects.filter(pk=letter.pk).update(**values), "cannot go from")


def test_the_same_occasion_makes_no_second_letter() -> None:
    letter = make_letter()
    refused(lambda: make_letter(dedupe_key=letter.dedupe_key), "dedupe_key")


@pytest.mark.parametrize("value", ["maria@example.org", "+79001112233 Мария", ""])
def test_an_address_is_never_kept_as_a_recipient(value: str) -> None:
    refused(lambda: make_letter(recipient_id=value), "message_recipient_is_an_id")


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "reminder_day"},
        {"recipient_id": "00000000-0000-0000-0000-000000000009"},
        {"recipient_kind": "staff"},
        {"dedupe_key": "x"},
    ],
)
def test_what_a_letter_is_and_whom_it_goes_to_never_change(change: dict[str, str]) -> None:
    letter = make_letter()
    refused(lambda: Message.objects.filter(pk=letter.pk).update(**change), "never change")


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"status": "sent", "sent_at": None}, "message_sent_has_time"),
        ({"sent_at": NOW}, "message_sent_has_time"),
        ({"status": "sending", "claim": None, "sending_at": NOW}, "message_sending_has_claim"),
        ({"status": "lost"}, "message_status_known"),
        ({"kind": "spam"}, "message_kind_known"),
        ({"recipient_kind": "everybody"}, "message_recipient_known"),
    ],
)
def test_nonsense_is_refused(values: dict[str, Any], name: str) -> None:
    refused(lambda: make_letter(**values), name)


def test_earlier_texts_stay_as_they_were() -> None:
    version = TemplateVersion.objects.filter(template=text_of())
    refused(lambda: version.update(body="другое"), "append-only")
    refused(lambda: version.first().delete(), "append-only")  # type: ignore[union-attr]


def test_a_subject_is_one_line_in_the_table_too() -> None:
    rows = MessageTemplate.objects.filter(pk=text_of().pk)
    refused(lambda: rows.update(subject="Тема\nBcc: a@example.org"), "message_template_subject_one_line")


def test_there_is_one_row_of_settings_with_leads_in_order() -> None:
    quiet = {"quiet_from": "21:00", "quiet_until": "09:00"}
    refused(lambda: DeliverySettings.objects.create(id=2, **quiet), "delivery_settings_one_row")
    rows = DeliverySettings.objects.filter(pk=1)
    refused(lambda: rows.update(reminder_hour_hours=24), "delivery_settings_leads_in_order")


def test_a_claim_takes_nothing_that_makes_no_sense_any_more() -> None:
    from apps.messaging import wiring

    now = datetime.now(UTC)
    make_letter(useful_until=now - timedelta(seconds=1))
    make_letter(due_at=now + timedelta(minutes=1), next_try_at=now + timedelta(minutes=1))
    assert wiring.outbox.claim(limit=9, claim=make_letter(status="sent").pk, now=now) == []
