"""A booked session: its states, the only ways between them, and who may take them when."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Self
from uuid import UUID

from apps.booking.domain import events
from apps.booking.domain.cancellation import CanceledBy, Cancellation, cancellation
from apps.booking.domain.lifecycle import (
    ACTIVE,
    ALLOWED,
    AlreadyCanceled,
    AlreadyStarted,
    AppointmentStatus,
    HoldAlreadyExtended,
    HoldExpired,
    PaymentDue,
    PaymentNotTaken,
    TransitionNotAllowed,
)
from apps.booking.domain.outcome import (
    Outcome,
    OutcomeBeforeStart,
    OutcomeNotRecordable,
    OutcomeRecord,
    ReasonCategory,
)
from apps.booking.domain.outside_payment import PaymentAmountOutOfRange, PaymentMethod
from apps.booking.domain.rescheduling import SameTime, ensure_client_may_move
from apps.booking.domain.service import MeetingFormat, Service, ServiceTerms
from apps.booking.domain.specialist import Specialist
from apps.kernel.domain.aggregate import Aggregate
from apps.kernel.domain.errors import NotFound, gettext_noop
from apps.kernel.domain.ids import NewId
from apps.kernel.domain.money import Money
from apps.kernel.domain.period import Period

_S = AppointmentStatus


class AppointmentNotFound(NotFound):
    code = "appointment_not_found"
    message = gettext_noop("There is no such appointment.")


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Where the booking came from; P0 only, ``deep_link_id`` and UTM included."""

    entry_point: str = ""
    topic: str = ""
    deep_link_id: str = ""
    utm: Mapping[str, str] = field(default_factory=dict)


