"""The demo's letters: those of its past stand in the log as sent, those ahead wait; nothing is posted."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from django.db.models import F, OuterRef, Q, Subquery

from apps.booking import models as booking
from apps.kernel.domain.clock import Clock
from apps.kernel.infrastructure.event_bus import Subscription
from apps.messaging import models as messaging
from apps.messaging import wiring
from apps.messaging.application.ports import Withdrawal
from apps.messaging.domain.kinds import KINDS
from apps.messaging.domain.message import Message, MessageStatus, Result
from apps.messaging.infrastructure.repositories import PostgresOutbox
from apps.messaging.presentation.subscribers import LettersUponEvents

LANGUAGE = "ru"
ON_THE_WAY = timedelta(seconds=3)


class DemoLetters(PostgresOutbox):
    """The outbox of the demo: by its clock a letter is gone before anything could withdraw it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._quiet_hours = wiring.settings.rules().quiet_hours

    def subscriptions(self) -> list[Subscription]:
        """What plans letters by the demo's clock, in place of what would by the real one."""
        plan = replace(wiring.plan_messages, outbox=self, clock=self._clock, jobs=_NobodyToWake())
        return LettersUponEvents(plan).subscriptions()

    def plan(self, messages: Sequence[Message]) -> int:
        for message in messages:
            appointment_id = message.about.appointment_id
            if appointment_id is not None and not KINDS[message.kind].urgent:
                zone = booking.Appointment.objects.values_list("time_zone", flat=True).get(pk=appointment_id)
                message.next_try_at = self._quiet_hours.next_open(message.due_at, zone)
        return super().plan(messages)

    def withdraw(self, withdrawal: Withdrawal) -> int:
        self._send(Q(appointment_id=withdrawal.appointment_id))
        return super().withdraw(withdrawal)

    def send_what_is_due(self) -> None:
        """Let everything leave that is due by the demo's clock."""
        self._send(Q())

    def _send(self, which: Q) -> None:
        """In two steps, because the database lets no letter be sent that was not on its way."""
        due = messaging.Message.objects.filter(
            which, status=MessageStatus.PLANNED, next_try_at__lte=self._clock.now()
        )
        due.filter(useful_until__lte=F("next_try_at")).update(
            status=MessageStatus.SKIPPED, result=Result.TOO_LATE
        )
        text = messaging.MessageTemplate.objects.filter(kind=OuterRef("kind"), language=LANGUAGE)
        due.update(
            status=MessageStatus.SENDING,
            claim=F("id"),
            attempts=1,
            template_version=Subquery(text.values("number")),
            sending_at=F("next_try_at") + ON_THE_WAY,
        )
        messaging.Message.objects.filter(which, status=MessageStatus.SENDING).update(
            status=MessageStatus.SENT, claim=None, sent_at=F("sending_at")
        )


class _NobodyToWake:
    """DeliveryJobs (port): the demo sends by itself."""

    def wake(self) -> None:
        pass
