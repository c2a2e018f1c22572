"""Messages, templates and settings in PostgreSQL."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from time import monotonic, sleep
from uuid import UUID

from django.db import InterfaceError, OperationalError, close_old_connections, connection
from django.db.models import Case, DateTimeField, DurationField, ExpressionWrapper, F, Q, Value, When

from apps.messaging.application.ports import ClaimLost, Withdrawal
from apps.messaging.domain.delivery_rules import DeliveryRules
from apps.messaging.domain.kinds import KINDS, Channel, MessageKind
from apps.messaging.domain.message import (
    ANSWER_DUE,
    CLAIM_LENGTH,
    GIVEN_UP_AFTER,
    LOOK_AGAIN,
    Message,
    MessageNotFound,
    MessageStatus,
    Result,
)
from apps.messaging.domain.template import (
    MessageTemplate,
    TemplateNotFound,
    TemplateVersion,
    VersionNotFound,
)
from apps.messaging.infrastructure import models
from apps.messaging.infrastructure.mappers import (
    apply_message,
    apply_rules,
    apply_template,
    to_message,
    to_rules,
    to_template,
    to_version,
)

_COLUMNS = [str(field.column) for field in models.Message._meta.concrete_fields]
_SLACK = timedelta(minutes=1)
_PATIENCE, _PAUSE = 60, 0.5  # seconds
_WRITABLE = (
    "status",
    "result",
    "attempts",
    "next_try_at",
    "claim",
    "claimed_until",
    "template_version",
    "sending_at",
    "sent_at",
)

# What is due, still makes sense and is in nobody's hands. A next try or a claim that reaches further ahead
# than any can comes from a machine whose clock was wrong, and holds nobody up. MATERIALIZED: the choice is
# made once; a plan that ran it again for each row would skip what it has locked itself and take too many.
_CLAIM = f"""
WITH due AS MATERIALIZED (
    SELECT id FROM messaging_message
    WHERE status = 'planned' AND due_at <= %(now)s AND useful_until > %(now)s
        AND (next_try_at <= %(now)s OR next_try_at > %(now)s + %(longest_pause)s)
        AND (claimed_until IS NULL OR claimed_until <= %(now)s
            OR claimed_until > %(now)s + %(claim_length)s + %(slack)s)
    ORDER BY kind = ANY(%(urgent)s) DESC, next_try_at, id
    LIMIT %(limit)s
    FOR UPDATE SKIP LOCKED
)
UPDATE messaging_message AS message SET claim = %(claim)s, claimed_until = %(now)s + %(claim_length)s
FROM due WHERE message.id = due.id
RETURNING {", ".join(f"message.{column}" for column in _COLUMNS)}
"""  # noqa: S608 - only names of our own go into it

_PLAN = f"""
INSERT INTO messaging_message AS kept ({", ".join(_COLUMNS)})
VALUES ({", ".join(f"%({column})s" for column in _COLUMNS)})
ON CONFLICT (dedupe_key) DO UPDATE SET
    status = 'planned', result = '', due_at = EXCLUDED.due_at, next_try_at = EXCLUDED.next_try_at,
    useful_until = EXCLUDED.useful_until