@dataclass(kw_only=True, eq=False)
class Appointment(Aggregate):
    """``terms`` are the service's snapshot at booking time. ``refund`` is to be given back of ``paid``.

    ``hold_length`` is how long the slot is kept for payment, ``hold_expires_at`` and ``answer_due_at`` when
    the wait for a payment or for the specialist's answer ends. ``version`` grows with every saved change.
    """

    id: UUID
    specialist_id: UUID
    client_id: UUID
    service_id: UUID
    terms: ServiceTerms
    status: AppointmentStatus
    period: Period
    meeting_format: MeetingFormat
    meeting_link: str
    address: str
    time_zone: str
    origin: Origin
    paid: Money
    refund: Money
    hold_length: timedelta
    hold_expires_at: datetime | None
    hold_extended: bool
    answer_due_at: datetime | None
    reschedule_count: int
    outcomes: list[OutcomeRecord]
    created_at: datetime
    version: int

    @classmethod
    def book(
        cls,
        *,
        id: UUID,
        new_id: NewId,
        client_id: UUID,
        service: Service,
        specialist: Specialist,
        start: datetime,
        meeting_format: MeetingFormat,
        time_zone: str,
        origin: Origin,
        now: datetime,
        offered_until: datetime | None = None,
    ) -> Self:
        """A request where the specialist must answer, a hold where money is due, else confirmed.

        ``offered_until`` makes it an offer to somebody who waits for such a time: always a hold, that long,
        and never extended, because others wait too; a free one is confirmed by :meth:`accept_offer`."""
        terms = service.terms
        if offered_until is not None:
            status = _S.PENDING_PAYMENT
        elif service.requires_confirmation:
            status = _S.REQUESTED
        else:
            status = _S.CONFIRMED if terms.is_free else _S.PENDING_PAYMENT
        online = meeting_format is MeetingFormat.ONLINE
        held_until = offered_until or now + specialist.hold
        appointment = cls(
            id=id,
            specialist_id=service.specialist_id,
            client_id=client_id,
            service_id=service.id,
            terms=terms,
            status=status,
            period=Period.lasting(start, terms.duration),
            meeting_format=meeting_format,
            meeting_link=specialist.meeting_link if online else "",
            address="" if online else service.address,
            time_zone=time_zone,
            origin=origin,
            paid=Money.zero(terms.price.currency),
            refund=Money.zero(terms.price.currency),
            hold_length=specialist.accepted_hold if status is _S.REQUESTED else specialist.hold,
            hold_expires_at=held_until if status is _S.PENDING_PAYMENT else None,
            hold_extended=offered_until is not None,
            answer_due_at=now + specialist.answer_within if status is _S.REQUESTED else None,
            reschedule_count=0,
            outcomes=[],
            created_at=now,
            version=1,
        )
        if appointment.answer_due_at:
            appointment._happened(
                events.AppointmentRequested, new_id, now, answer_due_at=appointment.answer_due_at
            )
        elif appointment.hold_expires_at:
            appointment._happened(
                events.AppointmentHeld, new_id, now, hold_expires_at=appointment.hold_expires_at
            )
        else:
            appointment._happened(events.AppointmentConfirmed, new_id, now)
        return appointment

    @property
    def is_active(self) -> bool:
        return self.status in ACTIVE

    @property
    def blocked(self) -> Period:
        """The period with the buffers that its terms demand."""
        return self.period.padded(before=self.terms.buffer_before, after=self.terms.buffer_after)

    @property
    def amount_due(self) -> Money:
        """What is left to pay: until confirmed, what confirms it (the deposit where there is one)."""
        if self.status in {_S.REQUESTED, _S.PENDING_PAYMENT}:
            return self.terms.due_to_confirm
        if self.status in {_S.CONFIRMED, _S.COMPLETED}:
            return self.terms.price - self.paid
        return Money.zero(self.paid.currency)

    def is_overdue(self, now: datetime) -> bool:
        """Whether the wait for a payment or an answer is over, though nobody has acted on it yet."""
        deadline = self.hold_expires_at if self.status is _S.PENDING_PAYMENT else self.answer_due_at
        return self.status in {_S.PENDING_PAYMENT, _S.REQUESTED} and deadline is not None and deadline <= now

    def accept(self, *, new_id: NewId, now: datetime) -> None:
        """The specialist accepts a request: a paid service then waits for payment, a free one is confirmed.
        Raises TransitionNotAllowed, HoldExpired (nobody answered in time), AlreadyStarted."""
        self._ensure(self.status is _S.REQUESTED, _S.CONFIRMED)
        self._ensure_waiting(now)
        self._ensure_ahead(now)
        self.answer_due_at = None
        if self.terms.is_free:
            self._move(_S.CONFIRMED)
            self._happened(events.AppointmentConfirmed, new_id, now)
        else:
            self._move(_S.PENDING_PAYMENT)
            self.hold_expires_at = now + self.hold_length
            self._happened(events.AppointmentHeld, new_id, now, hold_expires_at=self.hold_expires_at)

    def accept_offer(self, *, new_id: NewId, now: datetime) -> None:
        """Take a free session that is kept; a paid one is confirmed by its payment.
        Raises TransitionNotAllowed, HoldExpired, PaymentDue."""
        self._ensure(self.status is _S.PENDING_PAYMENT, _S.CONFIRMED)
        self._ensure_waiting(now)
        if self.amount_due:
            raise PaymentDue
        self._move(_S.CONFIRMED)
        self.hold_expires_at = None
        self._happened(events.AppointmentConfirmed, new_id, now)

    def decline(self, *, by: str, new_id: NewId, now: datetime) -> None:
        """The specialist refuses a request, its client withdraws it, or nobody answered (``by``: system)."""
        self._ensure(self.status is _S.REQUESTED, _S.DECLINED)
        self._move(_S.DECLINED)
        self.answer_due_at = None
        self._happened(events.AppointmentDeclined, new_id, now, by=by)
        self._freed(new_id, now)

    def extend_hold(self, *, new_id: NewId, now: datetime) -> None:
        """Once, by the same length. Raises TransitionNotAllowed, HoldExpired, HoldAlreadyExtended."""
        self._ensure(self.status is _S.PENDING_PAYMENT, _S.PENDING_PAYMENT)
        self._ensure_waiting(now)
        if self.hold_extended or self.hold_expires_at is None:
            raise HoldAlreadyExtended
        self.hold_expires_at += self.hold_length
        self.hold_extended = True
        self._happened(events.HoldExtended, new_id, now, hold_expires_at=self.hold_expires_at)

    def expire(self, *, new_id: NewId, now: datetime) -> None:
        """End an overdue hold. Raises TransitionNotAllowed while the hold lasts."""
        self._ensure(self.status is _S.PENDING_PAYMENT and self.is_overdue(now), _S.EXPIRED)
        self._move(_S.EXPIRED)
        self._happened(events.AppointmentExpired, new_id, now)
        self._freed(new_id, now)

    def record_outside_payment(
        self, *, amount: Money, method: PaymentMethod, new_id: NewId, now: datetime
    ) -> None:
        """Money came outside the system: at least what confirms the appointment, together never above the
        price. Raises TransitionNotAllowed, HoldExpired, PaymentAmountOutOfRange."""
        self._ensure(self.status in {_S.PENDING_PAYMENT, _S.CONFIRMED, _S.COMPLETED}, _S.CONFIRMED)
        self._ensure_waiting(now)
        waiting = self.status is _S.PENDING_PAYMENT
        least = self.terms.due_to_confirm if waiting else Money(1, self.paid.currency)
        most = self.terms.price - self.paid
        if not least <= amount <= most:
            raise PaymentAmountOutOfRange(field="amount", least=str(least.amount), most=str(most.amount))
        self.paid += amount
        self._happened(
            events.OutsidePaymentRecorded,
            new_id,
            now,
            amount_minor=amount.minor,
            currency=amount.currency,
            method=method.value,
        )
        if waiting:
            self._move(_S.CONFIRMED)
            self.hold_expires_at = None
            self._happened(events.AppointmentConfirmed, new_id, now)

    def receive_payment(
        self, *, payment_id: UUID, amount: Money, slot_is_free: bool, new_id: NewId, now: datetime
    ) -> bool:
        """Take money from the provider: it confirms a hold, and even an ended one while its time is free
        (``slot_is_free``) and ahead; afterwards it pays the rest. Returns whether the hold had ended.
        Raises PaymentNotTaken."""
        late = self.ensure_takes_payment(amount=amount, slot_is_free=slot_is_free, now=now)
        self.paid += amount
        self._happened(
            events.PaymentReceived,
            new_id,
            now,
            payment_id=payment_id,
            amount_minor=amount.minor,
            currency=amount.currency,
            late=late,
        )
        if self.status in {_S.PENDING_PAYMENT, _S.EXPIRED}:
            self._move(_S.CONFIRMED)
            self.hold_expires_at = None
            self._happened(events.AppointmentConfirmed, new_id, now)
        return late

    def ensure_takes_payment(self, *, amount: Money, slot_is_free: bool, now: datetime) -> bool:
        """Whether the hold has ended, though the money is welcome.
        Raises PaymentNotTaken with the reason: closed, too_late, slot_taken, too_much, too_little."""
        waiting = self.status in {_S.PENDING_PAYMENT, _S.EXPIRED}
        if not waiting and self.status not in {_S.CONFIRMED, _S.COMPLETED, _S.NO_SHOW}:
            raise PaymentNotTaken(reason="closed")
        if waiting and now >= self.period.start:
            raise PaymentNotTaken(reason="too_late")
        if self.status is _S.EXPIRED and not slot_is_free:
            raise PaymentNotTaken(reason="slot_taken")
        if amount > self.terms.price - self.paid:
            raise PaymentNotTaken(reason="too_much")
        if amount.minor <= 0 or (waiting and amount < self.terms.due_to_confirm):
            raise PaymentNotTaken(reason="too_little")
        return self.status is _S.EXPIRED or self.is_overdue(now)

    def ensure_movable_to(self, *, start: datetime, by: CanceledBy, now: datetime) -> None:
        """Clients are bound by the rules of the snapshot, the specialist only by the state and the start.
        Raises TransitionNotAllowed, AlreadyStarted, SameTime, TooLateToReschedule, RescheduleLimitReached."""
        self._ensure(self.status is _S.CONFIRMED, _S.CONFIRMED)
        self._ensure_ahead(now)
        if start == self.period.start:
            raise SameTime(field="start")
        if by is CanceledBy.CLIENT:
            ensure_client_may_move(
                terms=self.terms, start=self.period.start, moved=self.reschedule_count, now=now
            )

    def reschedule(
        self, *, start: datetime, by: CanceledBy, actor_id: UUID | None, new_id: NewId, now: datetime
    ) -> None:
        """Move to a new start; moves by the client count. Raises what :meth:`ensure_movable_to` raises."""
        self.ensure_movable_to(start=start, by=by, now=now)
        old = self.period
        self._freed(new_id, now)
        self.outcomes.append(self._outcome(Outcome.RESCHEDULED, ReasonCategory.NONE, actor_id, "", now))
        self.period = Period.lasting(start, old.length)
        self.reschedule_count += by is CanceledBy.CLIENT
        self._move(_S.CONFIRMED)
        self._happened(events.AppointmentRescheduled, new_id, now, old_start=old.start)

    def preview_cancellation(self, *, by: CanceledBy, now: datetime) -> Cancellation:
        """What canceling now would mean. Raises TransitionNotAllowed, AlreadyCanceled, HoldExpired,
        AlreadyStarted (for clients)."""
        if self.status is _S.CANCELED:
            raise AlreadyCanceled
        self._ensure(self.is_active, _S.CANCELED)
        self._ensure_waiting(now)
        if by is CanceledBy.CLIENT:
            self._ensure_ahead(now)
        return self._cancellation(by, now)

    def cancel(
        self,
        *,
        by: CanceledBy,
        reason: ReasonCategory,
        actor_id: UUID | None,
        new_id: NewId,
        now: datetime,
    ) -> Cancellation:
        """Cancel a hold or a confirmed appointment. A request is declined instead (withdrawn).
        Raises what :meth:`preview_cancellation` raises."""
        consequence = self.preview_cancellation(by=by, now=now)
        if self.status is _S.REQUESTED:
            self.decline(by=by.value, new_id=new_id, now=now)
        else:
            self._cancel(consequence, reason, actor_id, "", new_id, now)
        return consequence

    def record_outcome(
        self,
        *,
        outcome: Outcome,
        reason: ReasonCategory,
        notes: str,
        actor_id: UUID | None,
        new_id: NewId,
        now: datetime,
    ) -> None:
        """Close a confirmed appointment after its start.
        Raises TransitionNotAllowed, OutcomeBeforeStart, OutcomeNotRecordable (rescheduled)."""
        self._ensure(self.status is _S.CONFIRMED, _S.COMPLETED)
        if now < self.period.start:
            raise OutcomeBeforeStart
        if outcome is Outcome.RESCHEDULED:
            raise OutcomeNotRecordable(field="outcome")
        if outcome in {Outcome.CANCELED_BY_CLIENT, Outcome.CANCELED_BY_PROVIDER}:
            by = CanceledBy.CLIENT if outcome is Outcome.CANCELED_BY_CLIENT else CanceledBy.SPECIALIST
            self._cancel(self._cancellation(by, now), reason, actor_id, notes, new_id, now)
            return
        self.outcomes.append(self._outcome(outcome, reason, actor_id, notes, now))
        attended = outcome is Outcome.ATTENDED
        self._move(_S.COMPLETED if attended else _S.NO_SHOW)
        self._happened(events.AppointmentCompleted if attended else events.ClientDidNotShow, new_id, now)

    def _cancel(
        self,
        consequence: Cancellation,
        reason: ReasonCategory,
        actor_id: UUID | None,
        notes: str,
        new_id: NewId,
        now: datetime,
    ) -> None:
        by_client = consequence.by is CanceledBy.CLIENT
        outcome = Outcome.CANCELED_BY_CLIENT if by_client else Outcome.CANCELED_BY_PROVIDER
        self.outcomes.append(self._outcome(outcome, reason, actor_id, notes, now))
        self._move(_S.CANCELED)
        self.hold_expires_at = None
        self.refund = consequence.refund
        self._happened(
            events.AppointmentCanceled,
            new_id,
            now,
            by=consequence.by.value,
            rule=consequence.rule.value,
            refund_minor=consequence.refund.minor,
            currency=consequence.refund.currency,
        )
        self._freed(new_id, now)

    def _cancellation(self, by: CanceledBy, now: datetime) -> Cancellation:
        return cancellation(
            by=by,
            paid=self.paid,
            start=self.period.start,
            free_hours=self.terms.cancel_free_hours,
            partial_hours=self.terms.cancel_partial_hours,
            now=now,
        )

    def _outcome(
        self, outcome: Outcome, reason: ReasonCategory, actor_id: UUID | None, notes: str, now: datetime
    ) -> OutcomeRecord:
        return OutcomeRecord(
            outcome=outcome,
            reason=reason,
            session_start=self.period.start,
            recorded_at=now,
            recorded_by=actor_id,
            notes=notes,
        )

    def _move(self, target: AppointmentStatus) -> None:
        if target not in ALLOWED[self.status]:
            raise TransitionNotAllowed(status=self.status.value, target=target.value)
        self.status = target

    def _ensure(self, condition: bool, target: AppointmentStatus) -> None:
        if not condition:
            raise TransitionNotAllowed(status=self.status.value, target=target.value)

    def _ensure_waiting(self, now: datetime) -> None:
        if self.is_overdue(now):
            raise HoldExpired

    def _ensure_ahead(self, now: datetime) -> None:
        if now >= self.period.start:
            raise AlreadyStarted

    def _happened(
        self, event: type[events.AppointmentEvent], new_id: NewId, now: datetime, **data: Any
    ) -> None:
        self.record(
            event(
                event_id=new_id(),
                occurred_at=now,
                appointment_id=self.id,
                client_id=self.client_id,
                specialist_id=self.specialist_id,
                service_id=self.service_id,
                start=self.period.start,
                **data,
            )
        )

    def _freed(self, new_id: NewId, now: datetime) -> None:
        self.record(
            events.SlotFreed(
                event_id=new_id(),
                occurred_at=now,
                specialist_id=self.specialist_id,
                service_id=self.service_id,
                start=self.period.start,
                end=self.period.end,
            )
        )
