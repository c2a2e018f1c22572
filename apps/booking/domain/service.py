"""What is sold: a service, its price and the rules that a booking of it lives by."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from apps.booking.domain.fiscal import PaymentSubject, VatCode
from apps.booking.domain.slots import SlotGrid, SlotTerms
from apps.kernel.domain.errors import DomainError, NotFound, gettext_noop
from apps.kernel.domain.money import Money

MAX_DURATION = timedelta(hours=12)
MAX_BUFFER = timedelta(hours=4)


class ServiceStatus(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    ARCHIVED = "archived"


class MeetingFormat(StrEnum):
    """How one session is held."""

    ONLINE = "online"
    OFFLINE = "offline"


class ServiceFormat(StrEnum):
    """How a service can be held; hybrid lets the client choose."""

    ONLINE = "online"
    OFFLINE = "offline"
    HYBRID = "hybrid"


class ServiceNotFound(NotFound):
    code = "service_not_found"
    message = gettext_noop("There is no such service, or it is not open for booking.")


class WrongMeetingFormat(DomainError):
    code = "wrong_meeting_format"
    message = gettext_noop("This service is not held in the chosen format.")


class InvalidServiceTerms(DomainError):
    """The price or the rules of a service contradict each other; ``field`` names the one to mend."""

    code = "invalid_service_terms"
    message = gettext_noop("The rules of the service contradict each other.")


class DurationOutOfRange(InvalidServiceTerms):
    message = gettext_noop("A session lasts from 1 minute to 12 hours.")


class BufferOutOfRange(InvalidServiceTerms):
    message = gettext_noop("A buffer lasts from 0 minutes to 4 hours.")


class NegativePrice(InvalidServiceTerms):
    message = gettext_noop("The price cannot be negative.")


class DepositAbovePrice(InvalidServiceTerms):
    message = gettext_noop("The deposit must be more than zero and not above the price.")


class CancellationHoursReversed(InvalidServiceTerms):
    message = gettext_noop(
        "Free cancellation must end before the half refund does: give it at least as many hours."
    )


class NegativeRule(InvalidServiceTerms):
    message = gettext_noop("Hours and counts cannot be negative.")


@dataclass(frozen=True, kw_only=True)
class ServiceTerms:
    """The part of a service that an appointment keeps as its snapshot: later changes do not reach it.

    Raises a subclass of InvalidServiceTerms whose ``field`` names what is wrong.
    """

    slug: str
    name: str
    duration: timedelta
    price: Money
    deposit: Money | None
    cancel_free_hours: int
    cancel_partial_hours: int
    reschedule_min_hours: int
    max_reschedules: int
    buffer_before: timedelta
    buffer_after: timedelta
    vat_code: VatCode
    payment_subject: PaymentSubject

    COUNTS: ClassVar = (
        "cancel_free_hours",
        "cancel_partial_hours",
        "reschedule_min_hours",
        "max_reschedules",
    )

    def __post_init__(self) -> None:
        if not timedelta(minutes=1) <= self.duration <= MAX_DURATION:
            raise DurationOutOfRange(field="duration")
        for field in ("buffer_before", "buffer_after"):
            if not timedelta(0) <= getattr(self, field) <= MAX_BUFFER:
                raise BufferOutOfRange(field=field)
        if self.price.minor < 0:
            raise NegativePrice(field="price")
        if self.deposit is not None and not 0 < self.deposit.minor <= self.price.minor:
            raise DepositAbovePrice(field="deposit")
        for field in self.COUNTS:
            if getattr(self, field) < 0:
                raise NegativeRule(field=field)
        if self.cancel_free_hours < self.cancel_partial_hours:
            raise CancellationHoursReversed(field="cancel_free_hours")

    @property
    def is_free(self) -> bool:
        return not self.price

    @property
    def due_to_confirm(self) -> Money:
        """What must be paid before the appointment is confirmed: the deposit where there is one."""
        return self.price if self.deposit is None else self.deposit


@dataclass(frozen=True, kw_only=True)
class Service:
    """A service as booking sees it: the terms, and when it may be booked."""

    id: UUID
    specialist_id: UUID
    slug: str
    status: ServiceStatus
    format: ServiceFormat
    address: str
    terms: ServiceTerms
    min_notice: timedelta
    horizon_days: int
    step: timedelta
    grid: SlotGrid
    daily_limit: int | None
    requires_confirmation: bool
    intake_questions: tuple[str, ...]

    def ensure_published(self) -> None:
        """Raises ServiceNotFound for drafts and archived services: to a client they do not exist."""
        if self.status is not ServiceStatus.PUBLISHED:
            raise ServiceNotFound(field="service")

    def ensure_held_as(self, meeting_format: MeetingFormat) -> None:
        """Raises WrongMeetingFormat."""
        if self.format is not ServiceFormat.HYBRID and self.format.value != meeting_format.value:
            raise WrongMeetingFormat(field="meeting_format")

    def slot_terms(self) -> SlotTerms:
        return SlotTerms(
            service_id=self.id,
            duration=self.terms.duration,
            buffer_before=self.terms.buffer_before,
            buffer_after=self.terms.buffer_after,
            min_notice=self.min_notice,
            horizon_days=self.horizon_days,
            step=self.step,
            grid=self.grid,
            daily_limit=self.daily_limit,
        )
