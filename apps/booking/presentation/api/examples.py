"""Examples of the API's documentation."""

from typing import Any

from drf_spectacular.utils import OpenApiExample

_APPOINTMENT_ID = "7d0f8a54-6c1e-4f7e-9a3b-2f7f2f0c9b11"
_PRICE = {"amount": "4500.00", "currency": "RUB"}
_NOTHING = {"amount": "0.00", "currency": "RUB"}
_RULES: dict[str, Any] = {
    "cancel_free_hours": 24,
    "cancel_partial_hours": 12,
    "reschedule_min_hours": 12,
    "max_reschedules": 2,
}

_SERVICE: dict[str, Any] = {
    "slug": "first-consultation",
    "name": "Первая консультация",
    "description": "Знакомимся и решаем, с чего начать.",
    "for_whom": "Для тех, кто впервые обращается к психологу.",
    "how_it_goes": "Встречаемся по видеосвязи на 50 минут.",
    "duration_minutes": 50,
    "format": "online",
    "address": "",
    "price": _PRICE,
    "deposit": None,
    **_RULES,
    "min_notice_hours": 12,
    "horizon_days": 60,
    "requires_confirmation": False,
    "has_intake": True,
    "specialist": {"name": "Анна Орлова", "time_zone": "Europe/Moscow"},
}
_BOOKING: dict[str, Any] = {
    "service": "first-consultation",
    "start": "2026-12-01T12:00:00+05:00",
    "meeting_format": "online",
    "time_zone": "Asia/Yekaterinburg",
    "consents": [{"purpose": "personal_data", "version": "1.0"}],
    "topic": "anxiety",
    "utm": {"utm_source": "telegram", "utm_campaign": "autumn"},
}
_APPOINTMENT: dict[str, Any] = {
    "id": _APPOINTMENT_ID,
    "status": "confirmed",
    "start": "2026-12-01T12:00:00+05:00",
    "end": "2026-12-01T12:50:00+05:00",
    "time_zone": "Asia/Yekaterinburg",
    "meeting_format": "online",
    "meeting_link": "https://meet.example.org/orlova",
    "address": "",
    "service": {
        "slug": "first-consultation",
        "name": "Первая консультация",
        "duration_minutes": 50,
        "price": _PRICE,
        "deposit": None,
        **_RULES,
    },
    "amount_due": _NOTHING,
    "paid": _PRICE,
    "refund": _NOTHING,
    "hold_expires_at": None,
    "hold_extended": False,
    "answer_due_at": None,
    "reschedule_count": 0,
    "topic": "anxiety",
    "entry_point": "",
    "deep_link_id": "",
    "utm": {"utm_source": "telegram", "utm_campaign": "autumn"},
    "created_at": "2026-11-21T18:03:12.480912+05:00",
}
_INTAKE: dict[str, Any] = {
    "appointment_id": _APPOINTMENT_ID,
    "status": "draft",
    "questions": ["Что вас привело?", "Чего вы ждёте от встречи?"],
    "answers": ["Тревога перед выступлениями.", ""],
    "submitted_at": None,
}
_REQUEST: dict[str, Any] = {
    "id": "0b9e6d43-57a5-4f0d-8a53-7f1f3f0b3a77",
    "service": "first-consultation",
    "preferred_contact": "email",
    "window": "weekday_evening",
    "status": "new",
    "created_at": "2026-11-21T13:03:12.480912+00:00",
    "offer": None,
}


def _asked(name: str, value: dict[str, Any]) -> OpenApiExample:
    return OpenApiExample(name, value=value, request_only=True)


def _answered(
    name: str, value: Any, *, status: str = "200", media_type: str = "application/json"
) -> OpenApiExample:
    return OpenApiExample(name, value=value, response_only=True, status_codes=[status], media_type=media_type)


SERVICE = _answered("A service", _SERVICE)
SLOTS = _answered(
    "Two days",
    {
        "time_zone": "Asia/Yekaterinburg",
        "days": [
            {
                "date": "2026-12-01",
                "slots": [
                    {"start": "2026-12-01T12:00:00+05:00", "end": "2026-12-01T12:50:00+05:00"},
                    {"start": "2026-12-01T12:30:00+05:00", "end": "2026-12-01T13:20:00+05:00"},
                ],
            },
            {"date": "2026-12-02", "slots": []},
        ],
    },
)
BOOKING = _asked("Book a time", _BOOKING)
HELD_APPOINTMENT = OpenApiExample(
    "A time kept for payment",
    value={
        **_APPOINTMENT,
        "status": "pending_payment",
        "meeting_link": "",
        "amount_due": _PRICE,
        "paid": _NOTHING,
        "hold_expires_at": "2026-11-21T18:23:12.480912+05:00",
    },
    response_only=True,
    status_codes=["200", "201"],
)
APPOINTMENT = _answered("A confirmed appointment", _APPOINTMENT)
ACCEPTED_APPOINTMENT = _answered(
    "A free session, accepted",
    {
        **_APPOINTMENT,
        "service": {**_APPOINTMENT["service"], "price": _NOTHING},
        "paid": _NOTHING,
        "topic": "",
        "entry_point": "waitlist",
        "utm": {},
        "hold_extended": True,
    },
)
CANCELLATION = _answered(
    "Half is given back",
    {
        "refund": {"amount": "2250.00", "currency": "RUB"},
        "kept": {"amount": "2250.00", "currency": "RUB"},
        "rule": "half",
        "free_until": "2026-11-30T12:00:00+05:00",
    },
)
CANCELING = _asked("With a reason", {"reason": "health"})
CANCELED_APPOINTMENT = _answered(
    "A canceled appointment",
    {**_APPOINTMENT, "status": "canceled", "meeting_link": "", "refund": _PRICE},
)
RESCHEDULING = _asked("A new start", {"start": "2026-12-03T12:00:00+05:00"})
INTAKE_ANSWERS = _asked("A draft", {"answers": _INTAKE["answers"]})
INTAKE = _answered("A draft", _INTAKE)
SUBMITTED_INTAKE = _answered(
    "Submitted answers",
    {
        **_INTAKE,
        "status": "submitted",
        "answers": ["Тревога перед выступлениями.", "Понять, что с этим делать."],
        "submitted_at": "2026-11-22T09:15:00+00:00",
    },
)
JOINING = _asked(
    "A guest",
    {
        "service": "first-consultation",
        "name": "Мария",
        "preferred_contact": "email",
        "contact": "maria@example.ru",
        "window": "weekday_evening",
        "time_zone": "Europe/Moscow",
        "consents": [{"purpose": "personal_data", "version": "1.0"}],
    },
)
WAITLIST_REQUEST = _answered(
    "A request with an offer",
    {
        **_REQUEST,
        "status": "offered",
        "offer": {
            "appointment_id": _APPOINTMENT_ID,
            "start": "2026-12-01T15:00:00+00:00",
            "expires_at": "2026-11-22T09:30:00+00:00",
            "status": "offered",
        },
    },
)
JOINED = _answered(
    "A guest's request",
    {**_REQUEST, "guest_token": "9b8ZbJm1nC4v0Q2xY7sT5uW3aE6rK1pLqHdFgJkMnB4"},
    status="201",
)
CALENDAR = _answered(
    "A calendar file",
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n…\r\nEND:VCALENDAR\r\n",
    media_type="text/calendar",
)
