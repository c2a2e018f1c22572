"""A booked session: its states, the only ways between them, and who may take them when."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self
from uuid import UUID

from apps.booking.domain import events
from apps.booking.domain.appointment_money import PaidAppointment
from apps.booking.domain.appointment_state import AppointmentNotFound, Origin
from apps.booking.domain.cancellation import CanceledBy, Cancellation, cancellation
from apps.booking.domain.lifecycle import (
    AlreadyCanceled,
    AppointmentStatus,
    HoldAlreadyExtended,
    PaymentDue,
)
from apps.booking.domain.outcome import (
    Outcome,
    OutcomeBeforeStart,
    OutcomeNotRecordable,
    OutcomeRecord,
    ReasonCategory,
)
from apps.booking.domain.rescheduling import SameTime, ensure_client_may_move
from apps.booking.domain.service import MeetingFormat, Service
from apps.booking.domain.specialist import Specialist
from apps.kernel.domain.ids import NewId
from apps.kernel.domain.money import Money
from apps.kernel.domain.period import Period

__all__ = ["Appointment", "AppointmentNotFound", "Origin"]

_S = AppointmentStatus


@dataclass(kw_only=True, eq=False)
class Appointment(PaidAppointment):
    """A booked session: how it is made, kept, moved, canceled and closed."""

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
