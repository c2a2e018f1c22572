"""What the specialist's day is made of: appointments of a day, what awaits an answer or a payment."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Self
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet

from apps.booking.domain.lifecycle import AppointmentStatus
from apps.booking.infrastructure.models import Appointment, Specialist
from apps.kernel.infrastructure.fields import preload_keys

_S = AppointmentStatus
SEEN = (_S.REQUESTED, _S.PENDING_PAYMENT, _S.CONFIRMED, _S.COMPLETED, _S.NO_SHOW)
"""The states that take or took time of the specialist."""
_COLUMNS = (
    "id",
    "status",
    "start",
    "end",
    "time_zone",
    "meeting_format",
    "meeting_link",
    "address",
    "terms",
    "paid_minor",
    "hold_expires_at",
    "answer_due_at",
    "client_id",
    "client__display_name",
    "client__email",
    "client__phone",
    "client__status",
    "version",
)


@dataclass(frozen=True, kw_only=True)
class SpecialistCard:
    id: UUID
    name: str
    time_zone: str

    def today(self, now: datetime) -> date:
        return now.astimezone(ZoneInfo(self.time_zone)).date()


@dataclass(frozen=True, kw_only=True)
class AppointmentLine:
    """One appointment as lists show it; ``status`` is what it really is at the instant it was read: an
    overdue hold has expired, an overdue request was declined, though no worker has written it down yet."""

    id: UUID
    status: AppointmentStatus
    start: datetime
    end: datetime
    time_zone: str
    meeting_format: str
    meeting_link: str
    address: str
    service: str
    price_minor: int
    paid_minor: int
    currency: str
    hold_expires_at: datetime | None
    answer_due_at: datetime | None
    client_id: UUID
    client: str
    version: int

    @classmethod
    def of(cls, row: Appointment, *, now: datetime) -> Self:
        terms = row.terms
        same = {name: getattr(row, name) for name in _COLUMNS if name in cls.__dataclass_fields__}
        return cls(
            **{
                **same,
                "status": status_at(row.status, row.hold_expires_at, row.answer_due_at, now=now),
                "service": terms["name"],
                "price_minor": terms["price_minor"],
                "currency": terms["currency"],
                "client": str(row.client),
            }
        )


def status_at(
    status: str, hold_expires_at: datetime | None, answer_due_at: datetime | None, *, now: datetime
) -> AppointmentStatus:
    """What an appointment really is at ``now``, though no worker may have written it down yet."""
    if status == _S.PENDING_PAYMENT and hold_expires_at is not None and hold_expires_at <= now:
        return _S.EXPIRED
    if status == _S.REQUESTED and answer_due_at is not None and answer_due_at <= now:
        return _S.DECLINED
    return _S(status)


def overdue(now: datetime) -> Q:
    """Appointments whose wait for a payment or an answer is over."""
    return Q(status=_S.PENDING_PAYMENT, hold_expires_at__lte=now) | Q(
        status=_S.REQUESTED, answer_due_at__lte=now
    )


def day_bounds(first: date, last: date, time_zone: str) -> tuple[datetime, datetime]:
    """The half-open span of the local days from ``first`` to ``last``, both included, in UTC."""
    zone = ZoneInfo(time_zone)
    start = datetime.combine(first, time.min, tzinfo=zone)
    end = datetime.combine(last + timedelta(days=1), time.min, tzinfo=zone)
    return start.astimezone(UTC), end.astimezone(UTC)


def specialist_for(user_id: UUID | None) -> SpecialistCard | None:
    """The specialist whose account this is, else the first of the practice; None before there is one."""
    rows = Specialist.objects.order_by("display_name", "id").values_list(
        "id", "display_name", "time_zone", "user_id"
    )
    cards = [
        (owner == user_id, SpecialistCard(id=id_, name=name, time_zone=zone))
        for id_, name, zone, owner in rows
    ]
    own = [card for mine, card in cards if mine]
    return own[0] if own else cards[0][1] if cards else None


def lines(rows: QuerySet[Appointment], *, now: datetime) -> list[AppointmentLine]:
    """``rows`` in their order, in one statement; one more for the keys of clients who are known by a contact
    only."""
    found = list(rows.select_related("client").only(*_COLUMNS))
    preload_keys(row.client for row in found if not row.client.display_name)
    return [AppointmentLine.of(row, now=now) for row in found]


def between(
    specialist_id: UUID, start: datetime, end: datetime, *, now: datetime, statuses: Iterable[str] = SEEN
) -> list[AppointmentLine]:
    """Appointments that start in ``[start, end)``, by time; those whose wait is over are left out."""
    rows = Appointment.objects.filter(
        specialist_id=specialist_id, start__gte=start, start__lt=end, status__in=list(statuses)
    )
    return lines(rows.exclude(overdue(now)).order_by("start"), now=now)


def awaiting_answer(now: datetime, *, limit: int) -> list[AppointmentLine]:
    """Requests that the specialist still has to answer, the most urgent first."""
    rows = Appointment.objects.filter(status=_S.REQUESTED, answer_due_at__gt=now).order_by("answer_due_at")
    return lines(rows[:limit], now=now)


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """How many appointments await what."""

    answer: int
    payment: int


def count_waiting(now: datetime) -> Waiting:
    """One statement over the two partial indexes of open waits."""
    found = Appointment.objects.filter(status__in=[_S.REQUESTED, _S.PENDING_PAYMENT]).aggregate(
        answer=Count("id", filter=Q(status=_S.REQUESTED, answer_due_at__gt=now)),
        payment=Count("id", filter=Q(status=_S.PENDING_PAYMENT, hold_expires_at__gt=now)),
    )
    return Waiting(**found)


def one(appointment_id: UUID, *, now: datetime) -> AppointmentLine | None:
    return next(iter(lines(Appointment.objects.filter(pk=appointment_id), now=now)), None)
