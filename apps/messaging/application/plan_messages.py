"""What an event asks for: which letters are planned, and which are withdrawn."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from apps.kernel.application.ports import UnitOfWork
from apps.kernel.domain.clock import Clock
from apps.kernel.domain.ids import NewId
from apps.messaging.application.ports import DeliveryJobs, Outbox, Session, Sessions, Settings, Withdrawal
from apps.messaging.domain.kinds import KINDS, REMINDERS, SESSION_KINDS, MessageKind
from apps.messaging.domain.message import Message, Recipient, RecipientKind, Result, Subject
from apps.messaging.domain.reminders import reminders

MEANT_FOR = timedelta(days=3)
"""How long a letter is tried that speaks of nothing with a time of its own."""


@dataclass(frozen=True)
class PlanMessages:
    """Hearing the same event again plans nothing new: every occasion has its key."""

    unit_of_work: UnitOfWork
    outbox: Outbox
    sessions: Sessions
    settings: Settings
    jobs: DeliveryJobs
    clock: Clock
    new_id: NewId

    def confirmed(self, *, appointment_id: UUID, occurred_at: datetime) -> int:
        """Confirmation, preparation, reminders. Nothing where the appointment is not confirmed any more."""
        now = self.clock.now()
        with self.unit_of_work():
            session = self.sessions.find(appointment_id, at=now)
            if session is None or session.status != "confirmed":
                return 0
            messages = [
                self._about(session, MessageKind.BOOKING_CONFIRMED, due_at=now, now=now),
                self._about(session, MessageKind.HOW_TO_PREPARE, due_at=now, now=now),
                *self._reminders(session, occurred_at, now),
            ]
            return self._plan(messages, now)

    def moved(
        self,
        *,
        appointment_id: UUID,
        start: datetime,
        old_start: datetime,
        event_id: UUID,
        occurred_at: datetime,
    ) -> int:
        """The letter about the move, reminders of the new start; those of the old one are withdrawn."""
        now = self.clock.now()
        with self.unit_of_work():
            session = self.sessions.find(appointment_id, at=now)
            if session is None or session.status != "confirmed" or session.start != start:
                return 0
            self.outbox.withdraw(
                Withdrawal(
                    appointment_id=appointment_id,
                    kinds=frozenset({*REMINDERS, MessageKind.APPOINTMENT_MOVED}),
                    result=Result.MOVED,
                    except_start=start,
                )
            )
            letter = self._about(
                session,
                MessageKind.APPOINTMENT_MOVED,
                due_at=now,
                now=now,
                occasion=str(event_id),
                facts={"old_start": old_start.isoformat()},
            )
            return self._plan([letter, *self._reminders(session, occurred_at, now)], now)

    def canceled(self, *, appointment_id: UUID, refund_minor: int, currency: str) -> int:
        return self._ended(
            appointment_id,
            MessageKind.APPOINTMENT_CANCELED,
            facts={"refund_minor": refund_minor, "currency": currency},
        )

    def declined(self, *, appointment_id: UUID, by: str) -> int:
        """Whoever withdraws their own request needs no letter about it."""
        return 0 if by == "client" else self._ended(appointment_id, MessageKind.REQUEST_DECLINED)

    def held(self, *, appointment_id: UUID, occurred_at: datetime) -> int:
        """A link to pay where the client is not paying at this moment: the specialist has booked for them,
        or has just accepted their request."""
        now = self.clock.now()
        with self.unit_of_work():
            session = self.sessions.find(appointment_id, at=now)
            if session is None or session.status != "pending_payment" or session.hold_expires_at is None:
                return 0
            if not session.made_by_practice and occurred_at == session.created_at:
                return 0
            until = min(session.hold_expires_at, session.start)
            letter = self._about(session, MessageKind.AWAITING_PAYMENT, due_at=now, now=now, until=until)
            return self._plan([letter], now)

    def offered(self, *, offer_id: UUID, appointment_id: UUID, expires_at: datetime) -> int:
        now = self.clock.now()
        with self.unit_of_work():
            session = self.sessions.find(appointment_id, at=now)
            if session is None or session.status != "pending_payment":
                return 0
            letter = self._about(
                session,
                MessageKind.WAITLIST_OFFER,
                due_at=now,
                now=now,
                occasion=str(offer_id),
                until=min(expires_at, session.start),
                facts={"expires_at": expires_at.isoformat()},
                offer_id=offer_id,
            )
            return self._plan([letter], now)

    def paid(self, *, payment_id: UUID, appointment_id: UUID, amount_minor: int, currency: str) -> int:
        return self._money(
            MessageKind.PAYMENT_RECEIVED, appointment_id, payment_id, amount_minor, currency, refund_id=None
        )

    def returned(
        self, *, refund_id: UUID, payment_id: UUID, appointment_id: UUID, amount_minor: int, currency: str
    ) -> int:
        return self._money(
            MessageKind.PAYMENT_RETURNED, appointment_id, payment_id, amount_minor, currency, refund_id
        )

    def sign_in(self, *, row_id: int, request_number: int, event_id: UUID) -> int:
        """The code itself is made at the moment of sending."""
        now = self.clock.now()
        letter = Message.plan(
            id=self.new_id(),
            kind=MessageKind.SIGN_IN_CODE,
            recipient=Recipient(kind=RecipientKind.SIGN_IN, id=str(row_id)),
            about=Subject(facts={"request_number": request_number}),
            dedupe_key=f"sign_in_code:{event_id}",
            due_at=now,
            useful_until=now + timedelta(minutes=10),
            now=now,
        )
        with self.unit_of_work():
            return self._plan([letter], now)

    def _ended(
        self, appointment_id: UUID, kind: MessageKind, *, facts: Mapping[str, str | int] | None = None
    ) -> int:
        now = self.clock.now()
        with self.unit_of_work():
            session = self.sessions.find(appointment_id, at=now)
            if session is None or session.status not in KINDS[kind].states:
                return 0
            self.outbox.withdraw(
                Withdrawal(
                    appointment_id=appointment_id,
                    kinds=frozenset(each for each in SESSION_KINDS if KINDS[each].states),
                    result=Result.CANCELED,
                )
            )
            return self._plan([self._about(session, kind, due_at=now, now=now, facts=facts)], now)

    def _money(
        self,
        kind: MessageKind,
        appointment_id: UUID,
        payment_id: UUID,
        amount_minor: int,
        currency: str,
        refund_id: UUID | None,
    ) -> int:
        now = self.clock.now()
        with self.unit_of_work():
            session = self.sessions.find(appointment_id, at=now)
            if session is None:
                return 0
            letter = self._about(
                session,
                kind,
                due_at=now,
                now=now,
                occasion=str(refund_id or payment_id),
                facts={"amount_minor": amount_minor, "currency": currency},
                payment_id=payment_id,
                refund_id=refund_id,
            )
            return self._plan([letter], now)

    def _reminders(self, session: Session, occurred_at: datetime, now: datetime) -> list[Message]:
        """Those that were ahead when it happened: hearing of it late makes nobody miss one."""
        planned = reminders(
            start=session.start,
            time_zone=session.time_zone,
            rules=self.settings.rules(),
            now=occurred_at,
        )
        return [
            self._about(session, each.kind, due_at=each.due_at, now=now, occasion=session.start.isoformat())
            for each in planned
        ]

    def _about(
        self,
        session: Session,
        kind: MessageKind,
        *,
        due_at: datetime,
        now: datetime,
        occasion: str = "",
        until: datetime | None = None,
        facts: Mapping[str, str | int] | None = None,
        payment_id: UUID | None = None,
        refund_id: UUID | None = None,
        offer_id: UUID | None = None,
    ) -> Message:
        meant_until = session.start if KINDS[kind].before_start else now + MEANT_FOR
        return Message.plan(
            id=self.new_id(),
            kind=kind,
            recipient=Recipient(kind=RecipientKind.CLIENT, id=str(session.client_id)),
            about=Subject(
                appointment_id=session.id,
                payment_id=payment_id,
                refund_id=refund_id,
                offer_id=offer_id,
                start=session.start,
                facts=facts,
            ),
            dedupe_key=f"{kind.value}:{session.id}:{occasion}",
            due_at=due_at,
            useful_until=until or meant_until,
            now=now,
        )

    def _plan(self, messages: list[Message], now: datetime) -> int:
        planned = self.outbox.plan(messages)
        if planned and any(each.due_at <= now for each in messages):
            self.jobs.wake()
        return planned
