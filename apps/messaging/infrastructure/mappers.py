"""Rows to the domain and back."""

from apps.messaging.domain.delivery_rules import DeliveryRules
from apps.messaging.domain.kinds import Channel, MessageKind
from apps.messaging.domain.message import Message, MessageStatus, Recipient, RecipientKind, Subject
from apps.messaging.domain.quiet_hours import QuietHours
from apps.messaging.domain.template import MessageTemplate, TemplateVersion
from apps.messaging.infrastructure import models


def to_message(row: models.Message) -> Message:
    return Message(
        id=row.id,
        kind=MessageKind(row.kind),
        channel=Channel(row.channel),
        language=row.language,
        recipient=Recipient(kind=RecipientKind(row.recipient_kind), id=row.recipient_id),
        about=Subject(
            appointment_id=row.appointment_id,
            payment_id=row.payment_id,
            refund_id=row.refund_id,
            offer_id=row.offer_id,
            start=row.start,
            facts=row.facts,
        ),
        dedupe_key=row.dedupe_key,
        due_at=row.due_at,
        useful_until=row.useful_until,
        status=MessageStatus(row.status),
        result=row.result,
        attempts=row.attempts,
        next_try_at=row.next_try_at,
        claim=row.claim,
        claimed_until=row.claimed_until,
        template_version=row.template_version,
        created_at=row.created_at,
        sending_at=row.sending_at,
        sent_at=row.sent_at,
    )


def apply_message(entity: Message, row: models.Message) -> None:
    row.id = entity.id
    row.kind = entity.kind.value
    row.channel = entity.channel.value
    row.language = entity.language
    row.recipient_kind = entity.recipient.kind.value
    row.recipient_id = entity.recipient.id
    row.appointment_id = entity.about.appointment_id
    row.payment_id = entity.about.payment_id
    row.refund_id = entity.about.refund_id
    row.offer_id = entity.about.offer_id
    row.start = entity.about.start
    row.facts = dict(entity.about.facts or {})
    row.dedupe_key = entity.dedupe_key
    row.due_at = entity.due_at
    row.useful_until = entity.useful_until
    row.status = entity.status.value
    row.result = str(entity.result)
    row.attempts = entity.attempts
    row.next_try_at = entity.next_try_at
    row.claim = entity.claim
    row.claimed_until = entity.claimed_until
    row.template_version = entity.template_version
    row.created_at = entity.created_at
    row.sending_at = entity.sending_at
    row.sent_at = entity.sent_at


def to_version(row: models.TemplateVersion | models.MessageTemplate) -> TemplateVersion:
    """A kept version, or the current one that a template's own row repeats."""
    at = row.created_at if isinstance(row, models.TemplateVersion) else row.changed_at
    return TemplateVersion(
        number=row.number, subject=row.subject, body=row.body, created_at=at, author_id=row.author_id
    )


def to_template(row: models.MessageTemplate) -> MessageTemplate:
    return MessageTemplate(
        id=row.id,
        kind=MessageKind(row.kind),
        channel=Channel(row.channel),
        language=row.language,
        current=to_version(row),
    )


def apply_template(entity: MessageTemplate, row: models.MessageTemplate) -> None:
    row.id = entity.id
    row.kind = entity.kind.value
    row.channel = entity.channel.value
    row.language = entity.language
    row.number = entity.current.number
    row.subject = entity.current.subject
    row.body = entity.current.body
    row.changed_at = entity.current.created_at
    row.author_id = entity.current.author_id


def to_rules(row: models.DeliverySettings) -> DeliveryRules:
    return DeliveryRules(
        reminder_day_hours=row.reminder_day_hours,
        reminder_hour_hours=row.reminder_hour_hours,
        quiet_hours=QuietHours(row.quiet_from, row.quiet_until),
        switched_off=frozenset(MessageKind(each) for each in row.switched_off),
    )


def apply_rules(rules: DeliveryRules, row: models.DeliverySettings) -> None:
    row.reminder_day_hours = rules.reminder_day_hours
    row.reminder_hour_hours = rules.reminder_hour_hours
    row.quiet_from = rules.quiet_hours.start
    row.quiet_until = rules.quiet_hours.end
    row.switched_off = sorted(each.value for each in rules.switched_off)
