"""How an appointment stands, in words for its client."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.booking import facade as booking
from apps.booking.facade import AppointmentInfo, AppointmentStatus, OfferStatus
from apps.kernel.domain.money import Money
from apps.kernel.presentation.admin.wording import money_text, zone_text
from apps.payments.domain.payment import PaymentKind


class Standing(StrEnum):
    """What the page is about."""

    DUE = "due"
    """Kept until it is paid."""
    FREE_OFFER = "free_offer"
    """Kept, and nothing is to be paid: a word is enough."""
    REST_DUE = "rest_due"
    """Confirmed or held already, and a part of the price is left."""
    SETTLED = "settled"
    COMPLETED = "completed"
    MISSED = "missed"
    REQUESTED = "requested"
    EXPIRED = "expired"
    CANCELED = "canceled"
    DECLINED = "declined"


_OF_STATUS = {
    AppointmentStatus.REQUESTED: Standing.REQUESTED,
    AppointmentStatus.EXPIRED: Standing.EXPIRED,
    AppointmentStatus.CANCELED: Standing.CANCELED,
    AppointmentStatus.DECLINED: Standing.DECLINED,
    AppointmentStatus.NO_SHOW: Standing.MISSED,
}
FORMATS: dict[str, str | Promise] = {
    "online": _("online, by video call"),
    "offline": _("in person"),
}


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A way to pay: ``kind`` is what the form sends."""

    kind: PaymentKind
    amount: str


@dataclass(frozen=True, kw_only=True)
class Session:
    """``offered``: the time is kept for somebody on the waitlist. Amounts are texts, "" for nothing."""

    standing: Standing
    service: str
    specialist: str
    day: str
    time: str
    zone: str
    meeting_format: str | Promise
    address: str
    meeting_link: str
    price: str
    paid: str
    refund: str
    rest: str
    choices: list[Choice]
    kept_until: datetime | None
    kept_until_text: str
    minutes_left: int
    seconds_left: int
    offered: bool


def session(appointment_id: UUID, *, at: datetime) -> Session | None:
    """The appointment as its page shows it; None for an unknown one. At most two statements."""
    found = booking.appointment(appointment_id, at=at)
    if found is None:
        return None
    offer = booking.offer_of(appointment_id, at=at) if found.entry_point == "waitlist" else None
    standing = _standing(found)
    zone = ZoneInfo(found.time_zone)
    start, end = found.start.astimezone(zone), found.end.astimezone(zone)
    kept_until = found.hold_expires_at if standing in {Standing.DUE, Standing.FREE_OFFER} else None
    seconds_left = int((kept_until - at).total_seconds()) if kept_until else 0
    return Session(
        standing=standing,
        service=found.service_name,
        specialist=found.specialist_name,
        day=date_format(start, "l, j E Y").capitalize(),
        time=f"{start:%H:%M}–{end:%H:%M}",
        zone=zone_text(found.time_zone, found.start),
        meeting_format=FORMATS.get(found.meeting_format, ""),
        address=found.address,
        meeting_link=found.meeting_link if found.meeting_link.startswith(("https://", "http://")) else "",
        price=_text(found.price),
        paid=_text(found.paid),
        refund=_text(found.refund),
        rest=_text(found.price - found.paid),
        choices=_choices(found, standing),
        kept_until=kept_until,
        kept_until_text=_until(kept_until, zone, at) if kept_until else "",
        minutes_left=seconds_left // 60 + 1,
        seconds_left=seconds_left,
        offered=offer is not None and offer.status is OfferStatus.OFFERED,
    )


def _standing(found: AppointmentInfo) -> Standing:
    rest = found.price - found.paid
    if found.status is AppointmentStatus.PENDING_PAYMENT:
        return Standing.DUE if found.amount_due else Standing.FREE_OFFER
    if found.status in {AppointmentStatus.CONFIRMED, AppointmentStatus.COMPLETED} and rest:
        return Standing.REST_DUE
    if found.status is AppointmentStatus.CONFIRMED:
        return Standing.SETTLED
    return _OF_STATUS.get(found.status, Standing.COMPLETED)


def _choices(found: AppointmentInfo, standing: Standing) -> list[Choice]:
    if standing not in {Standing.DUE, Standing.REST_DUE}:
        return []
    full = Choice(kind=PaymentKind.FULL, amount=_text(found.price - found.paid))
    if standing is Standing.DUE and found.deposit is not None:
        return [Choice(kind=PaymentKind.DEPOSIT, amount=_text(found.deposit)), full]
    return [full]


def _until(instant: datetime, zone: ZoneInfo, now: datetime) -> str:
    local = instant.astimezone(zone)
    same_day = local.date() == now.astimezone(zone).date()
    return f"{local:%H:%M}" if same_day else f"{date_format(local, 'j E')}, {local:%H:%M}"


def _text(amount: Money) -> str:
    return money_text(amount.minor, amount.currency) if amount.minor > 0 else ""
