"""What an appointment is made of, and the guards that every change of it passes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from apps.booking.domain import events
from apps.booking.domain.lifecycle import (
    ACTIVE,
    ALLOWED,
    AlreadyStarted,
    AppointmentStatus,
    HoldExpired,
    TransitionNotAllowed,
)
from apps.booking.domain.outcome import (
    OutcomeRecord,
)
from apps.booking.domain.service import MeetingFormat, ServiceTerms
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
class AppointmentState(Aggregate):
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

    @property
    def is_active(self) -> bool:
        return self.status in ACTIVE

    @property
    def blocked(self) -> Period:
        """The period with the buffers that its terms demand."""
        return self.period.padded(before=self.terms.buffer_before, after=self.terms.buffer_after)

    def is_overdue(self, now: datetime) -> bool:
        """Whether the wait for a payment or an answer is over, though nobody has acted on it yet."""
        deadline = self.hold_expires_at if self.status is _S.PENDING_PAYMENT else self.answer_due_at
        return self.status in {_S.PENDING_PAYMENT, _S.REQUESTED} and deadline is not None and deadline <= now

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
