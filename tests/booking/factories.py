"""Rows of booking and their neighbours for tests: coherent defaults, every column can be named.

Times: services need 12 hours of notice by default, so ``next_monday(hour)`` is always open for booking.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from rest_framework.test import APIClient

from apps.booking.domain.lifecycle import AppointmentStatus
from apps.booking.infrastructure.mappers import terms_to_json, to_terms
from apps.booking.infrastructure.models import (
    Appointment,
    DateOverride,
    IntakeTemplate,
    Service,
    Specialist,
    WaitlistOffer,
    WaitlistRequest,
    WeeklyHours,
)
from apps.identity import facade as identity
from apps.identity.infrastructure.models import User
from apps.identity.infrastructure.sessions import DjangoSessions
from apps.kernel.domain.actor import SYSTEM

MOSCOW = ZoneInfo("Europe/Moscow")
CONSENT_VERSION = "1.0"
CONSENT_TEXT = "Я даю согласие на обработку персональных данных."
LEGAL = {
    "operator": "ИП Орлова А. В.",
    "subject": "посетитель сайта",
    "aim": "запись на консультацию",
    "data": "имя, телефон, e-mail",
    "actions": "сбор, хранение, удаление",
    "term_and_withdrawal": "до отзыва письмом на почту практики",
}
_numbers = count(1)


def next_monday(hour: int = 12, minute: int = 0, *, weeks: int = 1, zone: ZoneInfo = MOSCOW) -> datetime:
    """A Monday at least ``weeks`` weeks and at most one more ahead, in UTC; the clock is that of ``zone``."""
    today = datetime.now(zone).date()
    monday = today + timedelta(days=7 * weeks + (7 - today.weekday()) % 7)
    return datetime.combine(monday, time(hour, minute), tzinfo=zone).astimezone(UTC)


def make_specialist(**values: Any) -> Specialist:
    return Specialist.objects.create(
        **{"display_name": "Анна Орлова", "meeting_link": "https://meet.example.org/orlova", **values}
    )


def make_hours(
    specialist: Specialist,
    *,
    weekdays: Iterable[int] = range(7),
    start: str = "10:00",
    end: str = "19:00",
    **values: Any,
) -> list[WeeklyHours]:
    """Weekly hours on each of ``weekdays`` (0 is Monday); every day from 10 to 19 by default."""
    return WeeklyHours.objects.bulk_create(
        WeeklyHours(
            specialist=specialist,
            weekday=weekday,
            start_minute=_minute(start),
            end_minute=_minute(end),
            **values,
        )
        for weekday in weekdays
    )


def make_override(specialist: Specialist, *, day: date, kind: str = "day_off", **values: Any) -> DateOverride:
    return DateOverride.objects.create(specialist=specialist, date=day, kind=kind, **values)


def make_service(specialist: Specialist | None = None, **values: Any) -> Service:
    """A published online service of 50 minutes for 4500 ₽; of a new specialist with hours by default."""
    if specialist is None:
        specialist = make_specialist()
        make_hours(specialist)
    number = next(_numbers)
    return Service.objects.create(
        specialist=specialist,
        **{
            "slug": f"consultation-{number}",
            "name": f"Консультация № {number}",
            "price_minor": 450_000,
            "status": "published",
            **values,
        },
    )


def make_intake_template(questions: Iterable[str] = ("Что вас привело?", "Чего вы ждёте?")) -> IntakeTemplate:
    return IntakeTemplate.objects.create(name="Первая встреча", questions=list(questions))


def make_client(**values: Any) -> User:
    number = next(_numbers)
    return User.objects.create_user(
        **{"email": f"client{number}@example.org", "display_name": f"Клиент {number}", **values}
    )


def make_staff(role: str = "owner", **values: Any) -> User:
    number = next(_numbers)
    return User.objects.create_user(
        **{
            "email": f"{role}{number}@example.org",
            "display_name": f"Сотрудник {number}",
            "password": "correct horse battery",
            "role": role,
            **values,
        }
    )


def session_token(client: User) -> str:
    token, _ = DjangoSessions().open(user_id=client.pk, at=datetime.now(UTC))
    return token


def signed_in(client: User, **options: Any) -> APIClient:
    """An API client that sends the session token of ``client``."""
    api = APIClient(**options)
    api.credentials(HTTP_X_SESSION_TOKEN=session_token(client))
    return api


def publish_personal_data_consent(version: str = CONSENT_VERSION, text: str = CONSENT_TEXT) -> None:
    now = datetime.now(UTC)
    identity.publish_consent_document(
        purpose="personal_data",
        version=version,
        title="Согласие на обработку персональных данных",
        text=text,
        legal=LEGAL,
        effective_from=now - timedelta(days=3),
        actor=SYSTEM,
        at=now,
    )


def consented_client(**values: Any) -> User:
    """A client who has agreed to the processing of personal data (the document is published if it is not)."""
    publish_personal_data_consent()
    client = make_client(**values)
    identity.grant_consents(
        user_id=client.pk,
        grants=[("personal_data", CONSENT_VERSION)],
        channel="web",
        evidence={"ip": "192.0.2.1"},
        at=datetime.now(UTC),
    )
    return client


def make_appointment(
    *,
    service: Service | None = None,
    client: User | None = None,
    start: datetime | None = None,
    status: str = AppointmentStatus.CONFIRMED.value,
    **values: Any,
) -> Appointment:
    """An appointment written straight into the table; confirmed ones are paid whole by default."""
    service = service or make_service()
    client = client or make_client()
    start = start or next_monday()
    terms = to_terms(service)
    end = start + terms.duration
    now = datetime.now(UTC)
    online = service.format != "offline"
    paid = service.price_minor if status in {"confirmed", "completed", "no_show"} else 0
    return Appointment.objects.create(
        **{
            "specialist_id": service.specialist_id,
            "client": client,
            "service": service,
            "terms": terms_to_json(terms),
            "status": status,
            "start": start,
            "end": end,
            "buffer_before_minutes": service.buffer_before_minutes,
            "buffer_after_minutes": service.buffer_after_minutes,
            "blocked": DateTimeTZRange(start - terms.buffer_before, end + terms.buffer_after, "[)"),
            "meeting_format": "online" if online else "offline",
            "meeting_link": service.specialist.meeting_link if online else "",
            "address": "" if online else service.address,
            "time_zone": "Europe/Moscow",
            "paid_minor": paid,
            "hold_length_minutes": service.specialist.hold_minutes,
            "hold_expires_at": now + timedelta(minutes=20) if status == "pending_payment" else None,
            "answer_due_at": now + timedelta(hours=24) if status == "requested" else None,
            "created_at": now,
            **values,
        }
    )


def make_waitlist_request(*, service: Service | None = None, **values: Any) -> WaitlistRequest:
    """A guest who left an e-mail address and waits for any time."""
    number = next(_numbers)
    return WaitlistRequest.objects.create(
        **{
            "service": service or make_service(),
            "guest_token_hash": "" if values.get("client") else "x" * 64,
            "name": "Вера",
            "preferred_contact": "email",
            "contact": f"waiting{number}@example.org",
            "window": "any",
            "time_zone": "Europe/Moscow",
            "consent_version": CONSENT_VERSION,
            "created_at": datetime.now(UTC),
            **values,
        }
    )


def make_offer(
    *,
    request: WaitlistRequest | None = None,
    service: Service | None = None,
    client: User | None = None,
    start: datetime | None = None,
    keep: timedelta = timedelta(hours=2),
    status: str = "offered",
    appointment_status: str = "pending_payment",
) -> WaitlistOffer:
    """A time kept for a request (a new one of ``client`` by default), as the use case leaves it."""
    now = datetime.now(UTC)
    client = client or (request.client if request else None) or make_client()
    request = request or make_waitlist_request(service=service, client=client, status="offered")
    appointment = make_appointment(
        service=request.service,
        client=client,
        start=start,
        status=appointment_status,
        hold_expires_at=now + keep,
        hold_extended=True,
        entry_point="waitlist",
    )
    return WaitlistOffer.objects.create(
        waitlist_request=request,
        appointment=appointment,
        specialist_id=appointment.specialist_id,
        start=appointment.start,
        offered_at=now - timedelta(hours=3),
        expires_at=now + keep,
        status=status,
    )


def _minute(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)
