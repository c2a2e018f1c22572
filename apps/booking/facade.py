"""What neighbours may call: plain data in, plain frozen data out."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.booking import wiring
from apps.booking.application.appointment_command import CLIENT_ROLE
from apps.booking.application.ports import ConsentRequired
from apps.booking.application.views import AppointmentView
from apps.booking.domain.appointment import AppointmentNotFound
from apps.booking.domain.lifecycle import AppointmentStatus, PaymentNotTaken
from apps.booking.domain.slots import SlotTaken
from apps.booking.domain.waitlist_offer import OfferStatus
from apps.booking.infrastructure.calendar_file import CalendarMethod, calendar_file
from apps.booking.infrastructure.mappers import to_appointment
from apps.booking.infrastructure.models import Appointment
from apps.booking.infrastructure.queries import waitlist_offers
from apps.booking.infrastructure.queries.client_appointments import invitation_entry
from apps.kernel.domain.actor import Actor
from apps.kernel.domain.money import Money

__all__ = [
    "AppointmentInfo",
    "AppointmentNotFound",
    "AppointmentStatus",
    "ConsentRequired",
    "OfferInfo",
    "OfferStatus",
    "PaymentTaken",
    "accept_offer",
    "appointment",
    "decline_offer",
    "invitation",
    "offer_of",
    "receive_payment",
    "takes_payment",
]


@dataclass(frozen=True, kw_only=True)
class AppointmentInfo:
    """An appointment as neighbours see it. ``status`` is the effective one: an overdue hold is ``expired``.

    Instants are UTC, ``time_zone`` is the client's; ``address`` and ``meeting_link`` are for the client only.
    ``specialist_user_id`` is the specialist's account, where they have one.
    """

    id: UUID
    client_id: UUID
    specialist_id: UUID
    specialist_user_id: UUID | None
    service_id: UUID
    service_name: str
    specialist_name: str
    status: AppointmentStatus
    start: datetime
    end: datetime
    time_zone: str
    specialist_time_zone: str
    meeting_format: str
    meeting_link: str
    address: str
    price: Money
    deposit: Money | None
    paid: Money
    refund: Money
    amount_due: Money
    hold_expires_at: datetime | None
    reschedule_count: int
    version: int
    vat_code: int
    payment_subject: str
    entry_point: str
    created_at: datetime


def appointment(
    appointment_id: UUID, *, at: datetime, client_id: UUID | None = None
) -> AppointmentInfo | None:
    """The appointment, of this client where one is named; None when there is none. One query, no lock."""
    rows = Appointment.objects.select_related("specialist").filter(id=appointment_id)
    if client_id is not None:
        rows = rows.filter(client_id=client_id)
    row = rows.first()
    if row is None:
        return None
    entity = to_appointment(row)
    view = AppointmentView.of(entity, now=at)
    return AppointmentInfo(
        id=entity.id,
        client_id=entity.client_id,
        specialist_id=entity.specialist_id,
        specialist_user_id=row.specialist.user_id,
        service_id=entity.service_id,
        service_name=entity.terms.name,
        specialist_name=row.specialist.display_name,
        status=view.status,
        start=entity.period.start,
        end=entity.period.end,
        time_zone=entity.time_zone,
        specialist_time_zone=row.specialist.time_zone,
        meeting_format=entity.meeting_format.value,
        meeting_link=view.meeting_link,
        address=entity.address,
        price=entity.terms.price,
        deposit=entity.terms.deposit,
        paid=entity.paid,
        refund=entity.refund,
        amount_due=view.amount_due,
        hold_expires_at=entity.hold_expires_at,
        reschedule_count=entity.reschedule_count,
        version=entity.version,
        vat_code=entity.terms.vat_code.value,
        payment_subject=entity.terms.payment_subject.value,
        entry_point=entity.origin.entry_point,
        created_at=entity.created_at,
    )


@dataclass(frozen=True, kw_only=True)
class PaymentTaken:
    """Whether an appointment takes money: ``reason`` says why not ("" where it does): ``closed``,
    ``too_late``, ``slot_taken``, ``too_much``, ``too_little``, ``unknown``. ``late``: its hold had ended,
    but the time was still free."""

    reason: str = ""
    late: bool = False


def receive_payment(*, appointment_id: UUID, payment_id: UUID, amount: Money, at: datetime) -> PaymentTaken:
    """Credit money in the caller's transaction; it confirms a hold, and an ended one while its time is free.

    Where the answer has a reason, nothing has changed and the money is to be given back.
    """
    return _taken(
        lambda: wiring.receive_payment(
            appointment_id=appointment_id, payment_id=payment_id, amount=amount, at=at
        )
    )


def takes_payment(*, appointment_id: UUID, amount: Money, at: datetime) -> PaymentTaken:
    """What :func:`receive_payment` would answer now; changes nothing."""
    return _taken(
        lambda: wiring.receive_payment.ensure_would_be_taken(
            appointment_id=appointment_id, amount=amount, at=at
        )
    )


def invitation(appointment_id: UUID, *, method: str, organizer: str = "", attendee: str = "") -> bytes | None:
    """An iCalendar file for a letter: ``method`` is REQUEST (invite or update) or CANCEL; the UID stays the
    same and SEQUENCE grows with every change. None for an unknown appointment. One query."""
    entry = invitation_entry(appointment_id)
    if entry is None:
        return None
    return calendar_file(entry, method=CalendarMethod(method), organizer=organizer, attendee=attendee)


@dataclass(frozen=True, kw_only=True)
class OfferInfo:
    """A time kept for somebody on the waitlist. ``status`` is the effective one: it follows the appointment
    at once, and a hold whose time is over is ``expired``. Instants are UTC."""

    id: UUID
    waitlist_request_id: UUID
    appointment_id: UUID
    start: datetime
    offered_at: datetime
    expires_at: datetime
    status: OfferStatus


def offer_of(appointment_id: UUID, *, at: datetime) -> OfferInfo | None:
    """The offer whose time this appointment keeps; None for an ordinary appointment. One query."""
    row = waitlist_offers.of_appointment(appointment_id)
    if row is None:
        return None
    return OfferInfo(
        id=row.id,
        waitlist_request_id=row.waitlist_request_id,
        appointment_id=row.appointment_id,
        start=row.start,
        offered_at=row.offered_at,
        expires_at=row.expires_at,
        status=waitlist_offers.status_of(row, now=at),
    )


def accept_offer(appointment_id: UUID, *, at: datetime) -> None:
    """The client takes a kept session that costs nothing; whose word it is, the caller has made sure.

    Raises AppointmentNotFound, TransitionNotAllowed, HoldExpired, PaymentDue, ConsentRequired (DomainError).
    """
    wiring.accept_offer(appointment_id=appointment_id, actor=_client_of(appointment_id), at=at)


def decline_offer(appointment_id: UUID, *, at: datetime) -> None:
    """The client lets a kept time go; it is offered to the next. A confirmed appointment is left alone.

    Raises AppointmentNotFound, TransitionNotAllowed, AlreadyCanceled, HoldExpired (DomainError).
    """
    wiring.decline_offer(appointment_id=appointment_id, actor=_client_of(appointment_id), at=at)


def _client_of(appointment_id: UUID) -> Actor:
    client_id = Appointment.objects.filter(id=appointment_id).values_list("client_id", flat=True).first()
    return Actor(user_id=client_id, role=CLIENT_ROLE)


def _taken(receive: Callable[[], bool]) -> PaymentTaken:
    try:
        # A savepoint of its own: the refusal below must not spoil the transaction of the caller.
        with transaction.atomic():
            return PaymentTaken(late=receive())
    except PaymentNotTaken as error:
        return PaymentTaken(reason=str(error.params["reason"]))
    except SlotTaken:
        return PaymentTaken(reason="slot_taken")
    except AppointmentNotFound:
        return PaymentTaken(reason="unknown")
