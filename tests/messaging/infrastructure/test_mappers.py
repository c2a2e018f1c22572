"""Rows to the domain and back: nothing is lost on the way."""

from datetime import UTC, datetime, time, timedelta
from uuid import uuid4

from apps.messaging.domain.delivery_rules import DeliveryRules
from apps.messaging.domain.kinds import Channel, MessageKind
from apps.messaging.domain.message import Message, MessageStatus, Recipient, RecipientKind, Subject
from apps.messaging.domain.quiet_hours import QuietHours
from apps.messaging.domain.template import MessageTemplate, TemplateVersion
from apps.messaging.infrastructure import mappers, models

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_a_message() -> None:
    message = Message(
        id=uuid4(),
        kind=MessageKind.APPOINTMENT_MOVED,
        channel=Channel.EMAIL,
        language="en",
        recipient=Recipient(kind=RecipientKind.CLIENT, id=str(uuid4())),
        about=Subject(
            appointment_id=uuid4(),
            payment_id=uuid4(),
            refund_id=uuid4(),
            offer_id=uuid4(),
            start=NOW,
            facts={"old_start": NOW.isoformat()},
        ),
        dedupe_key="key",
        due_at=NOW,
        useful_until=NOW + timedelta(days=1),
        status=MessageStatus.UNKNOWN,
        result="no_answer",
        attempts=3,
        next_try_at=NOW + timedelta(minutes=5),
        claim=uuid4(),
        claimed_until=NOW + timedelta(seconds=30),
        template_version=7,
        created_at=NOW - timedelta(days=1),
        sending_at=NOW - timedelta(minutes=1),
        sent_at=NOW,
    )
    row = models.Message()
    mappers.apply_message(message, row)
    assert vars(mappers.to_message(row)) == vars(message)


def test_a_template() -> None:
    current = TemplateVersion(number=3, subject="Тема", body="Текст", created_at=NOW, author_id=uuid4())
    template = MessageTemplate(
        id=uuid4(),
        kind=MessageKind.REMINDER_DAY,
        channel=Channel.EMAIL,
        language="ru",
        current=current,
    )
    row = models.MessageTemplate()
    mappers.apply_template(template, row)
    assert vars(mappers.to_template(row)) == vars(template)


def test_the_rules() -> None:
    rules = DeliveryRules(
        reminder_day_hours=48,
        reminder_hour_hours=2,
        quiet_hours=QuietHours(time(22), time(8, 30)),
        switched_off=frozenset({MessageKind.HOW_TO_PREPARE}),
    )
    row = models.DeliverySettings()
    mappers.apply_rules(rules, row)
    assert mappers.to_rules(row) == rules
