"""A service as the practice keeps it: its words, its price and rules, and whether clients may book it."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import ClassVar, Self
from uuid import UUID

from apps.booking.domain.fiscal import PaymentSubject, VatCode
from apps.booking.domain.service import InvalidServiceTerms, ServiceFormat, ServiceStatus, ServiceTerms
from apps.booking.domain.slots import SlotGrid
from apps.kernel.domain.errors import DomainError, gettext_noop
from apps.kernel.domain.money import Money

MIN_STEP_MINUTES = 5
MAX_STEP_MINUTES = 24 * 60
MAX_HORIZON_DAYS = 365


class AddressRequired(InvalidServiceTerms):
    message = gettext_noop("Say where clients come to: in-person sessions need an address.")


class StepOutOfRange(InvalidServiceTerms):
    message = gettext_noop("The step between starts lasts from 5 minutes to 24 hours.")


class HorizonOutOfRange(InvalidServiceTerms):
    message = gettext_noop("Booking is open from 0 to 365 days ahead.")


class DailyLimitTooLow(InvalidServiceTerms):
    message = gettext_noop("The daily limit must be at least one session. Leave it empty for no limit.")


class SlugFixed(InvalidServiceTerms):
    """Links to the service are out in the world once it has been published."""

    message = gettext_noop("The address in links can be changed only while the service is a draft.")


class SlugTaken(InvalidServiceTerms):
    code = "slug_taken"
    message = gettext_noop("Another service already has this address in links.")


class ServiceTransitionNotAllowed(DomainError):
    code = "service_transition_not_allowed"
    message = gettext_noop("This is no longer possible: the status of the service has changed.")


ALLOWED: dict[ServiceStatus, frozenset[ServiceStatus]] = {
    ServiceStatus.DRAFT: frozenset({ServiceStatus.PUBLISHED, ServiceStatus.ARCHIVED}),
    ServiceStatus.PUBLISHED: frozenset({ServiceStatus.DRAFT, ServiceStatus.ARCHIVED}),
    ServiceStatus.ARCHIVED: frozenset({ServiceStatus.DRAFT, ServiceStatus.PUBLISHED}),
}


@dataclass(frozen=True, kw_only=True)
class ServiceCard:
    """All that is entered about a service. Minutes, hours and days are whole; money is ``Money``.

    Raises a subclass of InvalidServiceTerms whose ``field`` names what is wrong.
    """

    id: UUID
    specialist_id: UUID
    slug: str
    name: str
    internal_name: str
    description: str
    for_whom: str
    how_it_goes: str
    duration_minutes: int
    format: ServiceFormat
    address: str
    price: Money
    deposit: Money | None
    cancel_free_hours: int
    cancel_partial_hours: int
    reschedule_min_hours: int
    max_reschedules: int
    buffer_before_minutes: int
    buffer_after_minutes: int
    min_notice_hours: int
    horizon_days: int
    slot_step_minutes: int
    slot_grid: SlotGrid
    daily_limit: int | None
    requires_confirmation: bool
    intake_template_id: int | None
    vat_code: VatCode
    payment_subject: PaymentSubject
    position: int
    status: ServiceStatus
    version: int

    WORDS: ClassVar = frozenset(
        {"name", "internal_name", "description", "for_whom", "how_it_goes", "position"}
    )
    """What is no price and no rule: the history keeps it, the audit log does not."""

    def __post_init__(self) -> None:
        self.terms()
        if self.format is not ServiceFormat.ONLINE and not self.address.strip():
            raise AddressRequired(field="address")
        if not MIN_STEP_MINUTES <= self.slot_step_minutes <= MAX_STEP_MINUTES:
            raise StepOutOfRange(field="slot_step_minutes")
        if not 0 <= self.horizon_days <= MAX_HORIZON_DAYS:
            raise HorizonOutOfRange(field="horizon_days")
        if self.daily_limit is not None and self.daily_limit < 1:
            raise DailyLimitTooLow(field="daily_limit")

    def terms(self) -> ServiceTerms:
        """What an appointment would keep as its snapshot."""
        return ServiceTerms(
            slug=self.slug,
            name=self.name,
            duration=timedelta(minutes=self.duration_minutes),
            price=self.price,
            deposit=self.deposit,
            cancel_free_hours=self.cancel_free_hours,
            cancel_partial_hours=self.cancel_partial_hours,
            reschedule_min_hours=self.reschedule_min_hours,
            max_reschedules=self.max_reschedules,
            buffer_before=timedelta(minutes=self.buffer_before_minutes),
            buffer_after=timedelta(minutes=self.buffer_after_minutes),
            vat_code=self.vat_code,
            payment_subject=self.payment_subject,
        )

    def revised(self, new: Self) -> Self:
        """``new`` as the next state of this card; its status and version stay what they are.
        Raises SlugFixed."""
        if new.slug != self.slug and self.status is not ServiceStatus.DRAFT:
            raise SlugFixed(field="slug")
        return replace(new, id=self.id, status=self.status, version=self.version)

    def in_status(self, status: ServiceStatus) -> Self:
        """Raises ServiceTransitionNotAllowed."""
        if status not in ALLOWED[self.status]:
            raise ServiceTransitionNotAllowed
        return replace(self, status=status)

    def rule_changes(self, new: Self) -> dict[str, tuple[object, object]]:
        """The prices, rules and status that differ, as old and new plain values."""
        return {
            name: (_plain(getattr(self, name)), _plain(getattr(new, name)))
            for name in self.__dataclass_fields__
            if name not in self.WORDS | {"id", "version"} and getattr(self, name) != getattr(new, name)
        }


def _plain(value: object) -> object:
    return str(value.amount) if isinstance(value, Money) else value
