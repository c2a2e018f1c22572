"""What happens in booking: past tense, ids and P0 data only."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.kernel.domain.events import DomainEvent


@dataclass(frozen=True, kw_only=True)
class AppointmentEvent(DomainEvent):
    """Something that happened to one appointment; ``start`` is its time after the event."""

    appointment_id: UUID
    client_id: UUID
    specialist_id: UUID
    service_id: UUID
    start: datetime


@dataclass(frozen=True, kw_only=True)
class AppointmentRequested(AppointmentEvent):
    answer_due_at: datetime


@dataclass(frozen=True, kw_only=True)
class AppointmentHeld(AppointmentEvent):
    hold_expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class HoldExtended(AppointmentEvent):
    hold_expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class OutsidePaymentRecorded(AppointmentEvent):
    """Money (kopecks) that came outside the system was recorded; ``method`` is a category."""

    amount_minor: int
    currency: str
    method: str


@dataclass(frozen=True, kw_only=True)
class PaymentReceived(AppointmentEvent):
    """A payment (kopecks) through the provider was taken; ``late``: after the hold had ended."""

    payment_id: UUID
    amount_minor: int
    currency: str
    late: bool


@dataclass(frozen=True, kw_only=True)
class AppointmentConfirmed(AppointmentEvent):
    pass


@dataclass(frozen=True, kw_only=True)
class AppointmentDeclined(AppointmentEvent):
    """``by``: who declined (client | specialist | system)."""

    by: str


@dataclass(frozen=True, kw_only=True)
class AppointmentRescheduled(AppointmentEvent):
    old_start: datetime


@dataclass(frozen=True, kw_only=True)
class AppointmentCanceled(AppointmentEvent):
    """``by``: client | specialist; ``refund_minor``: kopecks to give back; ``rule``: full | half | none."""

    by: str
    rule: str
    refund_minor: int
    currency: str


@dataclass(frozen=True, kw_only=True)
class AppointmentExpired(AppointmentEvent):
    pass


@dataclass(frozen=True, kw_only=True)
class AppointmentCompleted(AppointmentEvent):
    pass


@dataclass(frozen=True, kw_only=True)
class ClientDidNotShow(AppointmentEvent):
    pass


@dataclass(frozen=True, kw_only=True)
class SlotFreed(DomainEvent):
    """Time of a specialist that was taken may be booked again."""

    specialist_id: UUID
    service_id: UUID
    start: datetime
    end: datetime


@dataclass(frozen=True, kw_only=True)
class IntakeSubmitted(DomainEvent):
    appointment_id: UUID
    client_id: UUID


@dataclass(frozen=True, kw_only=True)
class WaitlistJoined(DomainEvent):
    waitlist_request_id: UUID
    service_id: UUID
    window: str


@dataclass(frozen=True, kw_only=True)
class WaitlistOffered(DomainEvent):
    """A time is kept for somebody on the waitlist until ``expires_at``."""

    offer_id: UUID
    waitlist_request_id: UUID
    appointment_id: UUID
    client_id: UUID
    expires_at: datetime
