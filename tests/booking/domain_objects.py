"""Things of booking for tests: plain objects of the domain, with everything given a sensible value."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from apps.booking.domain.appointment import Appointment, Origin
from apps.booking.domain.cancellation import CanceledBy
from apps.booking.domain.fiscal import PaymentSubject, VatCode
from apps.booking.domain.lifecycle import AppointmentStatus
from apps.booking.domain.outcome import Outcome, ReasonCategory
from apps.booking.domain.outside_payment import PaymentMethod
from apps.booking.domain.schedule import Schedule, WeeklyHours
from apps.booking.domain.service import MeetingFormat, Service, ServiceFormat, ServiceStatus, ServiceTerms
from apps.booking.domain.service_card import ServiceCard
from apps.booking.domain.slots import SlotGrid
from apps.booking.domain.specialist import Specialist
from apps.kernel.domain.money import Money

SPECIALIST_ID = UUID("00000000-0000-4000-8000-00000000000a")
SERVICE_ID = UUID("00000000-0000-4000-8000-00000000000b")
CLIENT_ID = UUID("00000000-0000-4000-8000-00000000000c")
STRANGER_ID = UUID("00000000-0000-4000-8000-00000000000d")
OWNER_ID = UUID("00000000-0000-4000-8000-00000000000e")

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
"""A Tuesday, noon in Moscow."""
START = datetime(2026, 12, 4, 9, 0, tzinfo=UTC)
"""Friday noon in Moscow, three days later."""
LATER = START + timedelta(hours=4)
PRICE = Money(450_000)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def counted_ids(prefix: int = 1) -> Callable[[], UUID]:
    """Ids in order; another ``prefix`` gives other ones."""
    numbers = count(1)
    return lambda: UUID(int=(prefix << 64) + next(numbers))


def terms(**values: Any) -> ServiceTerms:
    defaults: dict[str, Any] = {
        "slug": "first-session",
        "name": "Первая консультация",
        "duration": timedelta(minutes=50),
        "price": PRICE,
        "deposit": None,
        "cancel_free_hours": 24,
        "cancel_partial_hours": 12,
        "reschedule_min_hours": 12,
        "max_reschedules": 2,
        "buffer_before": timedelta(0),
        "buffer_after": timedelta(minutes=10),
        "vat_code": VatCode.NONE,
        "payment_subject": PaymentSubject.SERVICE,
    }
    return ServiceTerms(**{**defaults, **values})


def card(**values: Any) -> ServiceCard:
    """A draft online service of 50 minutes for 4500 ₽."""
    defaults: dict[str, Any] = {
        "id": SERVICE_ID,
        "specialist_id": SPECIALIST_ID,
        "slug": "first-session",
        "name": "Первая консультация",
        "internal_name": "",
        "description": "",
        "for_whom": "",
        "how_it_goes": "",
        "duration_minutes": 50,
        "format": ServiceFormat.ONLINE,
        "address": "",
        "price": PRICE,
        "deposit": None,
        "cancel_free_hours": 24,
        "cancel_partial_hours": 12,
        "reschedule_min_hours": 12,
        "max_reschedules": 2,
        "buffer_before_minutes": 0,
        "buffer_after_minutes": 10,
        "min_notice_hours": 12,
        "horizon_days": 60,
        "slot_step_minutes": 30,
        "slot_grid": SlotGrid.INTERVAL,
        "daily_limit": None,
        "requires_confirmation": False,
        "intake_template_id": None,
        "vat_code": VatCode.NONE,
        "payment_subject": PaymentSubject.SERVICE,
        "position": 0,
        "status": ServiceStatus.DRAFT,
        "version": 1,
    }
    return ServiceCard(**{**defaults, **values})


FREE = terms(price=Money(0))
WITH_DEPOSIT = terms(deposit=Money(100_000))


def service(*, of: ServiceTerms | None = None, **values: Any) -> Service:
    defaults: dict[str, Any] = {
        "id": SERVICE_ID,
        "specialist_id": SPECIALIST_ID,
        "slug": (of or terms()).slug,
        "status": ServiceStatus.PUBLISHED,
        "format": ServiceFormat.HYBRID,
        "address": "Москва, Тихий переулок, 5",
        "terms": of or terms(),
        "min_notice": 12 * HOUR,
        "horizon_days": 60,
        "step": 30 * MINUTE,
        "grid": SlotGrid.INTERVAL,
        "daily_limit": None,
        "requires_confirmation": False,
        "intake_questions": ("Что привело вас?", "Чего вы ждёте от встречи?"),
    }
    return Service(**{**defaults, **values})


def specialist(**values: Any) -> Specialist:
    defaults: dict[str, Any] = {
        "id": SPECIALIST_ID,
        "time_zone": "Europe/Moscow",
        "hold": 20 * MINUTE,
        "accepted_hold": 24 * HOUR,
        "offer": 2 * HOUR,
        "answer_within": 24 * HOUR,
        "meeting_link": "https://meet.example.org/anna",
    }
    return Specialist(**{**defaults, **values})


def schedule(**values: Any) -> Schedule:
    """Every day from 10:00 to 20:00 in Moscow."""
    defaults: dict[str, Any] = {
        "specialist_id": SPECIALIST_ID,
        "time_zone": "Europe/Moscow",
        "weekly": tuple(WeeklyHours(weekday=day, start_minute=600, end_minute=1200) for day in range(7)),
        "overrides": (),
        "daily_limit": None,
    }
    return Schedule(**{**defaults, **values})


def booked(
    *,
    of: ServiceTerms | None = None,
    requires_confirmation: bool = False,
    meeting_format: MeetingFormat = MeetingFormat.ONLINE,
    start: datetime = START,
    now: datetime = NOW,
    appointment_id: UUID | None = None,
    client_id: UUID = CLIENT_ID,
) -> Appointment:
    """A fresh booking with its event still pending."""
    new_id = counted_ids()
    return Appointment.book(
        id=appointment_id or new_id(),
        new_id=new_id,
        client_id=client_id,
        service=service(of=of, requires_confirmation=requires_confirmation),
        specialist=specialist(),
        start=start,
        meeting_format=meeting_format,
        time_zone="Asia/Yekaterinburg",
        origin=Origin(entry_point="site", topic="anxiety", deep_link_id="AbC123xYz0", utm={"source": "tg"}),
        now=now,
    )


def requested(**values: Any) -> Appointment:
    return quiet(booked(requires_confirmation=True, **values))


def held(**values: Any) -> Appointment:
    return quiet(booked(**values))


def confirmed(*, paid: Money | None = None, **values: Any) -> Appointment:
    """Paid whole, or ``paid`` where the terms have a deposit."""
    appointment = booked(**values)
    if not appointment.terms.is_free:
        appointment.record_outside_payment(
            amount=paid or appointment.terms.price,
            method=PaymentMethod.CASH,
            new_id=counted_ids(),
            now=NOW,
        )
    return quiet(appointment)


def in_state(status: AppointmentStatus, *, of: ServiceTerms | None = None) -> Appointment:
    """An appointment that has come to ``status`` by the domain's own ways, at START, nothing pending."""
    ids = counted_ids(9)
    match status:
        case AppointmentStatus.REQUESTED:
            return requested(of=of)
        case AppointmentStatus.PENDING_PAYMENT:
            return held(of=of)
        case AppointmentStatus.CONFIRMED:
            return confirmed(of=of)
        case AppointmentStatus.DECLINED:
            appointment = requested(of=of)
            appointment.decline(by="specialist", new_id=ids, now=NOW)
        case AppointmentStatus.EXPIRED:
            appointment = held(of=of)
            appointment.expire(new_id=ids, now=NOW + 20 * MINUTE)
        case AppointmentStatus.CANCELED:
            appointment = confirmed(of=of)
            appointment.cancel(
                by=CanceledBy.CLIENT, reason=ReasonCategory.NONE, actor_id=CLIENT_ID, new_id=ids, now=NOW
            )
        case AppointmentStatus.COMPLETED | AppointmentStatus.NO_SHOW:
            appointment = confirmed(of=of)
            attended = status is AppointmentStatus.COMPLETED
            appointment.record_outcome(
                outcome=Outcome.ATTENDED if attended else Outcome.NO_SHOW,
                reason=ReasonCategory.NONE,
                notes="",
                actor_id=OWNER_ID,
                new_id=ids,
                now=START + HOUR,
            )
    return quiet(appointment)


def quiet(appointment: Appointment) -> Appointment:
    """The appointment with its events already pulled, as after a save."""
    appointment.pull_events()
    return appointment


def event_names(appointment: Appointment) -> list[str]:
    return [event.name() for event in appointment.pending_events]