WHERE kept.status = 'skipped' AND kept.result IN ('moved', 'canceled')
"""  # noqa: S608 - only names of our own go into it


class PostgresOutbox:
    """Outbox (port). Every write outside of planning is one statement that commits at once."""

    def plan(self, messages: Sequence[Message]) -> int:
        planned = 0
        with connection.cursor() as cursor:
            for message in messages:
                row = models.Message()
                apply_message(message, row)
                fields = models.Message._meta.concrete_fields
                values = {
                    str(field.column): field.get_db_prep_save(getattr(row, field.attname), connection)
                    for field in fields
                }
                cursor.execute(_PLAN, values)
                planned += cursor.rowcount
        return planned

    def claim(self, *, limit: int, claim: UUID, now: datetime) -> list[Message]:
        found = models.Message.objects.raw(
            _CLAIM,
            {
                "claim": claim,
                "now": now,
                "limit": limit,
                "claim_length": CLAIM_LENGTH,
                "longest_pause": LOOK_AGAIN + _SLACK,
                "slack": _SLACK,
                "urgent": [kind.value for kind, rules in KINDS.items() if rules.urgent],
            },
        )
        messages = [to_message(row) for row in found]
        return sorted(messages, key=lambda each: (not KINDS[each.kind].urgent, each.next_try_at, each.id))

    def save(self, message: Message, *, claim: UUID) -> None:
        row = models.Message()
        apply_message(message, row)
        rows = models.Message.objects.filter(pk=message.id, claim=claim)
        if not rows.update(**{name: getattr(row, name) for name in _WRITABLE}):
            raise ClaimLost

    def record(self, message: Message, *, claim: UUID) -> None:
        deadline = monotonic() + _PATIENCE
        while True:
            try:
                return self.save(message, claim=claim)
            except (OperationalError, InterfaceError):
                if monotonic() > deadline:
                    raise
                close_old_connections()
                sleep(_PAUSE)

    def release(self, *, claim: UUID) -> None:
        rows = models.Message.objects.filter(claim=claim, status=MessageStatus.PLANNED)
        rows.update(claim=None, claimed_until=None)

    def close_unanswered(self, *, now: datetime) -> int:
        overdue = Q(sending_at__lt=now - ANSWER_DUE) | Q(sending_at__gt=now + _SLACK)
        rows = models.Message.objects.filter(overdue, status=MessageStatus.SENDING)
        return rows.update(status=MessageStatus.UNKNOWN, result=Result.NO_ANSWER.value, claimed_until=None)

    def close_overdue(self, *, now: datetime) -> int:
        rows = models.Message.objects.filter(
            status=MessageStatus.PLANNED, useful_until__lt=now - GIVEN_UP_AFTER
        )
        tried = When(attempts__gt=0, then=Value(MessageStatus.FAILED.value))
        return rows.update(
            status=Case(tried, default=Value(MessageStatus.SKIPPED.value)),
            result=Result.TOO_LATE.value,
            claim=None,
            claimed_until=None,
        )

    def withdraw(self, withdrawal: Withdrawal) -> int:
        rows = models.Message.objects.filter(
            appointment_id=withdrawal.appointment_id,
            kind__in=[kind.value for kind in withdrawal.kinds],
            status=MessageStatus.PLANNED,
        )
        if withdrawal.except_start is not None:
            rows = rows.exclude(start=withdrawal.except_start)
        return rows.update(
            status=MessageStatus.SKIPPED, result=withdrawal.result.value, claim=None, claimed_until=None
        )

    def move_reminders(self, *, kind: MessageKind, lead: timedelta) -> int:
        before = Value(lead, output_field=DurationField())
        due = ExpressionWrapper(F("start") - before, output_field=DateTimeField())
        rows = models.Message.objects.filter(
            kind=kind.value, status=MessageStatus.PLANNED, start__isnull=False, attempts=0
        )
        return rows.update(due_at=due, next_try_at=due)

    def get(self, message_id: UUID) -> Message:
        row = models.Message.objects.select_for_update().filter(pk=message_id).first()
        if row is None:
            raise MessageNotFound
        return to_message(row)

    def put(self, message: Message) -> None:
        row = models.Message()
        apply_message(message, row)
        row.save(force_update=True)

    def was_sent(self, *, appointment_id: UUID, kinds: Iterable[MessageKind]) -> bool:
        reached = [MessageStatus.SENT, MessageStatus.SENDING, MessageStatus.UNKNOWN]
        return models.Message.objects.filter(
            appointment_id=appointment_id, kind__in=[kind.value for kind in kinds], status__in=reached
        ).exists()


class PostgresTemplates:
    """Templates (port)."""

    def current(self, *, kind: MessageKind, language: str) -> TemplateVersion | None:
        row = models.MessageTemplate.objects.filter(
            kind=kind.value, channel=Channel.EMAIL.value, language=language
        ).first()
        return None if row is None else to_version(row)

    def get(self, template_id: UUID) -> MessageTemplate:
        row = models.MessageTemplate.objects.select_for_update().filter(pk=template_id).first()
        if row is None:
            raise TemplateNotFound
        return to_template(row)

    def version(self, template_id: UUID, number: int) -> TemplateVersion:
        row = models.TemplateVersion.objects.filter(template_id=template_id, number=number).first()
        if row is None:
            raise VersionNotFound
        return to_version(row)

    def save(self, template: MessageTemplate) -> None:
        row = models.MessageTemplate()
        apply_template(template, row)
        row.save(force_update=True)
        current = template.current
        models.TemplateVersion.objects.create(
            template_id=template.id,
            number=current.number,
            subject=current.subject,
            body=current.body,
            created_at=current.created_at,
            author_id=current.author_id,
        )


class PostgresSettings:
    """Settings (port) over the one row that the migration made."""

    def rules(self) -> DeliveryRules:
        return to_rules(models.DeliverySettings.objects.get(pk=1))

    def version(self) -> int:
        """Which version of the settings is kept; grows with every change."""
        return models.DeliverySettings.objects.values_list("version", flat=True).get(pk=1)

    def lock(self) -> DeliveryRules:
        return to_rules(models.DeliverySettings.objects.select_for_update().get(pk=1))

    def save(self, rules: DeliveryRules) -> None:
        row = models.DeliverySettings.objects.get(pk=1)
        apply_rules(rules, row)
        row.version += 1
        row.save()


class PostgresOptOuts:
    """OptOuts (port)."""

    def of(self, client_id: UUID) -> frozenset[MessageKind]:
        row = models.ReminderOptOut.objects.filter(pk=client_id).first()
        return frozenset() if row is None else frozenset(MessageKind(each) for each in row.kinds)

    def set(self, client_id: UUID, *, off: frozenset[MessageKind], at: datetime) -> None:
        if not off:
            models.ReminderOptOut.objects.filter(pk=client_id).delete()
            return
        kinds = sorted(each.value for each in off)
        models.ReminderOptOut.objects.update_or_create(pk=client_id, defaults={"at": at, "kinds": kinds})
