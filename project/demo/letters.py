"""The demo's letters: those of its past stand in the log as sent, those ahead wait; nothing is posted."""

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from django.db.models import QuerySet

from apps.booking import models as booking
from apps.kernel.domain.clock import Clock
from apps.kernel.infrastructure.event_bus import Subscription
from apps.messaging import models as messaging
from apps.messaging import wiring
from apps.messaging.application.ports import Withdrawal
from apps.messaging.domain.kinds import KINDS
from apps.messaging.domain.message import Message, MessageStatus, Result
from apps.messaging.infrastructure.mappers import apply_message, to_message
from apps.messaging.infrastructure.repositories import PostgresOutbox
from apps.messaging.presentation.subscribers import LettersUponEvents

LANGUAGE = "ru"
WRITTEN = ["status", "result", "attempts", "next_try_at", "template_version", "sending_at", "sent_at"]


class DemoLetters(PostgresOutbox):
    """The outbox of the demo: by its clock a letter is gone before anything could withdraw it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._random = Random(1)  # noqa: S311 – a repeatable demo, nothing secret
        self._rules = wiring.settings.rules()
        self._versions = dict(
            messaging.MessageTemplate.objects.filter(language=LANGUAGE).values_list("kind", "number")
        )

    def subscriptions(self) -> list[Subscription]:
        """What plans letters by the demo's clock, in place of what would by the real one."""
        plan = replace(wiring.plan_messages, outbox=self, clock=self._clock, jobs=_NobodyToWake())
        return LettersUponEvents(plan).subscriptions()

    def withdraw(self, withdrawal: Withdrawal) -> int:
        self._send(messaging.Message.objects.filter(appointment_id=withdrawal.appointment_id))
        return super().withdraw(withdrawal)

    def send_what_is_due(self) -> None:
        """Let everything leave that is due by the demo's clock."""
        self._send(messaging.Message.objects.all())

    def _send(self, letters: "QuerySet[messaging.Message]") -> None:
        now = self._clock.now()
        due = list(letters.filter(status=MessageStatus.PLANNED, due_at__lte=now))
        zones = dict(
            booking.Appointment.objects.filter(pk__in={row.appointment_id for row in due}).values_list(
                "pk", "time_zone"
            )
        )
        for row in due:
            message = to_message(row)
            self._leave(message, zones[row.appointment_id], now)
            apply_message(message, row)
        messaging.Message.objects.bulk_update(due, WRITTEN)

    def _leave(self, message: Message, time_zone: str, now: datetime) -> None:
        moment = message.due_at
        if not KINDS[message.kind].urgent:
            moment = self._rules.quiet_hours.next_open(moment, time_zone)
        if moment >= message.useful_until:
            message.skip(Result.TOO_LATE)
        elif moment > now:
            message.postpone(moment, now=now)
        else:
            sent_at = min(moment + timedelta(seconds=self._random.uniform(0.4, 9)), now)
            message.begin(template_version=self._versions[message.kind.value], now=sent_at)
            message.accepted(now=sent_at)


class _NobodyToWake:
    """DeliveryJobs (port): the demo sends by itself."""

    def wake(self) -> None:
        pass
